// Text with figures while it is edited: clean runs, headings without their number, what a run looked like when it was composed.
import type { Block } from "../bindings/Block";
import type { Run } from "../bindings/Run";

/** Keeps the caret beside a chip; never part of the text. */
export const CARET_HOLDER = "\u200b";

const isFigure = (run: Run) => run.figure !== undefined;

/** A paragraph is one line: breaks and hard blanks of what was pasted become nothing or a blank. */
export function plainText(text: string): string {
  return text
    .replaceAll(CARET_HOLDER, "")
    .replace(/\s*[\r\n]+\s*/g, "")
    .replace(/[\t\u00a0]/g, " ");
}

/** Neighbouring plain runs as one, empty ones gone. */
export function joined(runs: readonly Run[]): Run[] {
  const list: Run[] = [];
  for (const run of runs) {
    if (run.text === "") continue;
    const last = list[list.length - 1];
    if (last && !isFigure(last) && !isFigure(run)) list[list.length - 1] = { text: last.text + run.text };
    else list.push({ ...run });
  }
  return list;
}

export function textOf(runs: readonly Run[]): string {
  return runs.map((run) => run.text).join("");
}

export function isSame(one: readonly Run[], other: readonly Run[]): boolean {
  return JSON.stringify(joined(one)) === JSON.stringify(joined(other));
}

/** The figures of a text, each once, in reading order. */
export function figuresOf(...texts: readonly (readonly Run[])[]): Run[] {
  const found = new Map<string, Run>();
  for (const run of texts.flat()) if (run.figure !== undefined && !found.has(run.figure)) found.set(run.figure, run);
  return [...found.values()];
}

/** Figures show what they show today, whatever they showed when the text was kept. */
export function refreshed(runs: readonly Run[], today: readonly Run[]): Run[] {
  const texts = new Map(today.map((run) => [run.figure, run.text]));
  return runs.map((run) => (isFigure(run) ? { ...run, text: texts.get(run.figure) ?? run.text } : { ...run }));
}

/** How the four levels of headings begin; the number is set anew at each composition and is no part of the text. */
const NUMBERS = [/^[一二三四五六七八九十百]+、/, /^（[一二三四五六七八九十百]+）/, /^\d+\./, /^（\d+）/];

/** A kept draft as runs, if it is some. */
export const asRuns = (content: unknown): Run[] | null =>
  Array.isArray(content) && content.every((run) => typeof (run as Run | null)?.text === "string")
    ? (content as Run[])
    : null;

export interface EditableBlock {
  key: string;
  /** 1 to 4 of a heading, else 0. */
  level: number;
  /** Of a heading, set by the program. */
  number: string;
  runs: Run[];
}

/** A block whose text can be written by hand; null for tables, annexes and what the settings of the report hold. */
export function editableBlock(block: Block): EditableBlock | null {
  if (block.type === "paragraph") return { key: block.key, level: 0, number: "", runs: joined(block.runs) };
  if (block.type !== "heading") return null;
  const first = block.runs[0];
  const number = first && !isFigure(first) ? (NUMBERS[block.level - 1]?.exec(first.text)?.[0] ?? "") : "";
  const rest = first ? [{ ...first, text: first.text.slice(number.length) }, ...block.runs.slice(1)] : [];
  return { key: block.key, level: block.level, number, runs: joined(rest) };
}
