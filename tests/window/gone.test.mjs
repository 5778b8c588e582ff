// What can be gone back to and what is gone for good, through the real window: a record's earlier state, the recycle bin emptied,
// a person's data erased; and what is kept of it: the log of exports, and diagnostics that tell of nobody.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
let window;
let ledger;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("gone", () => window);

const count = () => window.run("return document.querySelector('[data-testid=list-count]')?.textContent ?? ''");
const rows = (text) => until(`列表有${text}`, async () => (await count()).includes(text));
const value = (path) => window.run("return document.querySelector(`[data-testid='field-${arguments[0]}'] input, [data-testid='field-${arguments[0]}'] textarea`)?.value", path);
const invoke = (command, args = {}) => window.run("return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])", command, args);
const confirmed = (verb) => window.clickText(verb, ".el-message-box button, .el-message-box button span");
/** Whether a text stands in the ledger or in what lies open beside it; copies are told of, not touched. */
const onDisk = (text) => readdirSync(dirname(ledger)).filter((name) => name.includes(".zcj")).some((name) => readFileSync(join(dirname(ledger), name)).includes(text));

step("a record goes back to an earlier state, and that can be undone", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-member-0]", "罗启明");
  await window.clickCss("[data-testid=new-plain]");
  ledger = await window.run("return document.querySelector('[data-testid=new-path]').textContent.trim()");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("工作台");
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=record-new]");
  await window.clickCss('[data-testid="open-members.0"]');
  await window.field("members.0.name", "石老三");
  await window.field("address", "上屯3号");
  await window.save();
  await window.field("address", "下屯9号");
  await window.save();
  await window.clickCss("[data-testid=record-history]");
  await window.element("[data-testid=history-back-1]");
  await window.picture("gone-1-history");
  await window.clickCss("[data-testid=history-back-1]");
  await confirmed("恢复成这样");
  await window.clickText("内容", "label, span");
  await until("改回来了", async () => (await value("address")) === "上屯3号");
  await window.clickCss("[data-testid=undo]");
  await until("又撤销了", async () => (await value("address")) === "下屯9号");
});

step("a person's data goes from record, history, search and file; the household stays, and what else names him is told", async () => {
  const draft = await invoke("record_blank", { kind: "issue" });
  await invoke("record_save", { request: { kind: "issue", id: null, version: null, draft: { ...draft, title: "石老三家屋顶漏雨" }, keep: [] } });
  assert.ok(onDisk("石老三"), "it is there before");
  await window.clickCss("[data-testid=erase-open]:not([disabled])");
  await window.clickCss("[data-testid=erase-member]");
  await window.picture("gone-2-erase");
  await window.clickCss("[data-testid=erase-confirm]:not([disabled])");
  await window.element("[data-testid=erase-done]");
  await window.shows("石老三家屋顶漏雨");
  await window.picture("gone-3-erased");
  await window.clickText("问题：石老三家屋顶漏雨", "a");
  await window.field("title", "一户屋顶漏雨");
  await window.save();
  await window.clickCss("[data-testid=nav-households]");
  await rows("1 条");
  await window.shows("（已删除）");
  assert.equal((await invoke("search", { query: "石老三", kind: null, offset: 0 })).groups.length, 0, "the search finds him no more");
  const [{ id }] = (await invoke("record_list", { kind: "household", query: { text: "", filters: {}, sort: null, offset: 0, limit: 1 } })).rows;
  const history = JSON.stringify(await invoke("record_history", { kind: "household", id }));
  assert.ok(history.includes("删除个人信息") && !history.includes("石老三"), "that it was done is on record, of whom is not");
});

step("the recycle bin is emptied for good, and the file holds the record no more", async () => {
  await window.clickCss("[data-testid=nav-issues]");
  await window.clickText("一户屋顶漏雨", "td, div, span");
  await window.clickCss("[data-testid=record-remove]");
  await confirmed("移入回收站");
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-bin]");
  await window.clickCss("[data-testid=bin-row] td:nth-child(3)");
  await window.clickCss("[data-testid=bin-purge]:not([disabled])");
  await window.picture("gone-4-purge");
  await confirmed("彻底删除");
  await window.element("[data-testid=bin-empty]");
  assert.equal((await invoke("undo_state")).undo, null, "nothing reaches back over it");
  for (const text of ["屋顶漏雨", "石老三"]) assert.ok(!onDisk(text), `the file still holds “${text}”`);
});

step("a list that was exported is in the log, with who and how masked", async () => {
  await window.clickCss("[data-testid=settings-exports]");
  await window.element("[data-testid=exports-empty]");
  const sheet = { title: "农户", notes: [], columns: [{ key: "head", heading: "户主", format: "text", names: {} }] };
  const query = { text: "", filters: {}, sort: null, offset: 0, limit: 0 };
  await invoke("list_export", { kind: "household", query, sheet, folder: place.documents });
  await window.clickCss("[data-testid=settings-bin]");
  await window.clickCss("[data-testid=settings-exports]");
  const row = await until("登记了", () => window.run("return document.querySelector('[data-testid=export-row]')?.textContent ?? ''"));
  for (const word of ["罗启明", "列表", "农户", "号码遮住", "XLSX"]) assert.ok(row.includes(word), `“${word}” in ${row}`);
  await window.picture("gone-5-exports");
});

step("the diagnostics tell of the ledger and of nobody", async () => {
  await window.clickCss("[data-testid=settings-help]");
  const text = await until("诊断信息", async () => {
    const found = await window.run("return document.querySelector('[data-testid=diagnostics]')?.textContent ?? ''");
    return found.includes("文件检查：完好") ? found : null;
  });
  await window.picture("gone-6-help");
  for (const word of ["石门", "青坪", "罗启明", "zcj", "/"]) assert.ok(!text.includes(word), `“${word}” in ${text}`);
});

step("the ledger is checked, and what a cut-off restore left is cleared away", async () => {
  const result = (text) =>
    until(`检查结果有“${text}”`, async () => {
      const found = await window.run("return document.querySelector('[data-testid=check-result]')?.textContent ?? ''");
      return found.includes(text) ? found : null;
    });
  await window.clickCss("[data-testid=check-run]");
  assert.match(await result("台账完好"), /已检查 \d+ 条记录/);
  const leftOver = `${ledger}.restored`;
  writeFileSync(leftOver, "");
  await window.clickCss("[data-testid=check-run]");
  await result("中断的备份或恢复留下的文件");
  await window.picture("gone-7-check");
  await window.clickCss("[data-testid=check-mend]");
  const mended = await result("已修复");
  assert.ok(mended.includes("台账完好") && !existsSync(leftOver), mended);
  await window.picture("gone-8-mended");
});
