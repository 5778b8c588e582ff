// Lists that replace a spreadsheet, in the real window on the sample ledger: filter, save the filter, change many, copy, export.
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

const step = steps("lists", () => window);

/** Looks once nothing moves: what fades in or out would be half there. */
async function shot(name) {
  await until("画面停下来", () => window.run("return document.querySelector('[class*=-enter-active], [class*=-leave-active]') === null"));
  await window.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  await window.shot(name);
}

const noDialog = () => until("对话框关上", () => window.run("return [...document.querySelectorAll('.el-overlay')].every((overlay) => overlay.getClientRects().length === 0)"));
const text = (css) => window.run("return document.querySelector(arguments[0])?.textContent.trim() ?? ''", css);
const total = () => window.run("return Number((document.querySelector('[data-testid=list-count]')?.textContent ?? '').replace(/\\D/g, '') || -1)");
async function settled(what, fits) {
  let count;
  await until(what, async () => fits((count = await total())));
  return count;
}
const chosen = async () => Number(((await text("[data-testid=list-chosen]")).match(/\d+/) ?? [0])[0]);
const column = (key) => window.run("return [...document.querySelectorAll(`[data-column=${arguments[0]}]`)].map((cell) => cell.textContent.trim())", key);
/** A click or key with modifiers, as the page gets it. */
const shiftClick = (index) =>
  window.run("document.querySelector(`[aria-rowindex='${arguments[0]}']`).dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }))", index + 2);
const focusList = () => window.run("document.querySelector('[data-testid=list]').focus()");

let all;

step("a column is filtered by what stands in it, and the chip says so", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.shows("工作台");
  await window.clickText("农户", "nav a span");
  all = await settled("农户列表", (count) => count > 20);
  await shot("lists-01-households");
  await window.clickCss("[data-testid=funnel-hamlet]");
  await window.element("[data-testid=column-filter] .values");
  await shot("lists-02-values");
  const value = await window.run("return document.querySelector('[data-testid^=filter-value-]').dataset.testid");
  await window.clickCss(`[data-testid="${value}"]`);
  await window.clickCss("[data-testid=filter-apply]");
  await settled("筛过的农户", (count) => count > 0 && count < all);
  const hamlets = new Set(await column("hamlet"));
  assert.equal(hamlets.size, 1, [...hamlets].join());
  assert.equal(await text("[data-testid=chip-hamlet] .words"), `屯（组） 是 ${[...hamlets][0]}`);
  await shot("lists-03-chip");
});

step("by keyboard: Alt+↓ on a head opens its filter, Enter applies it, Escape leaves it", async () => {
  await window.run("document.querySelector('[data-testid=sort-head]').focus()");
  await window.press("Alt", "ArrowDown");
  await window.element("[data-testid=column-filter]");
  await window.clickCss("[data-testid=filter-mode-contains]");
  await window.type("[data-testid=filter-text]", "石");
  await shot("lists-04-contains");
  await window.press("Enter");
  await window.element("[data-testid=chip-head]");
  await until("姓石的户", async () => (await column("head")).every((name) => name.includes("石")));
  await window.press("Alt", "ArrowDown");
  await window.element("[data-testid=column-filter]");
  await window.press("Escape");
  await until("筛选关上", async () => (await window.all("[data-testid=column-filter]")).length === 0);
  await window.clickCss("[data-testid=chip-drop-head]");
  await until("只剩一个条件", async () => (await window.all("[data-testid=chip-head]")).length === 0);
});

step("the filter is saved under a name, renamed, and offered again when it was changed", async () => {
  await window.clickCss("[data-testid=saved-list-offer]");
  await window.type("[data-testid=saved-list-name]", "一个屯的户");
  await shot("lists-05-save");
  await window.clickCss("[data-testid=saved-list-keep]");
  await until("筛选已保存", async () => (await text("[data-testid=saved-lists] .name")) === "一个屯的户");
  await window.clickCss("[data-testid=sort-persons]");
  await window.clickCss("[data-testid=saved-lists]");
  await shot("lists-06-saved");
  await window.clickCss("[data-testid=saved-list-rename]");
  await window.type("[data-testid=saved-list-name]", "本屯");
  await window.press("Enter");
  await until("改了名", async () => (await text("[data-testid=saved-lists] .name")) === "本屯");
  await window.clickCss("[data-testid=saved-list-update]");
  await until("改动已保存", async () => !(await text("[data-testid=saved-lists]")).includes("已改动"));
});

step("the shipped filters are there; the one that the home page leads to is recognised", async () => {
  await window.clickCss("[data-testid=saved-lists]");
  await window.clickCss("[data-testid=saved-list-id_missing]");
  await window.element("[data-testid=chip-rule-id_missing]");
  await shot("lists-07-shipped");
  await window.clickText("工作台", "nav a span");
  await window.clickCss("[data-testid=task-all-not_visited]");
  await until("认出常用筛选", async () => (await text("[data-testid=saved-lists] .name")) === "未走访监测户");
  await shot("lists-08-from-home");
  await window.clickCss("[data-testid=saved-lists]");
  await window.clickCss("[data-testid=saved-list-all]");
  await settled("全部农户", (count) => count === all);
});

step("rows are chosen by stretches, keys and all at once", async () => {
  await focusList();
  await window.press("Home");
  await window.press("Space");
  assert.equal(await chosen(), 1);
  await shiftClick(4);
  await until("五行", async () => (await chosen()) === 5);
  await focusList();
  await window.press("Shift", "ArrowDown");
  await until("六行", async () => (await chosen()) === 6);
  await window.press("Control", "a");
  await until("全选", async () => (await chosen()) === all);
  await window.clickCss("[data-testid=list-chosen]");
  assert.equal(await chosen(), 0);
});

step("many records are changed after a look at what would happen, and taken back in one step", async () => {
  await focusList();
  await window.press("Home");
  await window.press("Space");
  await shiftClick(7);
  await until("八行", async () => (await chosen()) === 8);
  await window.clickCss("[data-testid=list-batch]");
  await window.element("[data-testid=batch-dialog]");
  await pickOption("batch-field", "帮扶单位");
  await window.type("[data-testid=batch-value-helper_unit]", "县茶产业服务中心");
  await shot("lists-09-batch");
  await window.clickCss("[data-testid=batch-preview]");
  await window.element("[data-testid=batch-outcome]");
  assert.match(await text("[data-testid=batch-outcome] .counts"), /将修改 8 条/);
  await shot("lists-10-batch-preview");
  await window.clickCss("[data-testid=batch-commit]");
  await until("改好了", async () => (await chosen()) === 0);
  await noDialog();
  await window.press("Control", "z");
  await window.shows("已撤销：批量修改农户");
});

step("what the rules refuse is listed with the reason, and the rest can be changed", async () => {
  await window.clickText("问题", "nav a span");
  await window.shows("新增问题");
  await settled("问题列表", (count) => count > 3);
  await focusList();
  await window.press("Control", "a");
  await until("全选", async () => (await chosen()) > 3);
  await window.clickCss("[data-testid=list-batch]");
  await pickOption("batch-field", "办理期限");
  await window.type("[data-testid=batch-value-due_on]", "2026-03-15");
  await window.press("Enter");
  await window.clickCss("[data-testid=batch-preview]");
  await window.element("[data-testid=batch-refusals]");
  await window.shows("不能早于提出日期");
  await shot("lists-11-refused");
  await window.clickCss("[data-testid=batch-cancel]");
  await noDialog();
});

step("chosen rows are copied as a table", async () => {
  await focusList();
  await window.press("Home");
  // The driver's web view has no clipboard to look into; what would be put there is caught on the way.
  await window.run("window.copied = null; navigator.clipboard.write = async ([item]) => { window.copied = await (await item.getType('text/plain')).text(); };");
  await window.press("Control", "c");
  await window.shows("可以粘贴到 WPS 或 Excel");
  const lines = (await window.run("return window.copied ?? ''")).trim().split("\r\n");
  assert.ok(lines.length > 4 && lines[0].includes("\t") && lines[0].includes("状态"), lines[0]);
});

step("what is seen is exported, beside the ledger, under a name of its own", async () => {
  await window.clickCss("[data-testid=list-more]");
  await shot("lists-12-more");
  await window.clickCss("[data-testid=list-more-export]");
  await window.element("[data-testid=list-export-dialog]");
  await shot("lists-13-export");
  await window.clickCss("[data-testid=list-export-run]");
  await window.element("[data-testid=list-export-done]");
  await shot("lists-14-exported");
  const name = await text("[data-testid=list-export-file]");
  assert.match(name, /^问题台账2026-06-30.*\.xlsx$/);
  assert.ok(existsSync(join(place.documents, "驻村记", name)), readdirSync(join(place.documents, "驻村记")).join());
  await window.clickCss("[data-testid=list-export-close]");
});

step("spans of days and amounts; columns and order stay in the saved filter", async () => {
  await window.clickText("补贴", "nav a span");
  await window.shows("新增申报");
  const before = await settled("申报列表", (count) => count > 60);
  await window.clickCss("[data-testid=funnel-amount_applied]");
  await window.type("[data-testid=filter-from]", "1,000元");
  await shot("lists-15-span");
  await window.clickCss("[data-testid=filter-apply]");
  await settled("一千元以上", (count) => count > 0 && count < before);
  assert.match(await text("[data-testid=chip-amount_applied] .words"), /不小于 1000/);
  await window.clickCss("[data-testid=funnel-applied_on]");
  await until("问从哪天起", () => window.run("return (document.querySelector('input[placeholder=\"从哪天起\"]')?.getClientRects().length ?? 0) > 0"));
  await shot("lists-16-days");
  await window.press("Escape");
  const shown = () => window.run("return [...document.querySelectorAll('[data-testid^=sort-]')].map((head) => head.dataset.testid.slice(5))");
  const usual = await shown();
  await window.clickCss("[data-testid=columns]");
  await window.clickCss("[data-testid=column-programme]");
  await shot("lists-17-columns");
  const fewer = usual.filter((key) => key !== "programme");
  assert.equal(fewer.length, usual.length - 1, usual.join());
  await until("少了一列", async () => (await shown()).join() === fewer.join());
  await window.press("Escape");
  await window.clickCss("[data-testid=sort-amount_applied]");
  await window.clickCss("[data-testid=saved-list-offer]");
  await window.type("[data-testid=saved-list-name]", "一千元以上");
  await window.clickCss("[data-testid=saved-list-keep]");
  await until("筛选已保存", async () => (await text("[data-testid=saved-lists] .name")) === "一千元以上");
  await window.clickCss("[data-testid=saved-lists]");
  await window.clickCss("[data-testid=saved-list-all]");
  await settled("全部申报", (count) => count === before);
  // Columns and order stay when nothing narrows the list any more; the user puts them back.
  assert.deepEqual(await shown(), fewer);
  await window.clickCss("[data-testid=columns]");
  await window.clickCss("[data-testid=column-programme]");
  await until("又有那一列", async () => (await shown()).join() === usual.join());
  await window.press("Escape");
  await window.clickCss("[data-testid=saved-lists]");
  await window.clickText("一千元以上", ".el-popper *");
  await until("列和顺序回来", async () => (await shown()).join() === fewer.join() && (await total()) < before);
  assert.notEqual(await window.run("return document.querySelector('[data-testid=sort-amount_applied]').closest('[aria-sort]')?.getAttribute('aria-sort') ?? 'none'"), "none");
});

/** Opens a select of the dialog and takes an option. */
async function pickOption(testid, option) {
  await until(`选择“${option}”`, async () => {
    if ((await window.all(`[data-testid^=batch-line-]`)).length > 0) return true;
    const open = await window.run("return document.querySelector(`[data-testid=${arguments[0]}] input`)?.getAttribute('aria-expanded') === 'true'", testid);
    if (!open) await window.clickCss(`[data-testid=${testid}] .el-select__wrapper`);
    await window.clickText(option, ".el-select-dropdown__item, .el-select-dropdown__item span");
    return (await window.all(`[data-testid^=batch-line-]`)).length > 0;
  });
}
