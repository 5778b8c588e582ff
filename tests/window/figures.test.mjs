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
