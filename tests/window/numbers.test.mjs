// Numbers of people through the real window: covered in lists and forms, shown when somebody asks, which is noted; covered again
// when one comes back or the window was locked. What covers a number is never saved in its place.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
const PASSPHRASE = "木桶里有三只蓝色的猫";
const [PHONE, ID_NUMBER] = ["13900001111", "990101196503121014"];
const COVERED = "139****1111";
let window;
let household;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("numbers", () => window);

const invoke = (command, args = {}) => window.run("return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])", command, args);
const draft = async () => (await invoke("record_get", { kind: "household", id: household })).draft;
/** Everything that the page shows or holds in a field. */
const whole = () => window.run("return document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((field) => field.value).join()");
const listShows = (text) => until(`列表显示${text}`, () => window.run("return document.querySelector('[data-testid=list]')?.innerText.includes(arguments[0])", text));
const value = (path) => window.run("return document.querySelector(`[data-testid=\"field-${arguments[0]}\"] input`)?.value ?? null", path);
const holds = (path, text) => until(`${path} 是 ${text}`, async () => (await value(path)) === text);
const logged = () => window.run("return [...document.querySelectorAll('[data-testid=export-row]')].map((row) => row.innerText.replace(/\\s+/g, ' ').trim())");

async function openLog() {
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-exports]");
  await window.element("[data-testid=export-row]");
}

async function openHousehold() {
  await window.clickCss("[data-testid=nav-households]");
  await window.clickText("石老三", "td, div, span");
  await window.element('[data-testid="field-phone"]');
}

step("a household with numbers is entered; they are seen while they are typed", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  await window.type("[data-testid=new-member-0]", "罗启明");
  await window.type("[data-testid=new-passphrase-1]", PASSPHRASE);
  await window.type("[data-testid=new-passphrase-2]", PASSPHRASE);
  await window.clickCss("[data-testid=new-create]");
  await window.clickCss("[data-testid=recovery-noted]");
  await window.clickCss("[data-testid=recovery-done]:not([disabled])");
  await window.shows("工作台");
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=record-new]");
  await window.clickCss('[data-testid="open-members.0"]');
  await window.field("members.0.name", "石老三");
  await window.field("members.0.id_number", ID_NUMBER);
  await window.field("phone", PHONE);
  await window.save();
  household = /households\/([0-9a-f-]{36})/.exec(await window.run("return location.hash"))[1];
});

step("list and form cover them", async () => {
  await window.clickCss("[data-testid=record-close]");
  await listShows(COVERED);
  await openHousehold();
  await holds("phone", COVERED);
  await window.clickCss('[data-testid="open-members.0"]');
  await holds("members.0.id_number", "990101********1014");
  const page = await whole();
  for (const number of [PHONE, ID_NUMBER]) assert.ok(!page.includes(number), `the page shows ${number}`);
  await window.picture("numbers-1-covered");
});

step("saved without having been shown, they are as they were; typing into a covered field changes nothing", async () => {
  await window.run("document.querySelector('[data-testid=\"field-phone\"] input').focus()");
  await window.press("5");
  await window.press("Backspace");
  await window.field("address", "下屯3号");
  await window.save();
  const { phone, address, members } = await draft();
  assert.deepEqual([phone, address, members[0].id_number], [PHONE, "下屯3号", ID_NUMBER]);
});

step("one field is shown when it is asked for, and can be changed", async () => {
  await window.clickCss('[data-testid="number-show-phone"]');
  await holds("phone", PHONE);
  await window.clickCss('[data-testid="open-members.0"]');
  await holds("members.0.id_number", "990101********1014");
  await window.picture("numbers-2-field");
  await window.field("phone", "13900002222");
  await window.save();
  await holds("phone", "139****2222");
  assert.equal((await draft()).phone, "13900002222");
  await window.clickCss("[data-testid=record-history]");
  await window.shows("139****1111 → 139****2222");
  await window.picture("numbers-3-history");
  await window.clickCss("[data-testid=history-back-1]");
  await window.clickText("恢复成这样", ".el-message-box button, .el-message-box button span");
  await until("恢复了", async () => (await draft()).phone === PHONE);
  await window.clickCss("[data-testid=record-close]");
});

step("the list is shown whole, copied and covered again", async () => {
  await window.clickCss("[data-testid=list-numbers]");
  await listShows(PHONE);
  await window.picture("numbers-4-list");
  await window.clickCss("[data-testid=list-numbers]");
  await listShows(COVERED);
  await window.clickCss("[data-testid=list-numbers]");
  await listShows(PHONE);
  await window.clickCss("[data-testid=nav-visits]");
  await window.clickCss("[data-testid=nav-households]");
  await listShows(COVERED);
});

step("a sheet of the covered list holds no whole number, and the list is searched by the whole one", async () => {
  await window.type("[data-testid=list-search]", "1390000");
  await listShows(COVERED);
  await window.clickCss("[data-testid=list-more]");
  await window.clickCss("[data-testid=list-more-export]");
  await window.shows("和屏幕上一样遮住一部分");
  await window.picture("numbers-5-export");
  await window.clickCss("[data-testid=list-export-run]:not([disabled])");
  await window.clickCss("[data-testid=list-export-close]");
  const folder = join(place.documents, "驻村记");
  const book = join(folder, readdirSync(folder).find((name) => name.endsWith(".xlsx")));
  const unpack = "import sys, zipfile; book = zipfile.ZipFile(sys.argv[1]); sys.stdout.buffer.write(b''.join(map(book.read, book.namelist())))";
  const sheet = execFileSync("python3", ["-c", unpack, book]).toString();
  assert.ok(sheet.includes(COVERED) && !sheet.includes(PHONE), "the sheet shows what the list shows");
});

step("the log tells who looked at what, and no number", async () => {
  await openLog();
  const rows = await logged();
  await window.picture("numbers-6-log");
  assert.match(rows[0], /罗启明 列表 农户台账 号码遮住 XLSX/);
  assert.match(rows[1], /罗启明 查看号码 农户列表，1条$/);
  assert.match(rows[3], /罗启明 查看号码 农户：联系电话 · 石老三$/);
  assert.equal(rows.length, 4);
  assert.ok(!(await whole()).includes("13900"), "the log holds a number");
});

step("locked and opened again, the list is covered", async () => {
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=list-numbers]");
  await listShows(PHONE);
  await window.lock();
  await window.type("[data-testid=unlock-passphrase]", PASSPHRASE);
  await window.clickCss("[data-testid=unlock-open]:not([disabled])");
  await listShows(COVERED);
  assert.ok(!(await whole()).includes(PHONE));
});
