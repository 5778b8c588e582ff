// The machine goes to sleep, or its screen is locked: the ledger is locked first, and only then does the machine get to sleep.
// The system's login service is one of the test's own, on a bus of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { ROOT, makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
const PASSPHRASE = "木桶里有三只蓝色的猫";
let window;
let bus;
let service;
const said = [];

async function lineOf(process, line) {
  for await (const told of createInterface({ input: process.stdout })) if (told.includes(line)) return told;
  throw new Error("it ended without a word");
}

before(async () => {
  const address = `unix:path=${join(place.folder, "bus")}`;
  bus = spawn("dbus-daemon", ["--session", `--address=${address}`, "--nofork", "--print-address"], { stdio: ["ignore", "pipe", "inherit"] });
  await lineOf(bus, "unix:");
  process.env.DBUS_SYSTEM_BUS_ADDRESS = address;
  // Of Debian's own Python, which knows the bus.
  service = spawn("/usr/bin/python3", [join(ROOT, "tests/window/logind.py")], { stdio: ["pipe", "pipe", "inherit"] });
  createInterface({ input: service.stdout }).on("line", (line) => said.push(line));
  await until("登录服务", () => said.includes("ready"));
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window?.close();
  service?.kill();
  bus?.kill();
  place.remove();
});

const step = steps("sleep", () => window);

const tell = (command) => service.stdin.write(`${command}\n`);
const whole = () => window.run("return document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((field) => field.value).join()");

/** Locking loads the page anew; what is typed too early would go with the old one. */
const markPage = () => window.run("window.__before = true");
async function lockedPage() {
  await until("页面已重新载入", () => window.run("return window.__before === undefined").catch(() => false));
  await window.element("[data-testid=unlock]");
}

async function unlock() {
  await window.type("[data-testid=unlock-passphrase]", PASSPHRASE);
  await window.clickCss("[data-testid=unlock-open]:not([disabled])");
}

step("the program delays sleep from its start, with a ledger open or not", async () => {
  await until("推迟睡眠", () => said.includes("inhibited sleep delay"));
  tell("sleep");
  await until("放手", () => said.includes("released"));
  tell("wake");
  await until("再推迟", () => said.filter((line) => line.startsWith("inhibited")).length === 2);
  said.length = 0;
});

step("before the machine sleeps the ledger is locked, and what was half typed is kept", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-member-0]", "罗启明");
  await window.type("[data-testid=new-passphrase-1]", PASSPHRASE);
  await window.type("[data-testid=new-passphrase-2]", PASSPHRASE);
  const log = `${await window.run("return document.querySelector('[data-testid=new-path]').textContent.trim()")}-wal`;
  await window.clickCss("[data-testid=new-create]");
  await window.clickCss("[data-testid=recovery-noted]");
  await window.clickCss("[data-testid=recovery-done]:not([disabled])");
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=record-new]");
  await window.field("address", "上屯3号水井旁");
  assert.ok(existsSync(log), "the ledger is open");
  assert.deepEqual(said, []);
  tell(`watch ${log}`);
  await markPage();
  tell("sleep");
  await until("放手", () => said.length > 0);
  assert.deepEqual(said, ["released closed"], "sleep is let go on only when the ledger is closed");
  await lockedPage();
  assert.ok(!(await whole()).includes("水井"), "nothing of a record is left on the page");
  await window.picture("sleep-1-locked");
});

step("awake again it delays the next sleep, and unlocking leads back to what was typed", async () => {
  tell("wake");
  await until("再推迟", () => said.includes("inhibited sleep delay"));
  await unlock();
  await window.element("[data-testid=draft-offer]");
  await window.clickText("继续填写");
  await until("草稿还在", async () => (await whole()).includes("上屯3号水井旁"));
  said.length = 0;
});

for (const [command, what] of [
  ["lock", "asked to lock the session"],
  ["screen", "told that the screen is locked"],
]) {
  step(`${what}, the ledger locks, and sleep stays delayed`, async () => {
    await markPage();
    tell(command);
    await lockedPage();
    await unlock();
    await until("打开", () => window.run("return document.querySelector('[data-testid=nav-households]') !== null"));
    assert.deepEqual(said, []);
  });
}
