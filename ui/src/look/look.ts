// How the window looks on this laptop: light or dark, and how large its letters are. Letters are made larger by the shell, which
// enlarges the whole page.
import { reactive, readonly } from "vue";
import { lookGet, lookSet } from "../ipc";
import type { Look } from "../ipc-types";
import { orShow } from "../shared/messages";

export const COLOURS = ["light", "dark", "system"] as const;
export const LETTERS = ["standard", "large", "largest"] as const;

const state = reactive<Look>({ colours: "light", letters: "standard" });

export const look = readonly(state);

const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)");

/** Puts the chosen colours on the page; Element's own dark colours hang on the same class. */
function dress(): void {
  const isDark = state.colours === "dark" || (state.colours === "system" && systemIsDark().matches);
  document.documentElement.classList.toggle("dark", isDark);
  document.documentElement.classList.toggle("light", !isDark);
}

/** Looks as it did the last time; before anything is shown. */
export async function takeLook(): Promise<void> {
  Object.assign(state, await lookGet().catch(() => state));
  systemIsDark().addEventListener("change", dress);
  dress();
}

/** Looks like that from now on. */
export async function chooseLook(part: Partial<Look>): Promise<void> {
  const chosen = { ...state, ...part };
  if ((await orShow(lookSet(chosen).then(() => true))) === null) return;
  Object.assign(state, chosen);
  dress();
}

/** The next larger or smaller letters; there is an end on both sides. */
export function resized(letters: Look["letters"], step: 1 | -1): Look["letters"] {
  return LETTERS[LETTERS.indexOf(letters) + step] ?? letters;
}

/** Makes the letters larger or smaller by a step, or as they are at first. */
export async function resizeLetters(step: 1 | -1 | 0): Promise<void> {
  await chooseLook({ letters: step === 0 ? "standard" : resized(state.letters, step) });
}
