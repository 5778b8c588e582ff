// 外观: dark colours and large letters in the real window, by mouse and by keys, and still there the next time.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

let place, window;
const step = steps("look", () => window);

const ground = () => window.run("return getComputedStyle(document.body).backgroundColor");
const width = () => window.run("return innerWidth");

before(async () => {
  place = makePlace();
  window = await openWindow(place);
  await window.size(1366, 768);
  await window.clickCss("[data-testid=start-sample]");
  await window.element("[data-testid=progress-report]");
});

after(async () => {
  await window?.close();
  place?.remove();
});

step("the window is light at first, and dark once that is chosen", async () => {
  assert.equal(await ground(), "rgb(245, 242, 236)");
  await window.clickText("设置");
  await window.clickText("外观");
  await window.clickCss("[data-testid=colours-dark]");
  await until("dark", async () => (await ground()) === "rgb(27, 26, 24)");
  await window.shot("look-dark");
});

step("letters grow by choice and by keys, and nothing runs out of the window", async () => {
  const standard = await width();
  await window.clickCss("[data-testid=letters-largest]");
  await until("larger letters", async () => (await width()) < standard / 1.25);
  await window.shot("look-largest");
  const wide = await window.run("return document.documentElement.scrollWidth - innerWidth");
  // A pixel may be a part of one.
  assert.ok(wide <= 1, `${wide} px stand beside the window`);
  await window.press("Control", "0");
  await until("standard again", async () => (await width()) === standard);
  await window.press("Control", "=");
  await until("one step larger", async () => (await width()) < standard / 1.1);
});

step("the next time it looks the same", async () => {
  await window.close();
  window = await openWindow(place);
  await window.size(1366, 768);
  await window.element("[data-testid=start-sample]");
  assert.equal(await ground(), "rgb(27, 26, 24)");
  const scale = 1366 / (await width());
  assert.ok(scale > 1.1 && scale < 1.2, `${scale} times as large`);
});
