// How long it takes from the start of the program to a list that can be used, and what memory all its processes take then, beside a
// browser with one empty page (what a program made with Electron begins with). `scripts/bench-start` runs it: start.mjs ROUNDS LEDGER…
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { makePlace, openWindow, until } from "../window/driver.mjs";
import { processesOf } from "../window/memory.mjs";

const [rounds, ...ledgers] = process.argv.slice(2);

/** The driver is no part of the program; names of processes are cut off. */
const DRIVER = "WebKitWebDriver";

/** MiB that processes take, what they share counted once. */
function memoryOf(processes) {
  const kib = processes.map(({ pid, name }) => {
    if (DRIVER.startsWith(name)) return 0;
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return Math.round(kib.reduce((all, each) => all + each, 0) / 1024);
}

/** Processes that were given something: a browser writes over the environment that it was started with. */
function withArgument(text) {
  const given = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  };
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && given(name));
  return pids.map((pid) => ({ pid, name: "browser" }));
}

/** Runs in the page: presses something, and says how long it took until there was something else on the screen. */
const PRESS = `
  const [press, wanted] = arguments;
  const start = performance.now();
  document.querySelector(press).click();
  return new Promise((done) => {
    const look = () => {
      if (document.querySelectorAll(wanted).length > 0) requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
      else requestAnimationFrame(look);
    };
    look();
  });`;

async function once(ledger) {
  const place = makePlace();
  mkdirSync(join(place.documents, "驻村记"), { recursive: true });
  mkdirSync(place.config, { recursive: true });
  const own = join(place.documents, "驻村记", basename(ledger));
  copyFileSync(ledger, own);
  // It was opened before, so the start page offers it.
  writeFileSync(join(place.config, "recent.json"), JSON.stringify({ paths: [own] }));
  const begin = performance.now();
  const window = await openWindow(place);
  try {
    await until("the start page", () => window.run("return document.querySelector('[data-testid=recent-0]') !== null"));
    const started = performance.now() - begin;
    const home = await window.run(PRESS, "[data-testid=recent-0]", "[data-testid^=progress-]");
    const list = await window.run(PRESS, "[data-testid=nav-households]", "[data-testid=list-row]");
    const memory = memoryOf(processesOf(place));
    return { started, home, list, memory };
  } finally {
    await window.close();
    place.remove();
  }
}

/** What a browser takes that shows one empty page. */
async function emptyBrowser() {
  const place = makePlace();
  const args = ["--no-sandbox", "--no-first-run", `--user-data-dir=${place.folder}`, "--app=data:text/html,<title>blank</title>"];
  const browser = spawn("chromium", args, { stdio: "ignore", detached: true });
  try {
    let last = 0;
    // It grows while it starts; what it takes is what it takes when it grows no more.
    await until("the browser is at rest", async () => {
      const now = memoryOf(withArgument(place.folder));
      await new Promise((next) => setTimeout(next, 1000));
      const isAtRest = now > 50 && Math.abs(now - last) <= 1;
      last = now;
      return isAtRest;
    });
    return last;
  } finally {
    process.kill(-browser.pid, "SIGKILL");
    place.remove();
  }
}

const median = (numbers) => Math.round([...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]);

console.log("| ledger | start page, ms | opened to the home page, ms | list of households, ms | memory of all processes, MiB |");
console.log("| --- | ---: | ---: | ---: | ---: |");
for (const ledger of ledgers) {
  const all = [];
  for (let round = 0; round < Number(rounds); round++) all.push(await once(ledger));
  const of = (part) => median(all.map((each) => each[part]));
  console.log(`| ${basename(ledger, ".zcj")} | ${of("started")} | ${of("home")} | ${of("list")} | ${of("memory")} |`);
}
console.log(`a browser with one empty page: ${await emptyBrowser()} MiB`);
