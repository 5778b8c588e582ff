// Copies through the real window: made by hand and by themselves, carried to a second place, brought back and taken back;
// a damaged ledger is made anew from its latest good copy.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
const stick = join(place.folder, "优盘");
let window;
let ledger;

before(async () => {
  mkdirSync(stick);
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("backup", () => window);

const copies = () => {
  const folder = ledger.replace(/\.zcj$/, ".备份");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".zcj")) : [];
};
const count = () => window.run("return document.querySelector('[data-testid=list-count]')?.textContent ?? ''");
const rows = (text) => until(`列表有${text}`, async () => (await count()).includes(text));
const invoke = (command, args = {}) => window.run("return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])", command, args);
const digest = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

async function addHousehold(name) {
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=record-new]");
  await window.clickCss('[data-testid="open-members.0"]');
  await window.field("members.0.name", name);
  await window.save();
}

async function openBackups() {
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-backups]");
  await window.element("[data-testid=backup-now]");
}

/** What the list says of each copy, once all are looked into. */
const differences = (wanted) =>
  until("备份都核对过", async () => {
    const found = await window.run("return [...document.querySelectorAll('[data-testid=backup-difference]')].map((cell) => cell.textContent.trim())");
    return found.length === wanted ? found : null;
  });

step("a ledger with one household is copied by hand, and the list says what the copy holds", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  ledger = await window.run("return document.querySelector('[data-testid=new-path]').textContent.trim()");
  await window.clickCss("[data-testid=new-plain]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("工作台");
  await addHousehold("石老三");
  await openBackups();
  await window.element("[data-testid=backups-empty]");
  await window.picture("backup-1-empty");
  await window.clickCss("[data-testid=backup-now]");
  assert.deepEqual(await differences(1), ["条数相同"]);
  assert.equal(copies().length, 1, "the copy lies beside the ledger");
});

step("a second place gets the same bytes, and the page says when the stick can be taken out", async () => {
  // The system's dialog cannot be driven; choosing a place ends in this command.
  await invoke("backup_place", { folder: stick });
  await window.clickCss("[data-testid=settings-bin]");
  await openBackups();
  await window.clickCss("[data-testid=backup-carry]");
  await until("可以拔出", async () => (await window.run("return document.querySelector('[data-testid=second-state]').textContent")).includes("可以拔出"));
  const [there] = readdirSync(join(stick, "青坪乡石门村驻村工作队台账.备份"));
  assert.equal(digest(join(stick, "青坪乡石门村驻村工作队台账.备份", there)), digest(join(ledger.replace(/\.zcj$/, ".备份"), there)));
  await window.picture("backup-2-carried");
});

step("a restore is asked with its difference, done, and taken back", async () => {
  await addHousehold("潘七");
  await addHousehold("覃小满");
  await openBackups();
  assert.deepEqual([...new Set(await differences(2))], ["现在多2户、2人"]);
  await window.picture("backup-3-list");
  await window.clickCss("[data-testid=backup-restore]");
  await window.element("[data-testid=restore-confirm]");
  await window.picture("backup-4-restore");
  await window.clickCss("[data-testid=restore-confirm]");
  await window.element("[data-testid=restore-undo]");
  assert.equal(copies().filter((name) => name.includes("恢复前")).length, 1, "what was replaced is a copy");
  await window.picture("backup-5-restored");
  await window.clickCss("[data-testid=nav-households]");
  await rows("1 条");
  await window.clickCss("[data-testid=nav-settings]");
  await openBackups();
});

step("the copy of what was replaced takes the restore back", async () => {
  await window.retry(async () => {
    const id = await window.run(
      "return [...document.querySelectorAll('[data-testid=backup-row]')].find((row) => row.textContent.includes('恢复前'))?.querySelector('[data-testid=backup-restore]') ?? null",
    );
    await window.click(Object.values(id)[0]);
  });
  await window.clickCss("[data-testid=restore-confirm]");
  await window.element("[data-testid=restore-undo]");
  await window.clickCss("[data-testid=nav-households]");
  await rows("3 条");
});

step("closing the ledger copies it, once for the same state", async () => {
  await addHousehold("罗启明");
  await window.clickCss("[data-testid=ledger-switch]");
  await window.element("[data-testid=recent-0]");
  const closed = copies().filter((name) => name.includes("关闭时"));
  assert.equal(closed.length, 1);
  await window.clickCss("[data-testid=recent-0]");
  await window.shows("工作台");
  await window.clickCss("[data-testid=ledger-switch]");
  await window.element("[data-testid=recent-0]");
  assert.deepEqual(copies().filter((name) => name.includes("关闭时")), closed, "nothing had changed");
});

step("a closed ledger's copy is carried to the second place by itself; one that is missing is told the next time", async () => {
  const folder = join(stick, "青坪乡石门村驻村工作队台账.备份");
  assert.ok(readdirSync(folder).some((name) => name.includes("关闭时")), "the copy of the last closing is there");
  renameSync(stick, `${stick}-口袋里`);
  await window.clickCss("[data-testid=recent-0]");
  await window.shows("工作台");
  assert.equal(await window.run("return document.querySelector('[data-testid=missed-reminder]')"), null, "it had what there is");
  await addVisitPlan();
  await window.clickCss("[data-testid=ledger-switch]");
  await window.clickCss("[data-testid=recent-0]");
  await window.element("[data-testid=missed-reminder]");
  await window.shows("上次关闭时没有拷到");
  await window.picture("backup-7-missed");
  renameSync(`${stick}-口袋里`, stick);
  const before = readdirSync(folder).length;
  await window.clickCss("[data-testid=missed-carry]");
  await until("提醒没有了", () => window.run("return document.querySelector('[data-testid=missed-reminder]') === null"));
  assert.ok(readdirSync(folder).length > before, "carried now");
  await window.clickCss("[data-testid=ledger-switch]");
  await window.element("[data-testid=recent-0]");
});

step("a damaged ledger offers its latest good copy, which makes it anew; the damaged file stays", async () => {
  const bytes = readFileSync(ledger);
  writeFileSync(ledger, Buffer.concat([Buffer.from("坏了"), bytes.subarray(64)]));
  await window.clickCss("[data-testid=recent-0]");
  await window.element("[data-testid=recover-0]");
  await window.picture("backup-6-recover");
  await window.clickCss("[data-testid=recover-0]");
  await window.shows("工作台");
  await window.clickCss("[data-testid=nav-households]");
  await rows("4 条");
  const kept = readdirSync(join(ledger, "..")).filter((name) => name.includes("已损坏"));
  assert.equal(kept.length, 1, "the damaged file is kept under another name");
});

step("closing the window keeps what was typed and copies the ledger first", async () => {
  await window.clickCss("[data-testid=record-new]");
  await window.clickCss('[data-testid="open-members.0"]');
  await window.field("members.0.name", "莫大哥");
  const before = copies().length;
  await addVisitPlan();
  await window.run("window.dispatchEvent(new Event('zhucun-closing'))").catch(() => undefined);
  await until("窗口已关", () => window.call("GET", "title").then(() => false, () => true));
  assert.equal(copies().length, before + 1, "closing made a copy of what had changed");
  await window.close();
  window = await openWindow(place);
  await window.clickCss("[data-testid=recent-0]");
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=record-new]");
  await window.clickText("继续填写");
  await window.clickCss('[data-testid="open-members.0"]');
  await until("草稿还在", () => window.run("return [...document.querySelectorAll('input')].some((field) => field.value === '莫大哥')"));
});

/** A change of a record, so that there is something to copy. */
async function addVisitPlan() {
  const draft = await invoke("record_blank", { kind: "plan" });
  await invoke("record_save", { request: { kind: "plan", id: null, version: null, draft: { ...draft, title: "修好水渠" }, keep: [] } });
}
