// The encrypted ledger through the real window: made, locked, opened again, its passphrase changed and forgotten, its key file
// lost, and the way from plain to encrypted and back. Locked, the window shows and holds nothing of a record.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
const FIRST = "木桶里有三只蓝色的猫";
const SECOND = "雨停了再去上屯看水渠";
const THIRD = "ba ge yue de cha you 9 sheng";
let window;
let ledger;
let recoveryKey;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("lock", () => window);

const hash = () => window.run("return location.hash");
const whole = () => window.run("return document.title + document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((field) => field.value).join()");
const textOf = (css) => window.run("return document.querySelector(arguments[0])?.textContent ?? ''", css);
const code = (command, args = {}) =>
  window.run("return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(() => 'done', (refused) => refused.code)", command, args);
const isPlain = (file) => readFileSync(file).subarray(0, 15).toString() === "SQLite format 3";
const copies = () => {
  const folder = ledger.replace(/\.zcj$/, ".备份");
  return readdirSync(folder).filter((name) => name.endsWith(".zcj")).map((name) => `${folder}/${name}`);
};

async function lock() {
  await window.lock();
  await until("已锁定", async () => (await code("undo_state").catch(() => "")) === "no_ledger");
}

/** Opens the locked ledger; waits out what an earlier wrong try has left. */
async function unlock(passphrase) {
  await window.type("[data-testid=unlock-passphrase]", passphrase);
  await window.clickCss("[data-testid=unlock-open]:not([disabled])");
}

async function openProtection() {
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-protection]");
}

async function noteRecoveryKey() {
  await window.element("[data-testid=recovery-key]");
  recoveryKey = (await textOf("[data-testid=recovery-key]")).trim();
  assert.match(recoveryKey, /^([2-9A-HJ-NP-Z]{5}-){5}[2-9A-HJ-NP-Z]{5}$/);
  assert.ok(await window.run("return document.querySelector('[data-testid=recovery-done]').disabled"), "not before it is noted");
}

async function leaveRecoveryKey() {
  await window.clickCss("[data-testid=recovery-noted]");
  await window.clickCss("[data-testid=recovery-done]:not([disabled])");
}

step("the first page asks for a passphrase, says how strong it is, and makes an encrypted ledger", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-member-0]", "罗启明");
  ledger = await textOf("[data-testid=new-path]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("请把口令输入两次");
  await window.type("[data-testid=new-passphrase-1]", "19860412");
  await until("太弱", async () => (await textOf("[data-testid=new-passphrase-strength]")).includes("太弱"));
  await window.type("[data-testid=new-passphrase-1]", FIRST);
  await window.type("[data-testid=new-passphrase-2]", FIRST);
  await until("较强", async () => (await textOf("[data-testid=new-passphrase-strength]")).includes("较强"));
  await window.picture("lock-1-new");
  await window.clickCss("[data-testid=new-create]");
  await noteRecoveryKey();
  await window.picture("lock-2-recovery-key");
  await leaveRecoveryKey();
  await window.shows("工作台");
  assert.ok(!isPlain(ledger) && existsSync(`${ledger}.key`), "the file is encrypted and has its key file");
  assert.equal(await window.run("return document.querySelector('[data-testid=plain-reminder]')"), null);
});

step("locked, the window holds no name, and the shell has no ledger", async () => {
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=record-new]");
  await window.clickCss('[data-testid="open-members.0"]');
  await window.field("members.0.name", "石老三");
  await window.save();
  // Half typed, and not saved.
  await window.field("address", "上屯3号水井旁");
  assert.ok((await whole()).includes("石老三"), "it is there before");
  const before = await hash();
  assert.match(before, /^#\/households\/[0-9a-f-]{36}/, "the record stands in the address");
  await lock();
  const html = await whole();
  for (const word of ["石老三", "上屯", "水井", "罗启明"]) assert.ok(!html.includes(word), `the locked page holds “${word}”`);
  assert.equal(await code("record_list", { kind: "household", query: { text: "", filters: {}, sort: null, offset: 0, limit: 1 } }), "no_ledger");
  assert.ok(!existsSync(`${ledger}-wal`), "the file is closed");
  assert.equal(await hash(), before);
  await window.picture("lock-3-locked");
});

step("a wrong passphrase waits; the right one leads back to the page, with what was half typed", async () => {
  const before = await hash();
  // What the button said at any time: the wait may be over before one looks.
  const listen = `window.said = new Set();
    const note = () => window.said.add(document.querySelector('[data-testid=unlock-open]')?.textContent.trim());
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });`;
  await window.run(listen);
  await window.type("[data-testid=unlock-passphrase]", "木桶里有四只蓝色的猫");
  await window.press("Enter");
  await until("口令不对", async () => (await textOf("[data-testid=unlock-failure]")).includes("口令不对"));
  await window.picture("lock-4-wrong");
  await until("要等", () => window.run("return [...window.said].some((text) => text?.includes('请等'))"));
  await until("可以再试", async () => !(await textOf("[data-testid=unlock-open]")).includes("请等"));
  // At once after a wrong one, without the page.
  const both = `const [path, wrong, right] = arguments;
    const open = (passphrase) => window.__TAURI_INTERNALS__.invoke("ledger_open", { path, secret: { passphrase } }).then(() => "opened", (refused) => refused.code);
    return open(wrong).then((first) => open(right).then((second) => [first, second]));`;
  assert.deepEqual(await window.run(both, ledger, "木桶里有五只蓝色的猫", FIRST), ["passphrase_wrong", "too_soon"], "the shell holds it up, not the page");
  await until("等完了", async () => (await window.run("return window.__TAURI_INTERNALS__.invoke('unlock_wait', { path: arguments[0] })", ledger)) === 0);
  await until("可以再试", async () => !(await textOf("[data-testid=unlock-open]")).includes("请等"));
  await unlock(FIRST);
  await window.element("[data-testid=draft-offer]");
  assert.equal(await hash(), before, "the same page");
  await window.clickText("继续填写");
  await until("草稿还在", async () => (await whole()).includes("上屯3号水井旁"));
  await window.save();
});

step("Ctrl+L locks also what a dialog lies over, and what was typed beneath it comes back", async () => {
  const over = {
    "一句话记录": async () => {
      await window.press("Control", "j");
      await window.type("[data-testid=quick-input]", "今天走访石老三");
    },
    搜索: async () => {
      await window.press("Control", "k");
      await window.type("[data-testid=search-field]", "石老三");
    },
    对话框: async () => {
      await window.clickCss("[data-testid=list-more]");
      await window.clickCss("[data-testid=list-more-export]");
      await window.element("[data-testid=list-export-run]");
    },
    提问: async () => {
      await window.clickCss("[data-testid=record-remove]");
      await window.element(".el-message-box");
    },
    下拉: async () => {
      await window.clickCss('[data-testid="field-village_id"] .el-select__wrapper');
      await window.element(".el-select-dropdown__item");
    },
    列筛选: async () => {
      await window.clickCss("[data-testid=funnel-head]");
      await window.element("[data-testid=column-filter]");
    },
  };
  let number = 4;
  for (const [what, open] of Object.entries(over)) {
    const address = `上屯${number++}号水井旁`;
    await window.field("address", address);
    await open();
    await lock();
    assert.ok(!(await whole()).includes("石老三"), `${what}: the locked page holds a name`);
    await unlock(FIRST);
    await window.element("[data-testid=draft-offer]");
    await window.clickText("继续填写");
    await until(`${what}：草稿还在`, async () => (await whole()).includes(address));
  }
  await window.save();
  const kept = await window.run("return window.__TAURI_INTERNALS__.invoke('draft_all').then((drafts) => JSON.stringify(drafts))");
  assert.ok(kept.includes("今天走访石老三"), "the sentence is kept as well");
});

step("a new passphrase takes the old one's place", async () => {
  await openProtection();
  await window.type("[data-testid=known-passphrase]", FIRST);
  await window.type("[data-testid=change-1]", SECOND);
  await window.type("[data-testid=change-2]", SECOND);
  await window.picture("lock-5-settings");
  await window.clickCss("[data-testid=passphrase-change]:not([disabled])");
  await window.shows("口令已修改");
  await lock();
  await unlock(FIRST);
  await until("口令不对", async () => (await textOf("[data-testid=unlock-failure]")).includes("口令不对"));
  await until("可以再试", async () => !(await textOf("[data-testid=unlock-open]")).includes("请等"));
  await unlock(SECOND);
  await window.element("[data-testid=key-cards]");
});

step("the recovery key opens it where the passphrase is forgotten, and gives it a new one", async () => {
  await lock();
  await window.clickCss("[data-testid=unlock-forgotten]");
  await window.type("[data-testid=unlock-recovery]", recoveryKey.toLowerCase().replaceAll("-", " "));
  await window.type("[data-testid=unlock-new-1]", THIRD);
  await window.type("[data-testid=unlock-new-2]", THIRD);
  await window.picture("lock-6-recovery");
  await window.clickCss("[data-testid=unlock-open]:not([disabled])");
  await window.element("[data-testid=key-cards]");
  await lock();
  await unlock(THIRD);
  await window.element("[data-testid=key-cards]");
});

step("a lost key file is fetched from a copy", async () => {
  await window.clickCss("[data-testid=ledger-switch]");
  await window.element("[data-testid=recent-0]");
  rmSync(`${ledger}.key`);
  await window.clickCss("[data-testid=recent-0]");
  await window.element("[data-testid=key-file-recover]");
  await window.picture("lock-7-key-file");
  await window.clickCss("[data-testid=key-file-recover]");
  await unlock(THIRD);
  await window.shows("工作台");
});

step("made plain, the ledger is reminded of it until that is put away; encrypted again, its plain copies can go", async () => {
  await openProtection();
  await window.type("[data-testid=known-passphrase]", THIRD);
  await window.clickCss("[data-testid=decrypt]:not([disabled])");
  await window.clickText("取消加密", ".el-message-box button, .el-message-box button span");
  await window.element("[data-testid=encrypt-card]");
  assert.ok(isPlain(ledger) && !existsSync(`${ledger}.key`));
  await window.element("[data-testid=plain-reminder]");
  await window.picture("lock-8-plain");
  await window.clickCss("[data-testid=plain-away]");
  await until("提醒收起", () => window.run("return document.querySelector('[data-testid=plain-reminder]') === null"));

  await window.type("[data-testid=encrypt-1]", FIRST);
  await window.type("[data-testid=encrypt-2]", FIRST);
  await window.clickCss("[data-testid=encrypt-now]:not([disabled])");
  await noteRecoveryKey();
  await leaveRecoveryKey();
  assert.ok(!isPlain(ledger));
  assert.ok(copies().some(isPlain), "the copy from before the encryption is plain");
  await window.element("[data-testid=plain-backups]");
  await window.picture("lock-9-plain-copies");
  await window.clickCss("[data-testid=plain-backups-drop]");
  await window.clickText("删除这些备份", ".el-message-box button, .el-message-box button span");
  await until("没有明文备份", async () => !copies().some(isPlain));
  await window.clickCss("[data-testid=nav-households]");
  await window.shows("石老三");
});
