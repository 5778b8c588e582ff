// 移交 through the real window: the file is written, its code shown once; a wrong code is told; with the right one the next
// team makes a ledger of its own, and is asked who types.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { makePlace, openWindow, steps, until } from "./driver.mjs";

const place = makePlace();
const OWN = "新来的书记爱吃酸汤鱼";
let window;
let ledger;
let file;
let code;

before(async () => {
  window = await openWindow(place);
  await window.size(1366, 768);
});

after(async () => {
  await window.close();
  place.remove();
});

const step = steps("handover", () => window);

async function unlock() {
  await window.type("[data-testid=unlock-passphrase]", OWN);
  await window.clickCss("[data-testid=unlock-open]:not([disabled])");
}

/** As the shell asks for it after a while, before sleep, or with a locked screen. */
const lock = () => window.lock(() => window.run("window.dispatchEvent(new Event('zhucun-lock'))").catch(() => undefined));

const textOf = (id) => window.run("return document.querySelector(`[data-testid=${arguments[0]}]`)?.textContent.trim() ?? ''", id);

step("a team hands its ledger over: the code is shown once, file and list lie in the folder", async () => {
  await window.clickCss("[data-testid=start-new]");
  await window.type("[data-testid=new-team] input", "青坪乡石门村驻村工作队");
  await window.type("[data-testid=new-township]", "青坪乡");
  await window.type("[data-testid=new-village-0]", "石门村");
  ledger = await textOf("new-path");
  await window.clickCss("[data-testid=new-plain]");
  await window.clickCss("[data-testid=new-create]");
  await window.shows("工作台");
  await window.clickCss("[data-testid=nav-households]");
  await window.clickCss("[data-testid=record-new]");
  await window.clickCss('[data-testid="open-members.0"]');
  await window.field("members.0.name", "欧阳木兰");
  await window.save();
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-backups]");
  await window.clickCss("[data-testid=hand-over]");
  await window.shows("农户1");
  await window.picture("handover-before");
  await window.clickCss("[data-testid=hand-over-run]");
  code = await until("显示交接码", () => textOf("hand-over-code"));
  assert.match(code, /^([2-9A-HJ-NP-Z]{5}-){3}[2-9A-HJ-NP-Z]{5}$/);
  await window.picture("handover-done");
  const folder = dirname(ledger);
  const made = readdirSync(folder).filter((name) => name.startsWith("移交-"));
  file = join(folder, made.find((name) => name.endsWith(".zcjy")));
  const bytes = readFileSync(file);
  assert.ok(!bytes.includes("欧阳木兰") && !bytes.includes(code), "nothing can be read from the file");
  const list = made.find((name) => name.endsWith(".pdf"));
  assert.ok(list ? readFileSync(join(folder, list)).subarray(0, 4).equals(Buffer.from("%PDF")) : (await window.pageText()).includes("字体"));
  // It does not go with a slip: only once the code is said to be noted.
  assert.equal(await window.run("return document.querySelector('[data-testid=hand-over-close]').disabled"), true);
  await window.clickCss("[data-testid=hand-over-noted]");
  await window.clickCss("[data-testid=hand-over-close]");
  await until("交接码不见了", async () => !(await window.pageText()).includes(code));
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-exports]");
  await window.shows("整本台账移交");
});

step("a wrong code is told, the right one shows what is in the file", async () => {
  await window.clickCss("[data-testid=ledger-switch]");
  await window.clickCss("[data-testid=start-receive]");
  await window.type("[data-testid=take-over-file]", ledger);
  await window.press("Tab");
  await until("不是移交文件", async () => (await textOf("take-over-wrong")).includes("不是驻村记的移交文件"));
  await window.type("[data-testid=take-over-file]", file);
  await window.press("Tab");
  await window.type("[data-testid=take-over-code]", code.replace(/.$/, (last) => (last === "2" ? "3" : "2")));
  await window.clickCss("[data-testid=take-over-check]");
  await until("抄错了", async () => (await textOf("take-over-wrong")).includes("交接码输入有误"));
  await window.type("[data-testid=take-over-code]", code.toLowerCase());
  await window.clickCss("[data-testid=take-over-check]");
  await window.shows("农户1");
});

step("the next team sets its own passphrase, notes its recovery key, and is asked who types", async () => {
  const before = readFileSync(file);
  await window.type("[data-testid=take-over-passphrase-1]", OWN);
  await window.type("[data-testid=take-over-passphrase-2]", OWN);
  await window.picture("handover-take");
  const path = await textOf("take-over-path");
  await window.clickCss("[data-testid=take-over-run]");
  await window.element("[data-testid=recovery-sheet]");
  await window.clickCss("[data-testid=recovery-noted]");
  await window.clickCss("[data-testid=recovery-done]");
  await window.element("[data-testid=taken-over]");
  await window.picture("handover-home");
  assert.ok(existsSync(path) && existsSync(`${path}.key`));
  assert.ok(!readFileSync(path).subarray(0, 6).equals(Buffer.from("SQLite")), "it is encrypted");
  assert.ok(readFileSync(file).equals(before), "the file is only read");
  await window.clickCss("[data-testid=nav-households]");
  await window.shows("欧阳木兰");
});

step("once somebody of the new team is chosen, nothing asks any more", async () => {
  await window.clickCss("[data-testid=nav-home]");
  await window.clickCss("[data-testid=taken-over-members]");
  await window.field("name", "覃新");
  await window.save();
  await window.clickCss("[data-testid=nav-home]");
  await window.clickCss("[data-testid=typing-member] .el-select__wrapper, [data-testid=typing-member]");
  await window.clickText("覃新", ".el-select-dropdown__item, .el-select-dropdown__item span");
  await until("不再提示", async () => (await window.all("[data-testid=taken-over]")).length === 0);
});

step("a code that was not noted when the window was locked or closed stands there again, until it is", async () => {
  const heading = () => window.run("return document.querySelector('[data-testid=hand-over-waiting]')?.textContent ?? ''");
  await window.clickCss("[data-testid=nav-settings]");
  await window.clickCss("[data-testid=settings-backups]");
  await window.clickCss("[data-testid=hand-over]");
  await window.clickCss("[data-testid=hand-over-run]");
  const shown = await until("显示交接码", () => textOf("hand-over-code"));
  await lock();
  await until("锁定的页面没有交接码", async () => !(await window.run("return document.documentElement.outerHTML")).includes(shown));
  await unlock();
  await until("又显示交接码", async () => (await heading()).includes(shown));
  await window.picture("handover-again");
  await window.close();
  window = await openWindow(place);
  await window.size(1366, 768);
  await window.clickCss("[data-testid=recent-0]");
  await unlock();
  await until("还显示交接码", async () => (await heading()).includes(shown));
  await window.clickCss("[data-testid=hand-over-waiting] [data-testid=hand-over-noted]");
  await window.clickCss("[data-testid=hand-over-waiting-close]");
  await until("交接码不见了", async () => !(await window.pageText()).includes(shown));
  await lock();
  await unlock();
  await window.element("[data-testid=nav-households]");
  assert.equal(await heading(), "", "what is noted is kept nowhere");
});
