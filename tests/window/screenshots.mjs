// Takes the README's screenshots from the sample ledger in the real window: see scripts/screenshots.
import { makePlace, openWindow } from "./driver.mjs";

const place = makePlace();
const window = await openWindow(place);
try {
  await window.size(1366, 768);
  await window.clickCss("[data-testid=start-sample]");
  await window.element("[data-testid=progress-report]");
  await window.shot("home");
  await window.clickText("走访");
  await window.clickCss("[data-testid=list-row]");
  await window.element("[data-testid=record-history]");
  await window.shot("visits");
  await window.press("Escape");
  for (const [name, file] of [["农户", "households"], ["补贴", "applications"], ["项目", "projects"], ["工作纪实", "activities"], ["问题", "issues"]]) {
    await window.clickText(name);
    await window.clickCss("[data-testid=list-row]");
    await window.element("[data-testid=record-history]");
    await window.shot(file);
    await window.press("Escape");
  }
  await window.clickText("设置");
  for (const tab of ["队员", "后盾单位", "考勤", "村与屯", "补贴项目", "分类字典", "下步计划", "回收站"]) {
    await window.clickText(tab);
    await window.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    await window.shot(`settings-${tab}`);
  }
  await window.clickText("报告");
  await window.element("[data-testid=mark-figure]");
  // The page on which the visits are told.
  await window.run("const desk = document.querySelector('[data-testid=desk]'); desk.scrollTop = desk.scrollHeight * 0.24");
  await window.clickCss("[data-testid=mark-figure][data-key='visits.household_times']");
  await window.element("[data-testid=figure-value]");
  await window.element("[data-testid=figure-panel] [data-testid^='title-']");
  await window.shot("report");
} finally {
  await window.close();
  place.remove();
}
