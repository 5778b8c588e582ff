// 数字核对, 签发, 核对 and 对比 through the real window, on the sample ledger.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
let window;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("audit", () => window);

const has = (css) => window.run("return document.querySelector(arguments[0]) !== null", css);
const text = (css) => window.run("return document.querySelector(arguments[0])?.innerText ?? ''", css);
const audited = () => until("核对完成", () => has("[data-testid=audit-panel][data-current=true]"));

/** Types over the whole paragraph that is being edited. */
async function rewrite(words) {
  const field = await window.element("[data-testid=runs-field]");
  await window.run("const [field] = arguments; field.focus(); getSelection().selectAllChildren(field);", { "element-6066-11e4-a52e-4f735466cecf": field });
  await window.press("Backspace");
  await window.call("POST", `element/${field}/value`, { text: words });
  await until("文字已输入", async () => (await text("[data-testid=runs-field]")).includes(words.slice(-6)));
}

/** Opens the paragraph of visits, wherever the pages were scrolled to. */
async function editVisits() {
  await window.clickText("（四）为民办事服务", "[data-testid=outline-entry]");
  await window.clickCss("[data-testid=mark-block][data-key='visits.overview']");
}

async function menu(item) {
  await window.clickCss("[data-testid=report-more]");
  await window.clickCss(`[data-testid=report-menu-${item}]`);
}

step("the sample's report is audited by itself: no error, one warning with its records", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.element("[data-testid=progress-report]");
  await window.clickText("报告");
  await window.element("[data-testid=mark-figure]");
  await window.clickCss("[data-testid=report-audit]");
  await audited();
  await window.element("[data-testid=finding-R10]");
  assert.ok(!(await has(".finding.is-error")));
  await window.shot("audit-01-sample");
  await window.clickCss("[data-testid=finding-records]");
  await window.element("[data-testid=finding-R10] [data-testid^='title-']");
  await window.clickCss("[data-testid=finding-R10] [data-testid^='title-']");
  await window.element("[data-testid=editor-activity]");
  await window.clickCss("[data-testid=record-back]");
});

step("a number typed by hand is underlined, offered its figure and linked", async () => {
  await window.clickCss("[data-testid=panel-close]");
  await editVisits();
  await rewrite("上半年走访农户58户，入户排查安全隐患95处，其中初中21处、小学98处，在××村召开座谈会。");
  await window.element("[data-testid=unlinked-link]");
  await until("数字有下划线", async () => (await window.all("[data-testid=unlinked-line]")).length >= 4);
  await window.shot("audit-02-unlinked");
  await window.clickCss("[data-testid=unlinked-link]");
  await until("数字已挂接", async () => (await has("[data-testid=runs-field] [data-figure='visits.households']")));
  await window.clickCss("[data-testid=block-save]");
  await window.element("[data-testid=block-restore]");
  await window.clickCss("[data-testid=panel-close]");
});

step("errors are found, shown at their place, and refuse the finalising", async () => {
  await window.clickCss("[data-testid=report-audit]");
  await audited();
  await window.element("[data-testid=finding-R7]");
  await window.element("[data-testid=finding-R2]");
  await window.clickCss("[data-testid=finding-R7] [data-testid=finding-jump]");
  await until("定位后闪烁", () => has(".mark.is-lit"));
  await window.shot("audit-03-errors");
  await menu("finalise");
  await window.element("[data-testid=finalise-errors]");
  assert.ok(await window.run("return document.querySelector('[data-testid=finalise-run]').disabled"));
  await window.shot("audit-04-finalise-refused");
  await window.clickCss("[data-testid=finalise-cancel]");
  await window.clickCss("[data-testid=report-export]");
  await window.element("[data-testid=export-audit]");
  await window.shot("audit-05-export-notice");
  await window.clickCss("[data-testid=export-cancel]");
});

step("a wrong number is mended by one click, and the mending can be undone", async () => {
  await window.clickCss("[data-testid=panel-close]");
  await editVisits();
  await rewrite("上半年走访农户60户。");
  await window.clickCss("[data-testid=block-save]");
  await window.element("[data-testid=block-restore]");
  await window.clickCss("[data-testid=report-audit]");
  await window.element("[data-testid=finding-R5]");
  await window.shot("audit-06-contradiction");
  await window.clickCss("[data-testid=finding-R5] [data-testid=finding-fix]");
  await until("已改正", async () => !(await has("[data-testid=finding-R5]")));
  await window.clickCss("[data-testid=undo]");
  await window.element("[data-testid=finding-R5]");
  await window.clickCss("[data-testid=finding-R5] [data-testid=finding-answer]");
  await window.type("[data-testid=finding-reason]", "含邻村两户");
  await window.clickCss("[data-testid=finding-keep]");
  await until("已核对", async () => !(await has("[data-testid=finding-R5]")));
  await window.clickCss("[data-testid=audit-show-answered]");
  await window.shows("已核对：含邻村两户");
  await window.shot("audit-07-answered");
});

step("finalised, the report is sealed: no block can be edited, and files carry its fingerprint", async () => {
  await menu("finalise");
  await window.element("[data-testid=finalise-warnings]");
  await window.clickCss("[data-testid=finalise-looked]");
  await window.shot("audit-08-finalise");
  await window.clickCss("[data-testid=finalise-run]");
  await window.element("[data-testid=report-seal]");
  await window.clickCss("[data-testid=panel-close]");
  await window.element("[data-testid=mark-figure]");
  assert.ok(!(await has("[data-testid=mark-block]")), "nothing can be rewritten");
  assert.ok(!(await has("[data-testid=report-settings]")));
  await window.shot("audit-09-sealed");
  await window.clickCss("[data-testid=report-export]");
  await window.clickCss("[data-testid=export-run]");
  await window.element("[data-testid=export-done]");
  await window.clickCss("[data-testid=export-close]");
  const files = readdirSync(join(place.documents, "驻村记")).filter((name) => name.endsWith(".docx"));
  assert.equal(files.length, 1);
});

step("a record changes; 核对 says which figures would differ, from what to what, and why", async () => {
  await menu("verify");
  await window.element("[data-testid=changes-none]");
  await window.clickCss("[data-testid=panel-close]");
  await window.clickText("走访", "nav a span");
  await window.clickCss("[data-testid=list-row]");
  await window.field("persons_met", "9");
  await window.save();
  await window.clickText("报告", "nav a span");
  await window.element("[data-testid=report-seal]");
  await menu("verify");
  await window.element("[data-testid='changed-visits.person_times']");
  await window.clickCss("[data-testid='changed-visits.person_times'] [data-testid=changed-why]");
  await window.shows("走访人次：");
  await window.shot("audit-10-verify");
  await window.clickCss("[data-testid=changed-record]");
  await window.element("[data-testid=editor-visit]");
  await window.clickCss("[data-testid=record-back]");
});

step("a revision starts from it, and the finalised one stays", async () => {
  await menu("revise");
  await until("修订稿打开了", async () => !(await has("[data-testid=report-seal]")));
  await window.element("[data-testid=mark-block]");
  await window.element("[data-testid=report-versions]");
  await menu("changes");
  await window.element("[data-testid=changes-panel]");
  await window.shot("audit-11-revision");
  await window.clickCss("[data-testid=panel-close]");
});

step("two half-years stand side by side, figures and text", async () => {
  await menu("compare");
  await window.element("[data-testid=compare-row]");
  await window.shot("audit-12-compare");
  const all = (await window.all("[data-testid=compare-row]")).length;
  await window.clickCss("[data-testid=compare-changed]");
  await until("只看变化", async () => (await window.all("[data-testid=compare-row]")).length < all);
  await window.clickCss("[data-testid=compare-text]");
  await window.element("[data-testid=compare-section]");
  await window.shot("audit-13-compare-text");
  await window.clickCss("[data-testid=compare-export]");
  await window.element("[data-testid=compare-export-run]");
  const folder = await text("[data-testid=compare-export-folder]");
  await window.shot("audit-14-compare-export");
  await window.clickCss("[data-testid=compare-export-run]");
  await window.element("[data-testid=compare-export-proof]");
  await window.shot("audit-15-compare-exported");
  assert.match(await text("[data-testid=compare-export-proof]"), /0 处未脱敏/);
  const written = join(folder, await text("[data-testid=compare-export-file]"));
  assert.match(written, /与.*对照\.xlsx$/);
  assert.ok(existsSync(written), written);
  await window.clickCss("[data-testid=compare-export-close]");
  await window.clickCss("[data-testid=compare-back]");
  await window.element("[data-testid=mark-figure]");
});
