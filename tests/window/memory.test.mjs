// The memory of the program after its window was locked: neither the passphrase nor the key of the pages is left in it. What is left in the
// processes of the web view, which cannot be wiped from here, is told and not judged.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { ROOT, makePlace, openWindow, steps, until } from "./driver.mjs";
import { countIn, processesOf } from "./memory.mjs";

const place = makePlace();
// The window is driven through the program itself: what a test hands to the page as one text would be found there. So these are only
// ever typed key by key.
const PASSPHRASE = "木桶里有三只蓝色的猫";
const NAME = "欧阳木兰";
let window;
let ledger;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("memory", () => window);

async function typeByKeys(css, text) {
  const field = await window.element(`${css} input, input${css}`);
  for (const key of text) await window.call("POST", `element/${field}/value`, { text: key });
  await until(`${css}已输入`, () => window.run("return arguments[0].value.length === arguments[1]", { "element-6066-11e4-a52e-4f735466cecf": field }, text.length));
}

async function unlock() {
  await typeByKeys("[data-testid=unlock-passphrase]", PASSPHRASE);
  await window.clickCss("[data-testid=unlock-open]:not([disabled])");
  await window.element("[data-testid=nav-households]");
}

async function lock() {
  await window.lock();
  const open = () => window.run("return window.__TAURI_INTERNALS__.invoke('undo_state').then(() => 'open', (refused) => refused.code)").catch(() => "");
  await until("已锁定", async () => (await open()) === "no_ledger");
}

function wanted() {
  const told = spawnSync(join(ROOT, "target/debug/page-key"), [ledger], { input: PASSPHRASE, encoding: "utf8" });
  assert.equal(told.status, 0, told.stderr);
  const key = told.stdout.trim();
  const texts = (name, text) => [
    { name, bytes: Buffer.from(text) },
    { name: `${name}, UTF-16`, bytes: Buffer.from(text, "utf16le") },
  ];
  const keys = [key, key.toUpperCase()].map((digits, nth) => ({ name: `key in letters ${nth}`, bytes: Buffer.from(digits) }));
  return [{ name: "key", bytes: Buffer.from(key, "hex") }, ...keys, ...texts("passphrase", PASSPHRASE), ...texts("name", NAME)];
}

step("an encrypted ledger with somebody in it is made, locked and opened again", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  ledger = await window.run("return document.querySelector('[data-testid=new-path]').textContent.trim()");
  await typeByKeys("[data-testid=new-passphrase-1]", PASSPHRASE);
  await typeByKeys("[data-testid=new-passphrase-2]", PASSPHRASE);
  await window.clickCss("[data-testid=new-create]");
  await window.clickCss("[data-testid=recovery-noted]");
  await window.clickCss("[data-testid=recovery-done]:not([disabled])");
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=record-new]");
  await window.clickCss('[data-testid="open-members.0"]');
  await typeByKeys('[data-testid="field-members.0.name"]', NAME);
  await window.save();
  await lock();
  await unlock();
});

step("locked, the program has neither key nor passphrase in its memory", async (context) => {
  const processes = processesOf(place);
  const program = processes.find(({ name }) => name === "zhucunji");
  assert.ok(program, JSON.stringify(processes));
  try {
    readFileSync(`/proc/${program.pid}/maps`);
    countIn(program.pid, [{ name: "any", bytes: Buffer.from("zhucunji") }]);
  } catch (error) {
    return context.skip(`the memory of another process cannot be read here (${error.code})`);
  }
  const patterns = wanted();
  const look = () => Object.fromEntries(processes.map(({ pid, name }) => [name, countIn(pid, patterns)]));
  const open = look();
  context.diagnostic(`open: ${JSON.stringify(open)}`);
  assert.ok(open.zhucunji.key > 0, "while it is open the key is there, and the scan finds it");
  await lock();
  const locked = look();
  context.diagnostic(`locked: ${JSON.stringify(locked)}`);
  const left = ({ zhucunji }) => Object.entries(zhucunji).filter(([name, times]) => times > 0 && !name.startsWith("name"));
  assert.deepEqual(left(locked).filter(([name]) => name.startsWith("key")), [], "the key goes with the ledger");
  // The web view keeps a message in buffers of its own for a while; the next ones are written over it.
  await until("口令不在内存里", async () => {
    await window.run("return window.__TAURI_INTERNALS__.invoke('passphrase_strength', { passphrase: 'x'.repeat(40) })");
    return left(look()).length === 0;
  });
});
