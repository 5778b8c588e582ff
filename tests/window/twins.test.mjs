// Duplicates through the real window: noticed while typing, told apart, merged field by field, taken back; and in an import.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { copiesIn, makePlace, openWindow, steps, until } from "./driver.mjs";

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

const step = steps("twins", () => window);

const ONE = "990101196503121014";
const count = () => window.run("return document.querySelector('[data-testid=list-count]')?.textContent ?? ''");
const gone = (css) => until(`没有 ${css}`, () => window.run("return document.querySelector(arguments[0]) === null", css));

/** Types a new household: its head, with a number or without. */
async function typeHousehold(name, idNumber) {
  await window.clickCss("[data-testid=record-new]");
  await window.clickCss('[data-testid="open-members.0"]');
  await window.field("members.0.name", name);
  if (idNumber) await window.field("members.0.id_number", idNumber);
}

/** A picture of what is on screen now, not of the frame before. */
async function picture(name) {
  await window.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
  await window.shot(name);
}

async function save() {
  await window.clickCss("[data-testid=record-save]");
  await window.stored();
}

step("the first household is entered, and its visit", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-member-0]", "罗启明");
  await window.clickCss("[data-testid=new-plain]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("把表格带来");
  await window.clickCss("[data-testid=nav-households]");
  await typeHousehold("石老三", ONE);
  await window.field("address", "下屯3号");
  await window.field("phone", "13900001111");
  await save();
  await window.clickCss("[data-testid=household-new-visit]");
  await window.element("[data-testid=editor-visit]");
  await save();
});

step("the same visit once more is noticed, not refused", async () => {
  await window.clickCss("[data-testid=nav-households]");
  await window.clickText("石老三");
  await window.clickCss("[data-testid=household-new-visit]");
  await window.shows("这一户当天已有一条同样方式的走访");
  await picture("twins-01-visit");
  await window.clickCss("[data-testid=record-close]");
});

step("a number that is registered already is said while typing, and refused with the way there", async () => {
  await window.clickCss("[data-testid=nav-households]");
  await typeHousehold("石老叁", ONE);
  await window.element("[data-testid=twins-notice]");
  await window.shows("身份证号相同");
  await picture("twins-02-notice");
  await window.clickCss("[data-testid=record-save]");
  await window.element("[data-testid=about-0]");
  await window.shows("打开已登记的农户");
  await picture("twins-03-refused");
});

step("what was typed goes into the household that is there, field by field", async () => {
  await window.clickCss("[data-testid=twins-notice] .see");
  await window.element("[data-testid=twin-compare]");
  await picture("twins-04-typed");
  await window.clickCss("[data-testid=twin-look]");
  await window.element("[data-testid=twin-result]");
  await picture("twins-05-typed-result");
  await window.clickCss("[data-testid=twin-merge]");
  await gone("[data-testid=twin-compare]");
  await until("一户", async () => (await count()).includes("1"));
  await window.element("[data-testid=toast-undo]");
  await window.clickCss("[data-testid=record-close]");
});

step("a namesake without a number is entered all the same, and waits on the page of pairs", async () => {
  await typeHousehold("石 老叁", "");
  await window.field("phone", "13900002222");
  await window.shows("同村户主同名");
  await save();
  await window.clickCss("[data-testid=household-new-visit]");
  await window.element("[data-testid=editor-visit]");
  await save();
  await window.clickCss("[data-testid=nav-households]");
  await window.shows("查重（1）");
  await picture("twins-06-list");
  await window.clickCss("[data-testid=twins-page]");
  await window.element("[data-testid=twin-compare]");
  await picture("twins-07-page");
});

step("told apart, the pair is remembered; asked again, it is back", async () => {
  await window.clickCss("[data-testid=twin-dismiss]");
  await window.element("[data-testid=twins-empty]");
  await window.clickCss("[data-testid=twins-dismissed]");
  await window.clickCss("[data-testid=twins-again]");
  await window.clickText("待核对 1");
  await window.element("[data-testid=twin-compare]");
});

step("merged, with a choice per field, and what moves is told before", async () => {
  await window.clickCss("[data-testid=twin-numbers]");
  await window.shows("13900001111");
  await window.clickCss("[data-testid=twin-numbers]");
  await window.shows("139****1111");
  await window.clickCss("[data-testid=twin-left-phone]");
  await picture("twins-08-chosen");
  await window.clickCss("[data-testid=twin-look]");
  const moves = await until("去向", () => window.run("return document.querySelector('[data-testid=twin-moves]')?.textContent"));
  assert.match(moves, /1条走访将转到保留的户/);
  await picture("twins-09-result");
  const made = () => copiesIn(place).filter((name) => name.includes("合并前")).length;
  const before = made();
  await window.clickCss("[data-testid=twin-merge]");
  await window.element("[data-testid=twins-empty]");
  await window.element("[data-testid=toast-undo]");
  await picture("twins-10-merged");
  assert.equal(made(), before + 1, "the ledger was copied before the merge");
});

step("one click takes the merge back", async () => {
  // The notice of the step before fades away while this one comes.
  await until("一条撤销", () => window.run("return document.querySelectorAll('[data-testid=toast-undo]').length === 1"));
  await window.clickCss("[data-testid=toast-undo]");
  await window.element("[data-testid=twin-compare]");
  await window.press("Escape");
  await until("两户", async () => (await count()).includes("2"));
});

/** Copies a sheet onto the list of households, as from a workbook, and goes on to the preview. */
async function pasteSheet(lines) {
  await window.element("[data-testid=list-import]");
  await window.run(
    `const transfer = new DataTransfer();
     transfer.setData("text/plain", arguments[0]);
     document.querySelector("[data-testid=list]").dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));`,
    lines.map((cells) => cells.join("\t")).join("\n"),
  );
  await window.shows(`${lines.length - 1} 行数据`);
  await window.clickCss("[data-testid=import-preview]");
  await window.element("[data-testid=import-commit]");
  await gone("[data-testid=import-busy]");
}

const HEADINGS = ["户主姓名", "身份证号", "家庭人口", "户类型", "组", "电话"];

step("several of a name are asked about, and one's own answer is taken", async () => {
  await pasteSheet([HEADINGS, ["石老叁", "", "3", "一般农户", "上屯", "13900003333"], ["潘大贵", "", "2", "一般农户", "下屯", ""]]);
  await window.clickCss("[data-testid=import-row-2] .badge");
  await window.shows("是哪一户");
  await picture("twins-11-import-asked");
  await window.clickCss("[data-testid=import-goes-to]");
  await gone("[data-testid=import-busy]");
  await window.shows("修改 1");
  await window.clickCss("[data-testid=import-row-2] .badge");
  await picture("twins-12-import-answered");
  await window.clickCss("[data-testid=import-own]");
  await gone("[data-testid=import-busy]");
  await window.shows("新增 2");
  await window.clickCss("[data-testid=import-commit]");
  await window.clickCss("[data-testid=import-see]");
});

step("who looks like a household of the ledger is shown beside it", async () => {
  await pasteSheet([HEADINGS, ["潘大贵", "", "2", "一般农户", "上屯", "13900004444"], ["陆八", "", "2", "一般农户", "上屯", ""]]);
  await window.shows("请核对 1");
  await window.clickCss("[data-testid=import-row-2] .badge");
  await window.shows("同村户主同名");
  await picture("twins-13-import-alike");
});
