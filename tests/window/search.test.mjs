// 搜索 in the real window: Ctrl+K anywhere, by characters, letters and numbers, to the record and back.
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

const step = steps("search", () => window);

/** What stands on the screen now, not a frame ago. */
async function shot(name) {
  const painted = "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)));";
  await window.call("POST", "execute/async", { script: painted, args: [] });
  await window.shot(name);
}

const FIELD = "[data-testid=search-field]";
const key = (name) => window.run("const [field, key] = [document.querySelector(arguments[0]), arguments[1]]; field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))", FIELD, name);
const isOpen = () => window.run("return document.querySelector('[data-testid=search]') !== null");
const chosen = () => window.run("return document.querySelector('[data-testid=search] [aria-selected=true]')?.textContent.trim() ?? ''");
const told = () => window.run("return document.querySelector('[data-testid=search-told]').textContent.trim()");
const marked = () => window.run("return [...document.querySelectorAll('[data-testid=search] mark')].map((mark) => mark.textContent)");

async function find(text, shown) {
  await window.type(FIELD, text);
  const found = "return document.querySelector('#search-list').innerText + (document.querySelector('[data-testid=search-nothing]')?.innerText ?? '')";
  await until(`搜到“${shown}”`, async () => (await window.run(found)).includes(shown));
}

step("Ctrl+K opens the search over the page, and it says what can be typed", async () => {
  await window.clickCss("[data-testid=start-sample]");
  await window.element("[data-testid=nav-home]");
  await window.element("[data-testid=search-open]");
  await window.press("Control", "k");
  await window.element(FIELD);
  await window.shows("一个字就能找");
  await shot("search-01-empty");
  assert.equal(await window.run("return document.activeElement === document.querySelector(arguments[0])", FIELD), true);
});

step("a person is found by initials, marked in the name", async () => {
  await find("sls", "石老三");
  assert.ok((await marked()).includes("石老三"));
  await shot("search-02-initials");
});

step("what is still being composed is not searched", async () => {
  const before = await told();
  await window.run(
    `const field = document.querySelector(arguments[0]);
     field.dispatchEvent(new CompositionEvent("compositionstart"));
     field.value = "wu'ding";
     field.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
     for (const key of ["ArrowDown", "Enter", "Escape"]) field.dispatchEvent(new KeyboardEvent("keydown", { key, isComposing: true, bubbles: true, cancelable: true }));`,
    FIELD,
  );
  assert.deepEqual([await told(), await isOpen()], [before, true]);
  await window.run(`const field = document.querySelector(arguments[0]); field.value = "水"; field.dispatchEvent(new CompositionEvent("compositionend", { data: "水", bubbles: true }));`, FIELD);
  await until("搜“水”", async () => (await marked()).every((text) => text === "水") && (await marked()).length > 5);
  await shot("search-03-one-character");
});

step("a kind unfolds in place", async () => {
  const rows = () => window.run("return document.querySelectorAll('[data-testid^=found-]').length");
  const before = await rows();
  await window.clickCss("[data-testid=found-more-visit]");
  await until("更多走访", async () => (await rows()) > before + 3);
  await window.run("document.querySelector('#search-list').scrollTop = 400");
  await shot("search-04-more");
});

step("numbers are found by their digits and shown masked", async () => {
  await find("99010119", "********");
  assert.ok((await marked()).every((text) => /^990101\*{8}\w{4}$/.test(text)), String(await marked()));
  await shot("search-05-number");
});

step("what is not there is said, with what to try", async () => {
  await find("没有这样的东西%", "没有找到“没有这样的东西%”");
  await shot("search-06-nothing");
});

step("arrows choose, Enter opens the record, the last text is still there", async () => {
  await find("石老三", "石老三");
  const first = await chosen();
  await key("ArrowDown");
  await until("下一条", async () => (await chosen()) !== first);
  await key("End");
  await until("最后一条", () => window.run("const all = document.querySelectorAll('[data-testid=search] [role=option]'); return all[all.length - 1].getAttribute('aria-selected') === 'true'"));
  await key("Home");
  await until("第一条", async () => (await chosen()) === first);
  await key("Enter");
  await until("记录打开", async () => !(await isOpen()) && (await window.run("return location.hash")).startsWith("#/households/"));
  await window.shows("石老三");
  await shot("search-07-opened");
  await window.press("Control", "k");
  assert.equal(await until("上次的词", () => window.run("return document.querySelector(arguments[0])?.value", FIELD)), "石老三");
});

step("Esc closes and gives the keys back to the field they were in", async () => {
  await window.press("Escape");
  await until("关上", async () => !(await isOpen()));
  await window.clickCss("[data-testid=nav-visits]");
  await window.clickCss("[data-testid=list-search]");
  await window.press("Control", "k");
  await window.element(FIELD);
  await window.press("Escape");
  await until("焦点回来", () => window.run("return document.activeElement.matches('[data-testid=list-search], [data-testid=list-search] *')"));
});

step("the household picker of a visit finds by initials", async () => {
  await window.press("Control", "n");
  await window.choose("household_ids", "石老三", "sls");
  await shot("search-08-picker");
});
