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
    /** Types a path, which opens the dialog's line for one, and confirms it; once more from the start where keys went elsewhere. */
    async choose(path) {
      await until(`系统对话框“${title}”收下路径`, () => {
        withKeys((id) => {
          tool("key", "--window", id, "ctrl+a");
          tool("type", "--window", id, "--delay", "15", path);
        });
        return closes("Return", ONE_TRY_MS).then(
          () => true,
          () => false,
        );
      });
      await focusMain();
    },
    cancel: () => closedBy("Escape"),
  };

  /** The dialog takes a key when it has dealt with those before, and while it has the keys: the page may have taken them back. */
  function closes(key, patience) {
    const press = () => {
      withKeys((id) => tool("key", "--window", id, key));
      return !titled(title);
    };
    return until(`系统对话框“${title}”关上`, press, patience);
  }

  async function closedBy(key) {
    await closes(key);
    await focusMain();
  }

  /** Keys for the dialog, which may close in between. */
  function withKeys(press) {
    try {
      const id = titled(title)?.id;
      if (id === undefined) return;
      tool("windowfocus", id);
      press(id);
    } catch {
      // It was closed.
    }
  }
}

/** How long a path that was typed is given to be taken. */
const ONE_TRY_MS = 3000;

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
