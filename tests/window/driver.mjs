// Drives the real window through WebKitWebDriver: start, find, type, look. No waiting by the clock: every wait is for a condition.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const PROGRAM = process.env.ZHUCUN_PROGRAM ?? join(ROOT, "target/debug/zhucunji");
const SHOTS = process.env.ZHUCUN_SHOTS ?? join(ROOT, "tests/window/shots");
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE_MS = 45_000;

/** A folder of its own for a test: the window's documents and settings lie in it. */
export function makePlace() {
  const folder = mkdtempSync(join(tmpdir(), "zhucunji-window-"));
  return { folder, documents: join(folder, "文档"), config: join(folder, "config"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Names of the copies that a place's ledgers have beside them. */
export function copiesIn(place) {
  const folder = join(place.documents, "驻村记");
  return readdirSync(folder, { recursive: true }).filter((name) => name.includes(".备份") && name.endsWith(".zcj"));
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Opens the program's window; `place` says where its documents lie. */
export async function openWindow(place) {
  mkdirSync(place.documents, { recursive: true });
  const port = await freePort();
  // Nothing of an earlier run is remembered, neither by the program nor by its web view.
  const own = { XDG_DATA_HOME: join(place.folder, "data"), XDG_CACHE_HOME: join(place.folder, "cache") };
  const env = { ...process.env, ...own, ZHUCUN_DOCUMENTS: place.documents, ZHUCUN_CONFIG: place.config, ZHUCUN_TODAY: "2026-06-20", TAURI_WEBVIEW_AUTOMATION: "true", LANG: "zh_CN.UTF-8" };
  const service = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { env, stdio: ["ignore", "inherit", "inherit"], detached: true });
  const base = `http://127.0.0.1:${port}`;
  const stop = () => {
    try {
      process.kill(-service.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  try {
    await until("WebKitWebDriver answers", () => fetch(`${base}/status`).then((answer) => answer.ok, () => false));
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary: PROGRAM, args: [] } } };
    const session = await send(`${base}/session`, "POST", { capabilities });
    return new Window(`${base}/session/${session.sessionId}`, stop);
  } catch (error) {
    stop();
    throw error;
  }
}

async function send(url, method, body) {
  const answer = await fetch(url, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(`${value.error}: ${value.message}`), { code: value.error });
  return value;
}

/** Tests that build on one another: once one failed, with a picture of what the window showed, those after it are skipped. */
export function steps(name, window) {
  let failed = false;
  return (title, work) =>
    test(title, async (context) => {
      if (failed) return context.skip("an earlier step failed");
      failed = true;
      await work(context).catch(async (error) => {
        await window()
          ?.shot(`${name}-failed`)
          .catch(() => null);
        // Where no picture can be looked at, the words on the page tell why.
        const seen = await window()
          ?.pageText()
          .catch(() => "");
        if (seen) error.message += `\n页面上：${seen.replace(/\s+/g, " ").slice(-800)}`;
        throw error;
      });
      failed = false;
    });
}

/** Asks again until the answer is true-ish; fails with what was waited for. */
export async function until(what, ask, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`等不到：${what}`);
    await new Promise((next) => setTimeout(next, 25));
  }
}

export class Window {
  constructor(url, stop) {
    this.url = url;
    this.stop = stop;
  }

  call(method, path, body) {
    return send(`${this.url}/${path}`, method, body);
  }

  /** Runs a function's body in the page. */
  run(script, ...args) {
    return this.call("POST", "execute/sync", { script, args });
  }

  async all(css) {
    return (await this.call("POST", "elements", { using: "css selector", value: css })).map((found) => found[ELEMENT]);
  }

  /** The first visible element of a selector, waited for. */
  element(css) {
    return until(css, async () => {
      for (const id of await this.all(css)) if (await this.call("GET", `element/${id}/displayed`).catch(() => false)) return id;
      return null;
    });
  }

  /** The first visible element that holds exactly this text, waited for. */
  text(text, css = "button, a, label, span, div, h1, h2, h3, li, td, p") {
    const script = `const [text, css] = arguments;
      const seen = (e) => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0 && getComputedStyle(e).visibility !== "hidden"; };
      const all = [...document.querySelectorAll(css)].filter((e) => e.textContent.trim() === text && seen(e));
      return all.sort((a, b) => a.querySelectorAll("*").length - b.querySelectorAll("*").length)[0] ?? null;`;
    return until(text, async () => (await this.run(script, text, css))?.[ELEMENT]);
  }

  async click(id) {
    await this.run("arguments[0].scrollIntoView({ block: 'center' })", { [ELEMENT]: id });
    // What is still unfolding would be clicked beside the point where it ends up.
    const still = `const [element] = arguments;
      const place = () => { const r = element.getBoundingClientRect(); return [r.x, r.y, r.width, r.height].join(); };
      return new Promise((done) => { let last = place(); let left = 120; const look = () => { const now = place(); if (now === last || left-- === 0) done(true); else { last = now; requestAnimationFrame(() => requestAnimationFrame(look)); } }; requestAnimationFrame(() => requestAnimationFrame(look)); });`;
    await this.run(still, { [ELEMENT]: id });
    const place = (await this.run("return arguments[0].closest('nav a')?.getAttribute('data-testid') ?? null", { [ELEMENT]: id })) ?? null;
    await this.call("POST", `element/${id}/click`, {});
    // The place that was left shows parts of the same names until the next one is there.
    if (place) await until(`到了${place}`, () => this.run("return document.querySelector(`[data-testid=${arguments[0]}]`)?.getAttribute('aria-current') === 'page'", place));
  }

  async clickCss(css) {
    await this.retry(async () => this.click(await this.element(css)));
  }

  async clickText(text, css) {
    await this.retry(async () => this.click(await this.text(text, css)));
  }

  /** Pages redraw under the driver's hands; what was replaced in between is looked up again. */
  async retry(work) {
    let last;
    return until("元素可以操作", async () => {
      try {
        await work();
        return true;
      } catch (error) {
        if (!["stale element reference", "element click intercepted", "element not interactable"].includes(error.code)) throw error;
        last = error;
        return false;
      }
    }).catch((error) => {
      throw last ?? error;
    });
  }

  /** Types into a field in place of what was there; `left` is what stays in the field where it takes some of it away. */
  async type(css, text, left = text) {
    await this.retry(async () => {
      // The text field itself, or the one inside the part that was named.
      const inner = "const [part] = arguments; const field = part.matches('input, textarea') ? part : part.querySelector('input, textarea'); field?.focus(); field?.select(); return field;";
      const id = (await this.run(inner, { [ELEMENT]: await this.element(css) }))?.[ELEMENT];
      await this.call("POST", `element/${id}/value`, { text });
      // The driver answers before the page has all the keys.
      await until(`输入“${text}”`, () => this.run("return arguments[0].value === arguments[1]", { [ELEMENT]: id }, left));
    });
  }

  /** Presses keys, such as ["Control", "z"]. */
  async press(...keys) {
    const codes = { Control: "\uE009", Shift: "\uE008", Alt: "\uE00A", Home: "\uE011", End: "\uE010", PageDown: "\uE00F", Space: " ", Enter: "\uE007", Escape: "\uE00C", Tab: "\uE004", ArrowUp: "\uE013", ArrowDown: "\uE015", F10: "\uE03A", Backspace: "\uE003" };
    const values = keys.map((key) => codes[key] ?? key);
    const actions = [...values.map((value) => ({ type: "keyDown", value })), ...[...values].reverse().map((value) => ({ type: "keyUp", value }))];
    await this.call("POST", "actions", { actions: [{ type: "key", id: "keys", actions }] });
  }

  /** Locks. The page is loaded anew on the way; what is asked or typed too early would go with the old one. */
  async lock(how = () => this.press("Control", "l")) {
    await this.run("window.isBeforeLocking = true");
    await how();
    await until("页面已重新载入", () => this.run("return window.isBeforeLocking === undefined").catch(() => false));
    await this.element("[data-testid=unlock]");
  }

  /** Types into the form field of a path. */
  field(path, text) {
    return this.type(`[data-testid="field-${path}"]`, text);
  }

  /** Chooses an option of a form field's list; `typed` narrows lists that look records up. */
  async choose(path, option, typed) {
    const select = `[data-testid="field-${path}"] .el-select`;
    const ask = (script) => this.run(`const select = document.querySelector(arguments[0]); return ${script}`, select);
    await this.element(select);
    // What is chosen, not what was typed to find it: the field holds that as well.
    const isChosen = async () => (await ask("[...select.querySelectorAll('.el-select__selected-item:not(.el-select__input-wrapper)')].map((item) => item.textContent).join()")).includes(option);
    // The list unfolds while the driver clicks; a click that met it on its way is made again.
    await until(`选择“${option}”`, async () => {
      if (await isChosen()) return true;
      if (!(await ask("select.querySelector('input').getAttribute('aria-expanded') === 'true'"))) await this.clickCss(`${select} .el-select__wrapper`);
      if (typed) await this.type(`${select} input`, typed);
      await this.clickText(option, ".el-select-dropdown__item, .el-select-dropdown__item span");
      return isChosen();
    });
  }

  /** Presses a choice that lies open: chips, radio buttons. */
  pick(path, option) {
    return this.clickText(option, `[data-testid="field-${path}"] button, [data-testid="field-${path}"] label, [data-testid="field-${path}"] span`);
  }

  /** Saves the open form and waits until the core has it. */
  async save() {
    await this.clickCss("[data-testid=record-save]");
    await this.stored();
  }

  /** Waits until the open form shows a stored record: one that has a history. */
  stored() {
    return until("记录已保存", () => this.run("return document.querySelector('[data-testid=record-history]') !== null && document.querySelector('[data-testid=record-state]').textContent.trim() === ''"));
  }

  pageText() {
    return this.run("return document.body.innerText");
  }

  /** Waits until the page shows a text. */
  async shows(text) {
    await until(`页面显示“${text}”`, async () => (await this.pageText()).includes(text)).catch(async (error) => {
      await this.shot(`failed-${text.slice(0, 20)}`);
      throw error;
    });
  }

  async size(width, height) {
    await this.call("POST", "window/rect", { width, height });
  }

  async shot(name) {
    mkdirSync(SHOTS, { recursive: true });
    const file = join(SHOTS, `${name.replace(/[^\p{L}\p{N}-]/gu, "_")}.png`);
    // The driver waits for the next picture that the page draws, and a page at rest draws none: a dot that nobody sees changes
    // until the picture is taken.
    const stir = `const dot = document.createElement("i");
      Object.assign(dot.style, { position: "fixed", left: 0, top: 0, width: "1px", height: "1px", pointerEvents: "none" });
      document.documentElement.append(dot);
      globalThis.stirring = dot;
      let odd = false;
      const frame = () => { dot.style.background = (odd = !odd) ? "#00000001" : "#00000002"; if (dot.isConnected) requestAnimationFrame(frame); };
      frame();`;
    await this.run(stir);
    try {
      writeFileSync(file, Buffer.from(await this.call("GET", "screenshot"), "base64"));
    } finally {
      await this.run("globalThis.stirring?.remove(); delete globalThis.stirring;").catch(() => undefined);
    }
    return file;
  }

  /** A picture once everything has come to rest. */
  async picture(name) {
    const rest = `const frame = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
      return frame().then(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))).then(frame).then(() => true)`;
    await this.run(rest);
    return this.shot(name);
  }

  async close() {
    await this.call("DELETE", "").catch(() => undefined);
    this.stop();
  }
}
