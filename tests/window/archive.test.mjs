// 年度归档 through the real window: what there is to file is told, how long it is kept can be changed, and the folder holds
// the finalised report, the ledgers and their catalogue; another run keeps the first folder.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
let window;
let folder;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("archive", () => window);

const invoke = (command, args = {}) => window.run("return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])", command, args);
const textOf = (id) => window.run("return document.querySelector(`[data-testid=${arguments[0]}]`)?.textContent.trim() ?? ''", id);
const archives = () => readdirSync(folder).filter((name) => name.startsWith("归档-")).sort();

async function openDialog() {
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-backups]");
  await window.clickCss("[data-testid=archive]");
  await window.element("[data-testid=archive-count]");
}

step("what the year has to file is told, with drafts that stay out", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.shows("工作台");
  folder = dirname((await invoke("start_info")).open.path);
  const report = await invoke("report_open", { period: "2026H1", template: "work-team" });
  await invoke("report_finalise", { id: report.id });
  await invoke("report_open", { period: "2026H1", template: "township" });
  await openDialog();
  const told = await textOf("archive-count");
  assert.ok(told.includes("2026年有签发的报告1份") && told.includes("还有1份报告没有签发"), told);
  await window.picture("archive-before");
});

step("the folder holds the report, the ledgers and a catalogue with the classes that were chosen", async () => {
  await window.clickCss("[data-testid=archive-visits] .el-select__wrapper, [data-testid=archive-visits]");
  await window.clickText("永久", ".el-select-dropdown__item, .el-select-dropdown__item span");
  await window.type("[data-testid=archive-fonds]", "Z109");
  await window.clickCss("[data-testid=archive-run]");
  await window.element("[data-testid=archive-done]");
  await window.picture("archive-done");
  assert.deepEqual(archives(), ["归档-2026-青坪乡石门村驻村工作队"]);
  const made = join(folder, archives()[0]);
  assert.deepEqual(readdirSync(made).sort(), ["台账", "归档文件目录.pdf", "归档文件目录.xlsx", "报告"].sort());
  assert.equal(readdirSync(join(made, "台账")).length, 6);
  const [report] = readdirSync(join(made, "报告"));
  assert.match(report, /^2026-报告-001-.*工作总结\.pdf$/);
  assert.ok(readFileSync(join(made, "报告", report)).subarray(0, 4).equals(Buffer.from("%PDF")));
  assert.equal(readdirSync(folder).some((name) => name.startsWith(".zhucunji-")), false, "nothing half-written is left");
  await window.clickCss("[data-testid=archive-close]");
});

step("another run stands beside the first, and both are in the log of exports", async () => {
  await openDialog();
  await window.clickCss("[data-testid=archive-masking] .el-select__wrapper, [data-testid=archive-masking]");
  await window.clickText("内部（不脱敏）", ".el-select-dropdown__item, .el-select-dropdown__item span");
  await window.shows("归档文件夹要专人保管");
  await window.picture("archive-internal");
  await window.clickCss("[data-testid=archive-run]");
  await window.element("[data-testid=archive-done]");
  assert.equal(archives().length, 2);
  await window.clickCss("[data-testid=archive-close]");
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-exports]");
  await until("登记了两次归档", async () => (await window.all("[data-testid=export-row]")).length === 2);
  await window.shows("年度归档");
});
