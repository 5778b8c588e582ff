// Bring your Excel: a township's workbook through the real window, from the drop to the undo.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { copiesIn, makePlace, openWindow, ROOT, steps, until } from "./driver.mjs";

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

const step = steps("import", () => window);

/** Drops a file of the fixtures onto an element, as the file manager would. */
async function drop(css, name) {
  const content = readFileSync(join(ROOT, "tests/fixtures/import", name)).toString("base64");
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

/** Pastes cells onto the list on screen. */
const paste = (text) =>
  window.run(
    `const transfer = new DataTransfer();
     transfer.setData("text/plain", arguments[0]);
     document.querySelector("[data-testid=list]").dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));`,
    text,
  );

const number = (filter) => window.run("return Number(document.querySelector(`[data-testid=import-filter-${arguments[0]}] b`)?.textContent ?? -1)", filter);
const counts = async () => Promise.all(["all", "new", "changed", "unchanged", "error", "warning"].map(number));
const idle = () => until("导入停下来", () => window.run("return document.querySelector('[data-testid=import-busy]') === null"));

async function previewOf(name) {
  await drop("[data-testid=import-drop]", name);
  await window.element("[data-testid=import-preview]");
  await idle();
  await window.clickCss("[data-testid=import-preview]");
  await window.element("[data-testid=import-commit]");
  await idle();
}

step("a new ledger's home leads to the import, which says what it takes", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-member-0]", "罗启明");
  await window.clickCss("[data-testid=new-plain]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("把表格带来");
  await window.shot("import-01-home");
  await window.clickCss("[data-testid=step-household]");
  await window.shows("把表格拖到这里");
  await window.shot("import-02-source");
});

step("what is no table is named, and nothing else happens", async () => {
  await drop("[data-testid=import-drop]", "make.py");
  await window.shows("没看出这是什么表");
  await window.clickText("换一个文件");
  await window.shows("把表格拖到这里");
});

step("the national list: columns are guessed, shown and can be changed", async () => {
  await drop("[data-testid=import-drop]", "national.xlsx");
  await window.shows("与户主关系");
  await idle();
  await window.shot("import-03-mapping");
  await window.shows("22 行数据");
  const heading = await window.run("return [...document.querySelectorAll('.mapping tbody td:first-child')].map((cell) => cell.textContent.trim())");
  assert.ok(heading.some((text) => text.includes("证件号码")), heading.join());
});

step("the preview shows every row with what would come of it; the commit does that", async () => {
  await window.clickCss("[data-testid=import-preview]");
  await window.element("[data-testid=import-commit]");
  await idle();
  assert.deepEqual(await counts(), [22, 22, 0, 0, 0, 6]);
  await window.clickCss("[data-testid=import-row-4] .badge");
  await window.shot("import-04-preview");
  const wholeNumbers = () => window.run("return [...document.querySelectorAll('[data-testid=import-rows] td')].filter((cell) => /^\\d{17}[\\dX]$/.test(cell.textContent.trim())).length");
  assert.equal(await wholeNumbers(), 0, "numbers are covered");
  await window.clickCss("[data-testid=import-numbers]");
  await until("显示号码", async () => (await wholeNumbers()) > 10);
  await window.clickCss("[data-testid=import-numbers]");
  await until("遮住号码", async () => (await wholeNumbers()) === 0);
  await window.clickCss("[data-testid=import-commit]");
  await window.element("[data-testid=import-done]");
  await window.shows("新增 22 行");
  await window.shot("import-05-done");
  await window.clickCss("[data-testid=import-see]");
  await until("九户", () => window.run("return document.querySelector('[data-testid=list-count]')?.textContent.includes('9')"));
  await window.shot("import-06-households");
  assert.equal(copiesIn(place).filter((name) => name.includes("导入前")).length, 1, "the ledger was copied before the import");
});

step("the same file again changes nothing", async () => {
  await window.clickCss("[data-testid=list-import]");
  await previewOf("national.xlsx");
  assert.deepEqual(await counts(), [22, 0, 0, 22, 0, 0]);
  assert.ok(await window.run("return document.querySelector('[data-testid=import-commit]').disabled"), "there is nothing to import");
});

step("damaged ID numbers are refused, mended in place, and the rest comes back in the user's own workbook", async () => {
  await window.clickCss("[data-testid=import-back]");
  await window.clickText("换一个文件");
  await previewOf("damaged-ids.xlsx");
  assert.deepEqual(await counts(), [7, 3, 0, 0, 4, 0]);
  await window.clickCss("[data-testid=import-filter-error]");
  await window.clickCss("[data-testid=import-row-3] .badge");
  await window.shows("已被Excel改坏");
  await window.shot("import-07-errors");
  const cell = await window.run("return document.querySelector('[data-testid=import-row-3] td.is-hard')");
  await window.run("arguments[0].dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))", cell);
  await window.type("[data-testid=import-edit]", "990101197001013312");
  await window.press("Enter");
  await idle();
  await until("少了一行有误", async () => (await number("error")) <= 3);
  await window.clickCss("[data-testid=import-commit]");
  await window.element("[data-testid=import-done]");
  await window.clickCss("[data-testid=import-marked]");
  await window.element("[data-testid=import-marked-name]");
  await window.shot("import-08-marked");
  const folder = join(place.documents, "驻村记");
  assert.ok(readdirSync(folder).some((file) => file.startsWith("damaged-ids（未导入的行）")), "the marked copy lies beside the ledger");
  const noted = await window.run("return window.__TAURI_INTERNALS__.invoke('export_list').then((entries) => entries.map((entry) => `${entry.what} ${entry.title}`))");
  assert.ok(noted.includes("marked_copy damaged-ids（未导入的行）"), noted.join());
  assert.ok(noted.includes("numbers 要导入的表格，22行"), noted.join());
});

step("one click takes the whole import back", async () => {
  await window.clickCss("[data-testid=import-undo]");
  await window.shows("把表格拖到这里");
  await window.clickText("农户", "nav a span");
  await until("九户", () => window.run("return document.querySelector('[data-testid=list-count]')?.textContent.includes('9')"));
});

step("copied cells pasted onto a list go through the same preview", async () => {
  await window.clickText("走访", "nav a span");
  await window.shows("新增走访");
  await paste("日期\t户主\t方式\t走访内容\n2026-06-01\t单国强\t入户\t看望老人\n6月2日\t曾长福\t电话\t核对收入\n");
  await window.shows("2 行数据");
  await idle();
  await window.type("[data-testid=import-year] input", "2026");
  await window.press("Tab");
  await window.clickCss("[data-testid=import-preview]");
  await window.element("[data-testid=import-commit]");
  await idle();
  assert.deepEqual((await counts()).slice(0, 5), [2, 2, 0, 0, 0]);
  await window.shot("import-09-pasted");
  await window.clickCss("[data-testid=import-commit]");
  await window.element("[data-testid=import-done]");
});

const visits = () => window.run("return Number((document.querySelector('[data-testid=list-count]')?.textContent ?? '').replace(/\\D/g, '') || -1)");

step("a column that was not understood is given its meaning by the user", async () => {
  await window.clickText("走访", "nav a span");
  await window.shows("新增走访");
  await paste("日期\t户主\t方式\t聊了些啥\n2026-06-03\t单国强\t入户\t问了春耕\n");
  await window.shows("1 行数据");
  await idle();
  await window.clickCss("[data-testid=import-field-3] .el-select__wrapper");
  await window.clickText("走访内容", ".el-select-dropdown__item, .el-select-dropdown__item span");
  await until("列有了意思", () => window.run("return document.querySelector('[data-testid=import-field-3]').textContent.includes('走访内容')"));
  await window.clickCss("[data-testid=import-preview]");
  await window.element("[data-testid=import-commit]");
  await idle();
  assert.deepEqual((await counts()).slice(0, 5), [1, 1, 0, 0, 0]);
  await window.clickCss("[data-testid=import-commit]");
  await window.element("[data-testid=import-done]");
  await window.clickCss("[data-testid=import-see]");
  await window.shows("问了春耕");
});

/** A pasted table of so many telephone visits. */
function calls(count) {
  const rows = Array.from({ length: count }, (_, n) => `2026-0${1 + (n % 5)}-${10 + (n % 18)}\t单国强\t电话\t第${n}次核对收入`);
  return `日期\t户主\t方式\t走访内容\n${rows.join("\n")}\n`;
}

step("a long import shows how far it is; stopped, it leaves nothing behind", async () => {
  await until("走访列表", async () => (await visits()) >= 3);
  const before = await visits();
  await paste(calls(20_000));
  await window.shows("20000 行数据");
  await idle();
  await window.clickCss("[data-testid=import-preview]");
  await until("核对停下来", async () => {
    await window.run("document.querySelector('[data-testid=import-cancel]')?.click()");
    return (await window.pageText()).includes("已停下，台账没有改动");
  });
  await idle();
  assert.equal((await window.all("[data-testid=import-commit]")).length, 0, "what was not looked through is not offered");
  await window.clickText("走访", "nav a span");
  await until("走访和以前一样多", async () => (await visits()) === before);
});

step("stopped while it stores, it leaves nothing behind either, and can be begun again", async () => {
  const before = await visits();
  await paste(calls(2000));
  await window.shows("2000 行数据");
  await idle();
  await window.clickCss("[data-testid=import-preview]");
  await window.element("[data-testid=import-commit]");
  await idle();
  await window.clickCss("[data-testid=import-commit]");
  const stored = () => window.run("return Number(/\\d+/.exec(document.querySelector('[data-testid=import-busy] .number')?.textContent ?? '')?.[0] ?? 0)");
  await until("已存了几行", async () => (await stored()) > 0);
  await window.run("document.querySelector('[data-testid=import-cancel]').click()");
  await idle();
  await window.shows("已停下，台账没有改动");
  assert.equal((await window.all("[data-testid=import-done]")).length, 0);
  assert.equal((await counts())[1], 2000, "what was looked through is offered as before");
  await window.clickText("走访", "nav a span");
  await until("走访和以前一样多", async () => (await visits()) === before);
});
