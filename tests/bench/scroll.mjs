// How a list of 50 000 rows scrolls in the real window: times between frames while it scrolls, beside those of the same page at
// rest, and how many frames showed rows that were not there yet. Run by `scripts/bench-scroll LEDGER`.
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makePlace, openWindow, until } from "../window/driver.mjs";

const place = makePlace();
mkdirSync(join(place.documents, "驻村记"), { recursive: true });
const ledger = join(place.documents, "驻村记", "长台账.zcj");
copyFileSync(process.argv[2], ledger);
const window = await openWindow(place);
try {
  await window.size(1366, 768);
  await window.run("return globalThis.__TAURI_INTERNALS__.invoke('ledger_open', { path: arguments[0], secret: null }).then(() => { location.reload(); })", ledger);
  await window.clickCss("[data-testid=nav-visits]");
  await until("the list is there", async () => (await window.all("[data-testid=list-row]")).length > 5);
  const frames = `const [step, count] = arguments;
    const list = document.querySelector("[data-testid=list]");
    return new Promise((done) => {
      const times = [];
      let waiting = 0, last = performance.now();
      const frame = () => {
        const now = performance.now();
        times.push(now - last);
        last = now;
        if (document.querySelector("[data-testid=list-waiting]")) waiting += 1;
        if (times.length === count) return done({ times, waiting, top: list.scrollTop });
        list.scrollTop += step;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    })`;
  const measured = [
    ["at rest", 0],
    ["wheel, 3 rows a frame", 120],
    ["flung, 20 rows a frame", 800],
    ["dragged, 400 rows a frame", 16_000],
  ];
  console.log("| | frames | median ms | slowest of 95 % ms | slowest ms | frames with rows still to come |");
  for (const [name, step] of measured) {
    await window.run("document.querySelector('[data-testid=list]').scrollTop = 0");
    const { times, waiting } = await window.run(frames, step, 60);
    const sorted = times.slice(1).sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
    console.log(`| ${name} | ${sorted.length} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${waiting} |`);
  }
  await window.run("document.querySelector('[data-testid=list]').scrollTop = 1e9");
  await until("the last rows", async () => !(await window.run("return document.querySelector('[data-testid=list-waiting]') !== null")));
  await window.shot("scroll-last");
} finally {
  await window.close();
  place.remove();
}
