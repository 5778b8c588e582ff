// Editing the report through the real window: blocks added, moved, left out, brought back, by mouse and by keyboard; what was typed
// survives a killed program.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, ROOT, steps, until } from "./driver.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const place = makePlace();
let window;

async function open() {
  window = await openWindow(place);
  await window.size(1366, 768);
}

before(open);

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("edit", () => window);

const has = (css) => window.run("return document.querySelector(arguments[0]) !== null", css);
const text = (css) => window.run("return document.querySelector(arguments[0])?.innerText ?? ''", css);
/** Keys of the blocks in sight, from top to bottom; one that goes on overleaf counts once. */
const order = () =>
  window.run(
    "const all = [...document.querySelectorAll('[data-testid=mark-block]')].map((m) => [m.getBoundingClientRect().top, m.dataset.key]); return [...new Set(all.sort((a, b) => a[0] - b[0]).map((m) => m[1]))];",
  );
const behind = async (key) => {
  const keys = await order();
  return keys[keys.indexOf(key) + 1];
};
const mark = (key) => `[data-testid=mark-block][data-key='${key}']`;

async function focus(key) {
  await window.run("document.querySelector(arguments[0]).focus()", mark(key));
}

/** Opens a block's menu with the keyboard and chooses an entry; pages that are drawn anew close it, and it is opened again. */
async function act(key, entry) {
  await window.element(mark(key));
  await until(`菜单“${entry}”`, async () => {
    if (!(await has(mark(key)))) return false;
    await focus(key);
    await window.press("Shift", "F10");
    return window.run("const item = document.querySelector(arguments[0]); item?.click(); return item !== null", `[data-testid=block-menu-${entry}]`);
  });
}

async function write(words) {
  const field = await window.element("[data-testid=runs-field]");
  await window.call("POST", `element/${field}/value`, { text: words });
  await until("文字已输入", async () => (await text("[data-testid=runs-field]")).includes(words.slice(-6)));
}

async function openReport() {
  await window.clickText("报告");
  await window.element("[data-testid=mark-figure]");
  await window.clickText("（四）为民办事服务", "[data-testid=outline-entry]");
  await window.element(mark("visits.overview"));
}

let own;

step("a paragraph is added behind another one, by its menu", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.element("[data-testid=progress-report]");
  await openReport();
  await window.run("document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: 400, clientY: document.querySelector(arguments[0]).getBoundingClientRect().top + 8 }))", mark("visits.overview"));
  await window.element("[data-testid=block-more]");
  await window.shot("edit-01-strip");
  await window.clickCss("[data-testid=block-more]");
  await window.element("[data-testid=block-menu]");
  await window.shot("edit-02-menu");
  await window.clickCss("[data-testid=block-menu-after]");
  await write("工作队还为行动不便的老人代办代买17次。");
  await window.element("[data-testid=unlinked]");
  await window.shot("edit-03-new");
  await window.clickCss("[data-testid=block-save]");
  own = await until("新的一段在走访后面", async () => {
    const key = await behind("visits.overview");
    return key?.startsWith("own.") ? key : null;
  });
  await until("手写的数字有下划线", () => has("[data-testid=mark-typed]"));
  await window.shot("edit-04-added");
});

step("Ctrl+Z takes it back, Ctrl+Y brings it again", async () => {
  await window.clickCss("[data-testid=panel-close]");
  await focus("visits.overview");
  await window.press("Control", "z");
  await until("已撤销", async () => !(await has(mark(own))));
  await focus("visits.overview");
  await window.press("Control", "y");
  await until("已重做", () => has(mark(own)));
});

step("it is moved up and down with the keyboard, and the focus stays on it", async () => {
  await focus(own);
  await window.press("Alt", "ArrowUp");
  await until("在走访前面", async () => (await behind(own)) === "visits.overview");
  await until("焦点还在", () => window.run("return document.activeElement?.dataset.key === arguments[0]", own));
  await window.press("Alt", "ArrowDown");
  await until("在走访后面", async () => (await behind("visits.overview")) === own);
});

step("a heading is added with its level, numbered by the program", async () => {
  await act("visits.overview", "heading");
  await write("代办代买");
  await window.clickCss("[data-testid=block-level-3]");
  await window.clickCss("[data-testid=block-save]");
  await until("目录里有新标题", async () => (await window.run("return [...document.querySelectorAll('[data-testid=panel-back], h2')].map((e) => e.textContent).join()")).includes("修改标题"));
  await window.clickCss("[data-testid=panel-close]");
  await window.text("1.代办代买", "[data-testid=outline-entry]");
  await window.shot("edit-05-heading");
});

step("a paragraph and a whole section are left out, listed and brought back", async () => {
  await act(own, "leaveOut");
  await until("已去掉", async () => !(await has(mark(own))));
  const section = await until("标题在页面上", () =>
    window.run("const v = document.querySelector('[data-key=\"visits.overview\"]').getBoundingClientRect().top; const all = [...document.querySelectorAll('[data-testid=mark-block]')].filter((m) => m.getBoundingClientRect().top < v - 2).sort((a, b) => b.getBoundingClientRect().top - a.getBoundingClientRect().top); return all[0]?.dataset.key ?? null"),
  );
  await act(section, "leaveOut");
  await window.shot("edit-06-section-asked");
  await window.clickCss(".el-message-box .el-button--primary");
  await until("这一节已去掉", async () => !(await has(mark("visits.overview"))));
  await window.clickCss("[data-testid=left-out-open]");
  await until("列出两处", async () => (await window.all("[data-testid=left-out]")).length === 2);
  await window.shot("edit-07-left-out");
  await window.clickCss(`[data-testid='left-out-back-${section}']`);
  await until("这一节回来了", () => has(mark("visits.overview")));
  await window.clickCss(`[data-testid='left-out-back-${own}']`);
  await until("这一段回来了", () => has(mark(own)));
  await until("清单空了", async () => (await window.all("[data-testid=left-out]")).length === 0);
  await window.clickCss("[data-testid=panel-close]");
});

const changedMarks = () => window.run("return [...document.querySelectorAll('.mark.is-changed')].map((m) => m.dataset.key)");

step("a changed record lights up its figures, which are accepted one by one or all", async () => {
  await window.clickCss("[data-testid=mark-figure][data-key='visits.person_times']");
  await window.clickCss("[data-testid=figure-panel] [data-testid^='title-']");
  await window.element("[data-testid=editor-visit]");
  await window.field("persons_met", "40");
  await window.save();
  await window.element("[data-testid=changes-bar]");
  await until("页面上标出", async () => (await changedMarks()).includes("visits.person_times"));
  await window.clickCss("[data-testid=changes-list]");
  await window.element("[data-testid='changed-visits.person_times']");
  await window.clickCss("[data-testid='changed-visits.person_times'] [data-testid=changed-jump]");
  await until("跳到页面上", () => has(".mark.is-lit"));
  await window.shot("edit-08-changes");
  const before = (await text("[data-testid=changes-bar]")).match(/\d+/)[0];
  await window.clickCss("[data-testid='changed-visits.person_times'] [data-testid=changed-accept]");
  await until("这一个已接受", async () => !(await changedMarks()).includes("visits.person_times"));
  if (Number(before) > 1) await window.clickCss("[data-testid=changes-accept-all]");
  await until("全部已接受", async () => !(await has("[data-testid=changes-bar]")) && (await changedMarks()).length === 0);
  await window.clickCss("[data-testid=panel-close]");
});

step("a table and photos are put into the text", async () => {
  const isNew = async (known) => (await order()).find((key) => key?.startsWith("own.") && !known.includes(key)) ?? null;
  let known = await order();
  await act("visits.overview", "table");
  await window.clickCss("[data-testid='table-choice-项目台账']");
  await window.clickCss("[data-testid=block-save]");
  const table = await until("表格在页面上", () => isNew(known));
  assert.equal(await behind("visits.overview"), table);
  await window.clickCss("[data-testid=panel-close]");
  const picture = readFileSync(join(ROOT, "tests/fixtures/photos/progressive.jpg")).toString("base64");
  const added = await window.run(
    `const [content] = arguments;
     return (async () => {
       const { invoke } = window.__TAURI_INTERNALS__;
       const query = { text: "", filters: {}, conditions: [], sort: null, offset: 0, limit: 3 };
       const { rows } = await invoke("record_list", { kind: "visit", query });
       for (const { id } of rows) await invoke("attachment_add", { owner: { kind: "visit", id }, source: { content: ["走访.jpg", content] }, batch: id });
       return rows.length;
     })();`,
    picture,
  );
  assert.equal(added, 3);
  known = await order();
  await act("visits.overview", "photos");
  await until("照片可选", async () => (await window.all("[data-testid=photo-choice] img")).length === 3);
  for (const at of [0, 1, 2]) await window.click((await window.all("[data-testid=photo-choice]"))[at]);
  await window.shot("edit-11-photos-chosen");
  await window.clickCss("[data-testid=block-save]");
  const photos = await until("照片在页面上", () => isNew(known));
  assert.equal(await behind("visits.overview"), photos);
  await window.clickCss("[data-testid=panel-close]");
  await window.shot("edit-12-photos-and-table");
});

step("what was typed and not saved is offered after the program was killed", async () => {
  await act("visits.overview", "before");
  await write("正在写的一段还没有保存。");
  await until("草稿已存进台账", () =>
    window.run("return window.__TAURI_INTERNALS__.invoke('draft_all').then((all) => all.some((d) => d.content.includes('还没有保存。')))"),
  );
  window.stop();
  await open();
  await window.clickCss("[data-testid=recent-0]");
  await window.element("[data-testid=progress-report]");
  await openReport();
  await window.element("[data-testid=report-draft]");
  await window.shot("edit-09-draft-offered");
  await window.clickCss("[data-testid=report-draft-resume]");
  await until("接着写", async () => (await text("[data-testid=runs-field]")).includes("正在写的一段还没有保存。"));
  await window.clickCss("[data-testid=block-save]");
  await until("放进了报告", async () => ((await behind((await order()).find((key) => key.startsWith("own.")))) ?? "") !== "");
  await window.clickCss("[data-testid=panel-close]");
  await until("不再提示", async () => !(await has("[data-testid=report-draft]")));
  await window.shot("edit-10-resumed");
});
