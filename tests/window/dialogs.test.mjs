// The system's own dialogs and clipboard in the real window: a place for a new ledger, a workbook for the import, a folder for an
// export, a photo are chosen, and each dialog is left once; cells copied in a spreadsheet pasted onto a list with the keyboard.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { copyAsSheet, dialog, realKeys } from "./desktop.mjs";
import { makePlace, openWindow, ROOT, steps, until } from "./driver.mjs";

const place = makePlace();
// Keys for Latin letters are on every keyboard.
const sheets = join(place.folder, "sheets");
const photos = join(place.folder, "photos");
const ledgers = join(place.folder, "ledgers");
// Stays empty until then: GTK takes the first folder inside one that is confirmed twice.
const exports = join(place.folder, "exports");
let window;
let dropClipboard = () => undefined;

before(async () => {
  mkdirSync(sheets);
  mkdirSync(ledgers);
  mkdirSync(exports);
  copyFileSync(join(ROOT, "tests/fixtures/import/national.xlsx"), join(sheets, "national.xlsx"));
  mkdirSync(photos);
  copyFileSync(join(ROOT, "tests/fixtures/photos/progressive.jpg"), join(photos, "progressive.jpg"));
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  dropClipboard();
  await window.close();
  place.remove();
});

const step = steps("dialogs", () => window);
const text = (css) => window.run("return document.querySelector(arguments[0])?.textContent.trim() ?? ''", css);
const idle = () => until("导入停下来", () => window.run("return document.querySelector('[data-testid=import-busy]') === null"));

step("where a new ledger shall lie is chosen in the dialog; left, the place stays", async () => {
  await window.clickCss("[data-testid=start-new]");
  const before = await until("台账的位置", () => text("[data-testid=new-path]"));
  await window.clickCss("[data-testid=new-path-change]");
  await (await dialog("台账保存在")).cancel();
  assert.equal(await text("[data-testid=new-path]"), before);
  await window.clickCss("[data-testid=new-path-change]");
  await (await dialog("台账保存在")).choose(join(ledgers, "shimen"));
  await until("选好的位置", async () => (await text("[data-testid=new-path]")) === join(ledgers, "shimen.zcj"));
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-member-0]", "罗启明");
  await window.clickCss("[data-testid=new-plain]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("把表格带来");
  assert.ok(existsSync(join(ledgers, "shimen.zcj")), readdirSync(ledgers).join());
  await window.clickText("换一本台账");
});

step("a dialog for a workbook that is left changes nothing, and can be asked again", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.shows("工作台");
  await window.clickText("导入", "nav a span");
  await window.clickCss("[data-testid=import-choose]");
  await (await dialog("选择要导入的表格")).cancel();
  await window.shows("把表格拖到这里");
  assert.equal((await window.all(".el-message--error")).length, 0, "leaving is no failure");
});

step("a workbook chosen in the dialog is opened", async () => {
  await window.clickCss("[data-testid=import-choose]");
  await (await dialog("选择要导入的表格")).choose(join(sheets, "national.xlsx"));
  await window.shows("22 行数据");
  await idle();
  await window.shot("dialogs-01-chosen");
});

step("an export goes into the folder that was chosen, after a dialog that was left kept the one before", async () => {
  await window.clickText("问题", "nav a span");
  await window.shows("新增问题");
  await window.clickCss("[data-testid=list-more]");
  await window.clickCss("[data-testid=list-more-export]");
  await window.element("[data-testid=list-export-dialog]");
  const folder = () => text("[data-testid=list-export-folder]");
  const before = await folder();
  assert.ok(before.endsWith("驻村记"), before);
  await window.clickCss("[data-testid=list-export-choose]");
  await (await dialog("导出到文件夹")).cancel();
  assert.equal(await folder(), before);
  await window.clickCss("[data-testid=list-export-choose]");
  await (await dialog("导出到文件夹")).choose(exports);
  await until("选好的文件夹", async () => (await folder()) === exports);
  await window.clickCss("[data-testid=list-export-run]");
  await window.element("[data-testid=list-export-done]");
  const name = await text("[data-testid=list-export-file]");
  assert.ok(existsSync(join(exports, name)), readdirSync(exports).join());
  await window.clickCss("[data-testid=list-export-close]");
});

step("a photo chosen in the dialog lies beside its visit; a dialog that was left brings none", async () => {
  await window.clickText("走访", "nav a span");
  await window.clickCss("[data-testid=list-row]");
  await window.element("[data-testid=photo-hint]");
  const tiles = () => window.run("return document.querySelectorAll('[data-testid=photo-tile]').length");
  const before = await tiles();
  await window.clickCss("[data-testid=photo-choose]");
  await (await dialog("选择照片")).cancel();
  assert.equal(await tiles(), before);
  await window.clickCss("[data-testid=photo-choose]");
  await (await dialog("选择照片")).choose(join(photos, "progressive.jpg"));
  await until("照片已加入", async () => (await tiles()) === before + 1);
  await window.shot("dialogs-03-photo");
  await window.press("Escape");
});

step("cells copied in a spreadsheet are pasted onto a list with Ctrl+V, looked at, and become records", async () => {
  await window.clickText("走访", "nav a span");
  await window.shows("新增走访");
  const count = () => window.run("return Number((document.querySelector('[data-testid=list-count]')?.textContent ?? '').replace(/\\D/g, '') || -1)");
  let before;
  await until("走访列表", async () => (before = await count()) > 10);
  dropClipboard = await copyAsSheet([
    ["日期", "户主", "方式", "走访内容"],
    ["2026-06-11", "石老三", "入户", "看望老人<b>，送药"],
    ["2026-06-12", "石老三", "电话", "核对收入"],
  ]);
  await window.run("document.querySelector('[data-testid=list]').focus()");
  await realKeys("ctrl+v");
  await window.shows("2 行数据");
  await idle();
  await window.clickCss("[data-testid=import-preview]");
  await window.element("[data-testid=import-commit]");
  await idle();
  await window.shot("dialogs-02-pasted");
  await window.clickCss("[data-testid=import-commit]");
  await window.element("[data-testid=import-done]");
  await window.shows("新增 2 行");
  await window.clickText("走访", "nav a span");
  await until("多了两次走访", async () => (await count()) === before + 2);
  await window.shows("看望老人<b>，送药");
});
