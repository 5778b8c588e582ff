// The main job in the real window: a half-year typed in by hand becomes a finished report.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
const ledgers = join(place.documents, "驻村记");
let window;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

/** The steps build on each other: after one that failed the rest would only wait for what never comes. */
const step = steps("main-job", () => window);

const count = () => window.run("return document.querySelector('[data-testid=list-count]')?.textContent ?? ''");
const rows = (text) => until(`列表有${text}`, async () => (await count()).includes(text));

step("first start: one page makes the ledger in the documents folder, and says where", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("请填写");
  await window.type("[data-testid=new-team] input", "云岭乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "云岭乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-hamlets-0]", "上屯、下屯", "下屯");
  await window.type("[data-testid=new-member-0]", "韦明");
  await window.shot("01-new-ledger");
  const path = await window.run("return document.querySelector('[data-testid=new-path]').textContent.trim()");
  assert.ok(path.startsWith(ledgers), path);
  await window.clickCss("[data-testid=new-plain]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("工作台");
  assert.ok(existsSync(path), "the ledger lies where the page said");
  await window.shot("02-home-empty");
});

step("a household is refused without its head's name, keeps what was typed, and is stored when it is right", async () => {
  await window.clickText("农户");
  await window.clickCss("[data-testid=record-new]");
  await window.field("address", "上屯3号");
  await window.clickCss("[data-testid=record-save]");
  await window.element("[data-testid='finding-members.0.name']");
  await window.shot("03-household-refused");
  await window.field("members.0.name", "石老三");
  await window.choose("types.0.code", "脱贫户");
  await window.clickCss("[data-testid=record-save]");
  await window.element("[data-testid=reason-dialog]");
  await window.shot("03-household-reason");
  await window.type("[data-testid=reason-0]", "脱贫年度待核实");
  await window.clickCss("[data-testid=reason-keep]");
  await window.stored();
  await rows("1 条");
  assert.ok((await window.pageText()).includes("石老三"));
});

step("a visit with a problem raises an issue", async () => {
  await window.clickCss("[data-testid=household-new-visit]");
  await window.shows("新增走访");
  await window.field("content", "入户查看住房，屋顶漏雨。");
  await window.field("problem", "屋顶漏雨，雨天不能住人");
  await window.shot("04-visit");
  await window.save();
  await window.clickText("问题");
  await rows("1 条");
  await window.shows("屋顶漏雨");
  await window.shot("05-issues");
});

step("an application, a project and an activity are typed in", async () => {
  await window.clickText("补贴");
  await window.clickCss("[data-testid=record-new]");
  await window.choose("programme_id", "危房改造", "危房");
  await window.choose("household_id", "石老三", "石老三");
  await window.clickCss("[data-testid=step-3]");
  await window.field("amount_applied", "12000");
  await window.field("applied_on", "2026-05-08");
  await window.press("Tab");
  await window.shot("06-application");
  await window.save();

  await window.clickText("项目");
  await window.clickCss("[data-testid=record-new]");
  await window.field("name", "上屯护栏工程");
  await window.choose("category", "基础设施");
  await window.field("budget", "4.2");
  await window.clickCss("[data-testid=add-funds]");
  await window.choose("funds.0.source", "第一书记经费");
  await window.field("funds.0.amount", "4.2");
  await window.shot("07-project");
  await window.save();

  await window.clickText("工作纪实");
  await window.clickCss("[data-testid=record-new]");
  await window.choose("type_code", "培训");
  await window.field("title", "茶叶加工技术培训");
  await window.shot("08-activity");
  await window.save();
});

step("any edit can be undone and done again, and a deleted record comes back from the bin", async () => {
  await rows("1 条");
  await window.clickCss("[data-testid=undo]");
  await rows("0 条");
  await window.clickCss("[data-testid=redo]");
  await rows("1 条");
  await window.press("Escape");
  await window.run("document.activeElement?.blur()");
  await window.press("Control", "z");
  await rows("0 条");
  await window.press("Control", "y");
  await rows("1 条");

  await window.clickCss("[data-testid=list-row]");
  await window.clickCss("[data-testid=record-remove]");
  await window.clickText("移入回收站", "button");
  await rows("0 条");
  await window.clickText("设置");
  await window.clickText("回收站");
  await window.shows("茶叶加工技术培训");
  await window.clickCss("[data-testid=bin-row] td:nth-child(3)");
  await window.clickCss("[data-testid=bin-restore]");
  await window.element("[data-testid=bin-empty]");
  await window.clickText("工作纪实");
  await rows("1 条");
});

step("a record's history says what was changed, and by whom", async () => {
  await window.clickCss("[data-testid=list-row]");
  await window.field("title", "茶叶加工与管护培训");
  await window.save();
  await window.clickText("修改记录", "label, span");
  const history = () => window.run("return document.querySelector('[data-testid=history]')?.innerText ?? ''");
  await until("修改记录", async () => /修改工作纪实\s+韦明[\s\S]*茶叶加工技术培训\s*→\s*茶叶加工与管护培训/.test(await history()));
  await window.shot("08-history");
});

step("the report shows the pages, and a figure opens the records behind it", async () => {
  await window.clickText("报告");
  await window.element("[data-testid=mark-figure][data-key='visits.households']");
  await window.shot("09-report");
  await window.clickCss("[data-testid=mark-figure][data-key='visits.household_times']");
  await until("数字来源", async () => (await window.run("return document.querySelector('[data-testid=figure-value]')?.textContent")) === "1户次");
  await window.shot("10-figure");
  await window.clickCss("[data-testid=figure-panel] [data-testid^='title-']");
  await window.element("[data-testid=editor-visit]");
  await window.shot("11-record-behind-figure");
  await window.clickCss("[data-testid=record-back]");
  await window.clickCss("[data-testid=panel-close]");
});

step("a paragraph is edited, and its figure stays a figure", async () => {
  await window.clickCss("[data-testid=mark-block][data-key='visits.overview']");
  const field = await window.element("[data-testid=runs-field]");
  await window.run(
    "const [field] = arguments; field.focus(); const range = document.createRange(); range.selectNodeContents(field); range.collapse(false); const s = getSelection(); s.removeAllRanges(); s.addRange(range);",
    { "element-6066-11e4-a52e-4f735466cecf": field },
  );
  await window.call("POST", `element/${field}/value`, { text: "群众反映良好。" });
  await window.shot("12-paragraph");
  await window.clickCss("[data-testid=block-save]");
  await window.shows("报告");
  await window.element("[data-testid=mark-figure][data-key='visits.households']");
});

step("the report is exported as DOCX, PDF and XLSX, and a file in the way is asked about", async () => {
  await window.clickCss("[data-testid=report-export]");
  await window.element("[data-testid=export-dialog]");
  await window.run("for (const box of document.querySelectorAll('[data-testid^=format-] input')) if (!box.checked) box.click()");
  await window.shot("13-export");
  await window.clickCss("[data-testid=export-run]");
  await window.element("[data-testid=export-done]");
  await window.shot("14-exported");
  const files = readdirSync(ledgers).filter((name) => /\.(docx|pdf|xlsx)$/.test(name));
  assert.equal(files.length, 3, files.join());
  const pdf = readFileSync(join(ledgers, files.find((name) => name.endsWith(".pdf"))));
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  await window.clickCss("[data-testid=export-close]");

  await window.clickCss("[data-testid=report-export]");
  await window.clickCss("[data-testid=export-run]");
  await window.element("[data-testid=export-failure]");
  await window.shot("15-export-exists");
  await window.clickCss("[data-testid=export-rename]");
  await window.element("[data-testid=export-done]");
  assert.equal(readdirSync(ledgers).filter((name) => name.includes("（2）")).length, 3);
  await window.clickCss("[data-testid=export-close]");
});

step("what was typed survives a killed program", async () => {
  await window.clickText("走访");
  await window.clickCss("[data-testid=record-new]");
  await window.field("content", "还没有写完的一条");
  const ledger = `${ledgers}/云岭乡石门村驻村工作队台账.zcj`;
  const stored = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('draft_all').then((all) => done(JSON.stringify(all)), () => done(''))";
  await until("草稿已保存", async () => (await window.call("POST", "execute/async", { script: stored, args: [] })).includes("还没有写完的一条"));
  window.stop();
  window = await openWindow(place);
  await window.size(1366, 768);
  assert.ok(existsSync(ledger), readdirSync(ledgers).join());
  await window.clickCss("[data-testid=recent-0]");
  await window.clickText("走访");
  await window.clickCss("[data-testid=record-new]");
  await window.element("[data-testid=draft-offer]");
  await window.shot("16-draft-offered");
  await window.clickCss("[data-testid=draft-resume]");
  await until("草稿回来了", () => window.run("return document.querySelector('[data-testid=field-content] textarea')?.value === '还没有写完的一条'"));
});

step("a second window on the same ledger is told so", async () => {
  const second = await openWindow(place);
  try {
    await second.clickCss("[data-testid=recent-0]");
    await second.shows("正在另一个窗口或程序中使用");
    await second.shot("17-second-window");
  } finally {
    await second.close();
  }
});
