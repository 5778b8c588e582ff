// 一句话记录 in the real window: a line is understood while it is typed, opens the filled form, and nothing is saved without a look.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
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

const step = steps("quick", () => window);

/** Puts households into the ledger through the commands that the pages use: hamlet, head, others. */
const addHouseholds = (households) =>
  window.run(
    `const [households] = arguments;
     const { invoke } = globalThis.__TAURI_INTERNALS__;
     return (async () => {
       for (const [hamlet, head, ...others] of households) {
         const draft = await invoke("record_blank", { kind: "household" });
         draft.hamlet = hamlet;
         draft.members[0].name = head;
         for (const name of others) draft.members.push({ ...draft.members[0], name, relation: "daughter" });
         await invoke("record_save", { request: { kind: "household", id: null, version: null, draft, keep: [] } });
       }
       return true;
     })();`,
    households,
  );

const total = (kind) =>
  window.run(
    `return globalThis.__TAURI_INTERNALS__.invoke("record_list", { kind: arguments[0], query: { text: "", filters: {}, sort: null, offset: 0, limit: 1 } }).then((page) => page.total)`,
    kind,
  );

/** A picture of what is painted by now, not of what was. */
async function look(name) {
  await window.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
  await window.shot(name);
}

const INPUT = "[data-testid=quick-input]";
const line = () => window.run("return document.querySelector('[data-testid=quick] input')?.value ?? null");
const chips = () => window.run("return [...document.querySelectorAll('[data-testid=quick-pieces] .piece')].map((chip) => chip.innerText.replace(/\\s+/g, ' ').trim())");
const chip = (text) => until(`看懂“${text}”`, async () => (await chips()).some((each) => each.includes(text)));
const marked = () => window.run("return [...document.querySelectorAll('.field.is-marked')].map((field) => field.dataset.path)");
const value = (path) => window.run("const [path] = arguments; const field = document.querySelector(`[data-testid='field-${path}']`); return field?.querySelector('input, textarea')?.value ?? ''", path);
const text = (path) => window.run("return document.querySelector(`[data-testid='field-${arguments[0]}']`)?.innerText ?? ''", path);
const overlay = () => window.run("return document.querySelector('[data-testid=quick-overlay]')?.getClientRects().length > 0");
const focused = (css) => until(`${css} 有焦点`, () => window.run("return document.activeElement?.matches(arguments[0]) === true", css));

step("a new ledger without households says why names are not known", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-hamlets-0]", "上屯、木楼屯", "木楼屯");
  await window.type("[data-testid=new-member-0]", "罗启明");
  await window.clickCss("[data-testid=new-plain]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("在哪一页都可以按 Ctrl+J");
  await look("quick-01-home");
  await window.type(INPUT, "今天走访石老三");
  await window.element("[data-testid=quick-no-people]");
  await look("quick-02-no-people");
});

step("the issue's visit: what is understood stands below the line while it is typed", async () => {
  await addHouseholds([
    ["木楼屯", "石老三"],
    ["木楼屯", "潘七"],
    ["上屯", "韦大勇", "韦小妹"],
    ["上屯", "韦建国"],
    ["木楼屯", "韦建国"],
  ]);
  await window.type(INPUT, "昨天上午和村支书面对面走访石老三、潘七，宣传防火，石老三家屋顶漏雨");
  for (const part of ["2026-06-19", "石老三", "潘七", "面对面", "村支书", "防火安全宣传", "石老三家屋顶漏雨"]) await chip(part);
  await look("quick-03-understood");
});

step("Enter opens the filled form with what was understood marked; nothing is saved until 保存", async () => {
  await window.press("Enter");
  await window.element("[data-testid=record-origin]");
  assert.equal(await value("day"), "2026-06-19");
  await until("走访户", async () => /石老三/.test(await text("household_ids")) && /潘七/.test(await text("household_ids")));
  assert.match(await text("other_visitors"), /村支书/);
  assert.equal(await value("content"), "宣传防火，石老三家屋顶漏雨");
  assert.equal(await value("problem"), "石老三家屋顶漏雨");
  const fields = await marked();
  for (const field of ["household_ids", "day", "mode", "other_visitors", "purposes", "content", "housing", "problem"]) assert.ok(fields.includes(field), `${field} is marked: ${fields}`);
  assert.ok(!fields.includes("gift"), "what the line does not say is not marked");
  await look("quick-04-form");
  assert.equal(await total("visit"), 0);
  await window.run("document.querySelector('[data-testid=field-problem]').scrollIntoView()");
  await look("quick-05-form-below");
  await window.field("content", "宣传防火，核对过");
  await until("改过的格子不再标记", async () => !(await marked()).includes("content"));
});

step("leaving without saving keeps the line; saving uses it up", async () => {
  await window.clickCss("[data-testid=record-discard]");
  await window.clickCss("[data-testid=nav-home]");
  assert.match(await line(), /^昨天上午/);
  assert.equal(await total("visit"), 0);
  await window.clickCss(INPUT + " input, " + INPUT);
  await chip("面对面");
  await window.press("Enter");
  await window.element("[data-testid=record-origin]");
  await window.save();
  assert.equal(await total("visit"), 1);
  assert.equal(await total("issue"), 1, "the problem became an issue");
  await window.clickCss("[data-testid=nav-home]");
  await until("一句话用掉了", async () => (await line()) === "");
});

step("Ctrl+J from another page: an activity with its counters", async () => {
  await window.clickCss("[data-testid=nav-households]");
  await window.element("[data-testid=list]");
  await window.press("Control", "j");
  await window.element("[data-testid=quick-overlay]");
  await focused("[data-testid=quick-overlay] input");
  await window.type(`[data-testid=quick-overlay] ${INPUT}`, "3月5日 培训 茶叶加工 35人次");
  await chip("35人次");
  await look("quick-06-overlay");
  await window.press("Enter");
  await window.element("[data-testid=editor-activity] [data-testid=record-origin]");
  await until("关上了", async () => !(await overlay()));
  assert.equal(await value("day"), "2026-03-05");
  assert.equal(await value("title"), "茶叶加工培训");
  assert.match(await text("type_code"), /培训/);
  await look("quick-07-activity");
  await window.save();
  assert.equal(await total("activity"), 1);
});

step("Esc leaves; what was typed is there the next time and on the home page", async () => {
  await window.press("Control", "j");
  await focused("[data-testid=quick-overlay] input");
  await window.type(`[data-testid=quick-overlay] ${INPUT}`, "雨露计划 韦小妹 春季 1500");
  await chip("1500元");
  await window.press("Escape");
  await until("关上了", async () => !(await overlay()));
  await window.clickCss("[data-testid=nav-home]");
  assert.equal(await line(), "雨露计划 韦小妹 春季 1500");
  await window.press("Control", "j");
  await focused("[data-testid=quick] input");
  assert.notEqual(await overlay(), true, "on the home page the key goes to its line");
});

step("an application: programme, person, term and amount", async () => {
  await chip("韦小妹");
  await window.press("Enter");
  await window.element("[data-testid=editor-application] [data-testid=record-origin]");
  await until("补贴项目", async () => /雨露计划/.test(await text("programme_id")));
  await until("申报人", async () => /韦小妹/.test(await text("member_id")));
  assert.match(await text("term"), /春季/);
  await look("quick-08-application");
  await window.save();
  assert.equal(await total("application"), 1);
});

step("the same name twice is asked, not guessed; the choice fills the form", async () => {
  await window.clickCss("[data-testid=quick-open]");
  await focused("[data-testid=quick-overlay] input");
  await window.type(`[data-testid=quick-overlay] ${INPUT}`, "今天电话走访韦建国，核对收入");
  await window.element("[data-testid='quick-choice-韦建国']");
  await look("quick-09-choice");
  await window.press("Enter");
  await window.shows("请先选是哪一位");
  await focused("[data-testid='quick-choice-韦建国'] .candidate");
  await window.press("Enter");
  await chip("韦建国");
  await focused("[data-testid=quick-overlay] input");
  await window.press("Enter");
  await window.element("[data-testid=editor-visit] [data-testid=record-origin]");
  await until("走访户", async () => /韦建国/.test(await text("household_ids")));
  await window.save();
  assert.equal(await total("visit"), 2);
});

step("a line that says no kind is asked for it, and its text is carried over", async () => {
  await window.press("Control", "j");
  await focused("[data-testid=quick-overlay] input");
  await window.type(`[data-testid=quick-overlay] ${INPUT}`, "茶叶加工厂设备到了");
  await window.shows("没看出要记什么");
  await look("quick-10-which-kind");
  await window.press("Enter");
  await focused("[data-testid=quick-kind-visit]");
  await window.clickCss("[data-testid=quick-kind-issue]");
  await window.element("[data-testid=editor-issue] [data-testid=record-origin]");
  assert.equal(await value("title"), "茶叶加工厂设备到了");
  await window.clickCss("[data-testid=record-close]");
  assert.equal(await total("issue"), 1, "nothing was saved");
});

step("a form that is open already is filled anew, and what was typed in it is offered", async () => {
  await window.clickCss("[data-testid=nav-home]");
  await window.type(INPUT, "走访石老三");
  await chip("石老三");
  await window.press("Enter");
  await window.element("[data-testid=record-origin]");
  await window.field("next_action", "下周再去");
  await window.press("Control", "j");
  await focused("[data-testid=quick-overlay] input");
  await window.type(`[data-testid=quick-overlay] ${INPUT}`, "走访潘七");
  await chip("潘七");
  await window.press("Enter");
  await window.element("[data-testid=draft-offer]");
  await window.clickCss("[data-testid=draft-discard]");
  await until("走访户", async () => /潘七/.test(await text("household_ids")) && !/石老三/.test(await text("household_ids")));
});
