// All figures of a report: found by name, proved, followed month by month, and put into a paragraph.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makePlace, openWindow, until } from "./driver.mjs";

const place = makePlace();
let window;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
  await window.clickCss("[data-testid=start-sample]");
  await window.element("[data-testid=progress-report]");
  await window.clickCss("[data-testid=nav-report]");
  await window.element("[data-testid=mark-figure]");
});

after(async () => {
  await window.close();
  place.remove();
});

test("a figure that the text does not tell is found by its name, with its months and its records", async () => {
  await window.clickCss("[data-testid=report-figures]");
  await window.element("[data-testid='figure-line-visits.count']");
  await window.shot("figures-01-all");
  await window.type("[data-testid=figure-find]", "走访 次数");
  await until("只剩合适的", async () => (await window.all("[data-testid^=figure-line-]")).length === 1);
  await window.clickCss("[data-testid='figure-line-visits.count']");
  await window.element("[data-testid=figure-trend] rect");
  const months = await window.run("return [...document.querySelectorAll('[data-testid=figure-trend] .value')].map((text) => parseInt(text.textContent))");
  assert.equal(months.length, 6);
  assert.equal(months.reduce((sum, number) => sum + number, 0), 136, "the months add up to the half-year");
  await window.shot("figures-02-trend");
  await window.clickCss("[data-testid=panel-back]");
  await window.element("[data-testid=figure-list]");
  await window.press("Escape");
});

test("a figure from the list becomes part of a paragraph and stays a figure", async () => {
  await window.clickCss("[data-testid=mark-block][data-key='base.team']");
  await window.element("[data-testid=runs-field]");
  await window.clickCss("[data-testid=figure-choose]");
  await window.type("[data-testid=figure-find]", "走访次数");
  await window.clickCss("[data-testid='figure-line-visits.count']");
  await window.shows("136次");
  await window.shot("figures-03-insert");
  await window.clickCss("[data-testid=block-save]");
  await window.element("[data-testid=mark-figure][data-key='visits.count']");
  await window.shot("figures-04-inserted");
});

/** Stores a record beside the window's forms, as a second hand would: the window hears nothing of it until it reads again. */
const store = (kind, changes) =>
  window.run(
    `const [kind, changes] = arguments;
     const { invoke } = globalThis.__TAURI_INTERNALS__;
     return (async () => {
       const draft = { ...(await invoke("record_blank", { kind })), ...changes };
       return (await invoke("record_save", { request: { kind, id: null, version: null, draft, keep: [] } })).id;
     })()`,
    kind,
    changes,
  );

test("a figure is told village by village, and a village narrows its records", async () => {
  const village_id = await store("village", { name: "白岩村" });
  const person = { ...(await window.run("return globalThis.__TAURI_INTERNALS__.invoke('record_blank', { kind: 'household' })")).members[0], name: "白大山" };
  const household_id = await store("household", { village_id, members: [person], types: [{ code: "general", from_day: null, to_day: null }] });
  await store("visit", { day: "2026-05-06", household_ids: [household_id], content: "看望白大山一家" });
  await window.clickCss("[data-testid=nav-home]");
  await window.clickCss("[data-testid=nav-report]");
  await window.element("[data-testid=changes-bar]");
  await window.clickCss("[data-testid=mark-figure][data-key='visits.count']");
  await window.element("[data-testid='figure-village-白岩村']");
  const told = () => window.run("return [...document.querySelectorAll('[data-testid^=figure-village-]')].map((line) => line.textContent.trim().replace(/\\s+/g, ' '))");
  assert.deepEqual((await told()).map((line) => line.replace(/[^\d]/g, "")), ["136", "1"], "the parts make the whole");
  await window.clickCss("[data-testid='figure-village-白岩村']");
  await until("只剩白岩村的走访", async () => (await window.all("[data-testid=figure-panel] [data-testid^='title-']")).length === 1);
  await window.shot("figures-05-villages");
});

test("an accepted figure waits again once that is taken back", async () => {
  await window.press("Escape");
  await window.clickCss("[data-testid=changes-accept-all]");
  await until("没有变动的数字", async () => (await window.all("[data-testid=changes-bar]")).length === 0);
  await window.clickCss("[data-testid=undo]");
  await window.element("[data-testid=changes-bar]");
  await window.shot("figures-06-waits-again");
});
