// The township's own form through the real window: added, understood, filled, masked and proved; the review copy of the report.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, ROOT, steps, until } from "./driver.mjs";

const place = makePlace();
const folder = place.documents;
let window;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("forms", () => window);

/** Drops a file of the fixtures onto an element, as the file manager would. */
async function drop(css, name, path = join(ROOT, "tests/fixtures/forms", name)) {
  const content = readFileSync(path).toString("base64");
  await window.element(css);
  await window.run(
    `const [css, name, content] = arguments;
     const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
     const transfer = new DataTransfer();
     transfer.items.add(new File([bytes], name));
     document.querySelector(css).dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));`,
    css,
    name,
    content,
  );
}

const text = (css) => window.run("return document.querySelector(arguments[0])?.textContent.trim() ?? ''", css);
const exported = () => readdirSync(folder, { recursive: true }).map(String);

step("the export dialog leads to the township's own forms", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.clickText("报告", "nav a span");
  await window.element("[data-testid=report-export]:not([disabled])");
  await window.clickCss("[data-testid=report-export]");
  await window.element("[data-testid=export-dialog]");
  await window.shot("forms-01-export-dialog");
  await window.clickCss("[data-testid=export-own-form]");
  await window.shows("还没有添加表");
  await window.shot("forms-02-none");
});

step("what is no form is named, with what to do", async () => {
  await drop("[data-testid=forms-drop]", "make.py");
  await window.shows("请选乡镇发的 .docx 或 .xlsx 表");
});

step("a Word form shows every placeholder with today's value; a figure opens its records", async () => {
  await drop("[data-testid=forms-drop]", "半年情况表.docx");
  await window.element("[data-testid=form-uses]");
  assert.match(await text("[data-testid=form-clean]"), /都认出来了/);
  assert.match(await text("[data-testid=form-uses]"), /走访户次.*183/s);
  await window.shot("forms-03-word");
  await window.clickCss("[data-testid=form-uses] .figure");
  await window.element("[data-testid=figure-panel]");
  await window.shows("依据的记录");
  await window.shot("forms-04-figure");
  await window.clickCss("[data-testid=panel-close]");
});

step("filled, it lies in the folder, and the file was read again: nothing unmasked", async () => {
  await window.clickCss("[data-testid=form-fill]");
  await window.element("[data-testid=form-done]");
  assert.equal(await text("[data-testid=form-proof]"), "已复核导出的文件：0 处未脱敏");
  await window.shot("forms-05-filled");
  assert.ok(exported().some((file) => file.endsWith("半年情况表（2026年上半年）.docx")), exported().join());
  await window.clickCss("[data-testid=form-again]");
  await window.clickCss("[data-testid=form-fill]");
  await window.shows("已有同名文件");
  await window.clickCss("[data-testid=form-rename]");
  await window.element("[data-testid=form-done]");
});

step("unmasked is a deliberate choice", async () => {
  await window.clickCss("[data-testid=form-masking] .el-select__wrapper");
  await window.clickText("内部使用", ".el-select-dropdown__item, .el-select-dropdown__item span");
  await window.element("[data-testid=form-fill]");
  await window.clickCss("[data-testid=form-fill]");
  await window.shows("“内部”不脱敏");
  await window.shot("forms-06-unmasked");
  await window.clickText("取消", ".foot button, .foot button span");
});

step("unknown placeholders are told with their place and what may be meant", async () => {
  await drop("[data-testid=forms-drop]", "有误的表.docx");
  await window.element("[data-testid=form-findings]");
  assert.match(await text("[data-testid=form-findings]"), /第1段.*走访户此.*走访户次/s);
  await window.shot("forms-07-findings");
  assert.ok(await window.run("return document.querySelector('[data-testid=form-fill]') === null"), "only on request");
  await window.clickCss("[data-testid=form-fill-anyway]");
  await window.element("[data-testid=form-done]");
});

step("an Excel form, the overview and a starter form", async () => {
  await drop("[data-testid=forms-drop]", "走访登记表.xlsx");
  await window.element("[data-testid=form-uses]");
  await window.shows("走访登记表");
  await window.clickCss("[data-testid=form-fill]");
  await window.element("[data-testid=form-done]");
  await window.clickCss("[data-testid=forms-overview]");
  await window.type("[data-testid=placeholder-search]", "走访户");
  await until("走访户次", async () => (await text("[data-testid=placeholder-list]")).includes("183户次"));
  await window.shot("forms-08-overview");
  await window.clickCss("[data-testid=starter-docx]");
  await window.element("[data-testid=starter-saved]");
  assert.ok(exported().some((file) => file.includes("起步表")), exported().join());
});

step("the review copy: every figure numbered, in Word and PDF", async () => {
  await window.clickCss("[data-testid=forms-back]");
  await window.element("[data-testid=report-export]:not([disabled])");
  await window.clickCss("[data-testid=report-export]");
  await window.clickCss("[data-testid=export-review]");
  await window.clickCss("[data-testid=export-run]");
  await window.element("[data-testid=export-done]");
  assert.equal(await text("[data-testid=export-proof]"), "已复核导出的文件：0 处未脱敏");
  await window.shot("forms-09-review");
  const names = exported();
  assert.ok(names.some((file) => file.includes("核对稿") && file.endsWith(".pdf")), names.join());
  assert.ok(!names.some((file) => file.includes("核对稿") && file.endsWith(".xlsx")));
  assert.ok(existsSync(folder));
});
