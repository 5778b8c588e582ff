// How a list of 50 000 rows scrolls in the real window, by steps of a wheel, dragged and thrown to far places: times between
// frames beside those of the same page at rest, and how long it takes until rows stand where none did. `scripts/bench-scroll`
// runs it: scroll.mjs LEDGER
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePlace, openWindow, until } from "../window/driver.mjs";

const LISTS = [
  ["走访", "nav-visits"],
  ["农户", "nav-households"],
];
/** Pixels of a row, and how far one notch of a wheel goes. */
const ROW = 40;
const NOTCH = 120;

const place = makePlace();
mkdirSync(join(place.documents, "驻村记"), { recursive: true });
mkdirSync(place.config, { recursive: true });
const ledger = join(place.documents, "驻村记", "长台账.zcj");
copyFileSync(process.argv[2], ledger);
// It was opened before, so the start page offers it.
writeFileSync(join(place.config, "recent.json"), JSON.stringify({ paths: [ledger] }));

const window = await openWindow(place);
const isThere = () =>
  window.run("return document.querySelectorAll('[data-testid=list-row]').length > 5 && document.querySelector('[data-testid=list-waiting]') === null");

/** Runs in the page: notes every frame's time, and how long rows that are seen stay empty. */
const WATCH = `
  const list = document.querySelector("[data-testid=list]");
  const watch = { frames: [], blanks: [], running: true };
  const seenBlank = () => {
    const { top, bottom } = list.getBoundingClientRect();
    const seen = [...document.querySelectorAll("[data-testid=list-waiting]")].some((row) => {
      const place = row.getBoundingClientRect();
      return place.bottom > top && place.top < bottom;
    });
    // Nor may the screen have outrun the rows that are drawn.
    const drawn = [...document.querySelectorAll("[data-testid=list-row]")].some((row) => {
      const place = row.getBoundingClientRect();
      return place.top <= top + 60 && place.bottom >= top + 40;
    });
    return seen || !drawn;
  };
  let last = performance.now();
  let since = null;
  const frame = () => {
    const now = performance.now();
    watch.frames.push(now - last);
    last = now;
    if (seenBlank()) since ??= now;
    else if (since !== null) { watch.blanks.push(now - since); since = null; }
    if (watch.running) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.watch = watch;`;

async function watched(work) {
  await window.run(WATCH);
  await work();
  await until("the rows are there", isThere);
  return window.run("const { frames, blanks } = globalThis.watch; globalThis.watch.running = false; return { frames: frames.slice(2), blanks }");
}

/** Moves a step every few frames: a wheel, or a scroll bar that is dragged. The driver's own wheel stops the page. */
const drag = (step, frames, every = 1) =>
  window.run(
    `const [step, frames, every] = arguments;
     const list = document.querySelector("[data-testid=list]");
     return new Promise((done) => { let left = frames; const move = () => { if (left % every === 0) list.scrollTop += step; if (--left > 0) requestAnimationFrame(move); else done(true); }; requestAnimationFrame(move); })`,
    step,
    frames,
    every,
  );

/** To places all over the list, each looked at until its rows are there. */
async function jump(places) {
  for (const share of places) {
    await window.run("const list = document.querySelector('[data-testid=list]'); list.scrollTop = list.scrollHeight * arguments[0]", share);
    await until("the rows are there", isThere);
  }
}

const at = (times, share) => (times.length === 0 ? "–" : times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1));

try {
  await window.size(1366, 768);
  await window.clickCss("[data-testid=recent-0]");
  await window.shows("工作台");
  console.log("| list | what | frames | median ms | 95 % ms | slowest ms | over 50 ms | blank: times | longest ms |");
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const [name, nav] of LISTS) {
    await window.clickCss(`[data-testid=${nav}]`);
    await until("the list is there", isThere);
    const rest = () => window.run("return new Promise((done) => { let left = 60; const frame = () => (--left > 0 ? requestAnimationFrame(frame) : done(true)); frame(); })");
    const measured = [
      ["at rest", rest],
      ["wheel, a notch of 3 rows every third frame", () => drag(NOTCH, 240, 3)],
      ["dragged, 5 rows a frame", () => drag(5 * ROW, 120)],
      ["dragged, 50 rows a frame", () => drag(50 * ROW, 120)],
      ["dragged, 400 rows a frame", () => drag(400 * ROW, 60)],
      ["thrown to 12 places", () => jump([0.5, 0.1, 0.9, 0.3, 0.7, 0.2, 0.99, 0.4, 0.05, 0.8, 0.6, 0.95])],
    ];
    for (const [what, work] of measured) {
      await window.run("document.querySelector('[data-testid=list]').scrollTop = 0");
      await until("the rows are there", isThere);
      const { frames, blanks } = await watched(work);
      const sorted = frames.sort((a, b) => a - b);
      const slow = sorted.filter((time) => time > 50).length;
      console.log(`| ${name} | ${what} | ${sorted.length} | ${at(sorted, 0.5)} | ${at(sorted, 0.95)} | ${at(sorted, 1)} | ${slow} | ${blanks.length} | ${at(blanks.sort((a, b) => a - b), 1)} |`);
    }
    // A picture of the middle of it: the driver waits for no script that goes on by itself.
    await window.run("const list = document.querySelector('[data-testid=list]'); const move = () => { list.scrollTop += 2000; if (list.scrollTop < 400_000) requestAnimationFrame(move); }; move(); return true");
    await window.shot(`scroll-${nav}-middle`);
    await until("the rows are there", isThere);
    await window.shot(`scroll-${nav}-end`);
  }
} finally {
  await window.close();
  place.remove();
}
