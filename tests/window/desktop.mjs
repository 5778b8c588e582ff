// What the driver cannot reach: the system's own dialogs and clipboard, by real keys and with real windows of the display.
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT, until } from "./driver.mjs";

const tool = (...args) => execFileSync("xdotool", args, { env: { ...process.env, LC_ALL: "C.UTF-8" }, encoding: "utf8" }).trim();

/** The program's windows that are seen, each with its title. */
function windows() {
  let ids;
  try {
    ids = tool("search", "--onlyvisible", "--class", "zhucunji");
  } catch {
    return [];
  }
  return ids.split("\n").flatMap((id) => {
    try {
      return [{ id, title: tool("getwindowname", id) }];
    } catch {
      // It was closed in between.
      return [];
    }
  });
}

const MAIN = "驻村记";
const titled = (title) => windows().find((window) => window.title === title);

/** Waits for a dialog of the system's and gives it the keys, as a window manager would. */
export async function dialog(title) {
  const { id } = await until(`系统对话框“${title}”`, () => titled(title));
  focus(id);
  return {
    /** Types a path, which opens the dialog's line for one, and confirms it. */
    async choose(path) {
      tool("type", "--window", id, "--delay", "15", path);
      await closedBy("Return");
    },
    cancel: () => closedBy("Escape"),
  };

  /** The dialog takes a key when it has dealt with those before, and while it has the keys: the page may have taken them back. */
  async function closedBy(key) {
    await until(`系统对话框“${title}”关上`, () => {
      if (!titled(title)) return true;
      try {
        tool("windowfocus", id);
        tool("key", "--window", id, key);
      } catch {
        // It was closed in between.
      }
      return !titled(title);
    });
    await focusMain();
  }
}

/** Gives the keys to the program's own window, as a window manager would when a dialog has gone. */
async function focusMain() {
  const { id } = await until(`窗口“${MAIN}”`, () => titled(MAIN));
  focus(id);
}

function focus(id) {
  tool("windowfocus", "--sync", id);
}

/** Presses keys in the main window as a keyboard does, such as `ctrl+v`. */
export async function realKeys(keys) {
  await focusMain();
  tool("key", keys);
}

/** Puts onto the display's clipboard what a spreadsheet puts there: the same cells as text and as a page. Answers with what ends it. */
export async function copyAsSheet(rows) {
  const clipboard = spawn("/usr/bin/python3", [join(ROOT, "tests/window/clipboard.py")], { stdio: ["pipe", "pipe", "inherit"] });
  clipboard.stdin.end(JSON.stringify(rows));
  await new Promise((held, failed) => {
    clipboard.stdout.once("data", held);
    clipboard.once("exit", () => failed(new Error("the clipboard was not taken")));
  });
  return () => clipboard.kill();
}
