// What can be clicked on a page: figures, records, and blocks whose text or settings can be changed.
import type { Block } from "../bindings/Block";
import type { Document } from "../bindings/Document";
import type { Mark } from "../bindings/Mark";
import type { PreviewPage } from "../bindings/PreviewPage";
import { t } from "../i18n";
import { textOf } from "./runs";

/** Whether the user added a block. */
export const isOwn = (key: string) => key.startsWith("own.");

/** What a click on a block leads to: its words, the report's settings, or only its menu. */
export type BlockUse = "text" | "settings" | "menu";

/** `frozen`: of a finalised report nothing can be changed. */
export function blockUses(document: Document, frozen = false): Map<string, BlockUse> {
  if (frozen) return new Map();
  const use = (block: Block): BlockUse | null => {
    if (block.type === "paragraph" || block.type === "heading") return "text";
    if (block.type === "table") return isOwn(block.key) ? "text" : "menu";
    if (block.type === "photos") return "text";
    return block.type === "addressee" || block.type === "sign_off" ? "settings" : null;
  };
  const uses = new Map<string, BlockUse>();
  for (const block of document.blocks) {
    const found = use(block);
    if (found) uses.set(block.key, found);
  }
  return uses;
}

/** The block at a height of a page; its lines reach from margin to margin. */
export function blockAt(marks: readonly Mark[], y: number, known: ReadonlyMap<string, unknown>): Mark | null {
  const slack = 2;
  const holds = (mark: Mark) => y >= mark.y - slack && y <= mark.y + mark.height + slack;
  const found = marks.filter((mark) => mark.target.type === "block" && known.has(mark.target.value) && holds(mark));
  // Where two touch, the one whose middle is nearer.
  const far = (mark: Mark) => Math.abs(y - mark.y - mark.height / 2) - mark.height / 2;
  return found.sort((one, other) => far(one) - far(other))[0] ?? null;
}

/** The marks of a page in reading order, so that Tab walks as one reads; blocks that lead nowhere are left out. */
export function orderedMarks(marks: readonly Mark[], uses: ReadonlyMap<string, BlockUse>): Mark[] {
  return marks
    .filter(({ target }) => target.type !== "block" || uses.has(target.value))
    .map((mark, at) => ({ mark, at, line: Math.round(mark.y / 4) }))
    .sort((a, b) => a.line - b.line || a.mark.x - b.mark.x || a.at - b.at)
    .map(({ mark }) => mark);
}

export interface OutlineEntry {
  key: string;
  level: number;
  text: string;
}

/** 目录: headings and printed annexes. */
export function outlineOf(document: Document): OutlineEntry[] {
  const headings = document.blocks.flatMap((block) =>
    block.type === "heading" ? [{ key: block.key, level: block.level, text: textOf(block.runs) }] : [],
  );
  const annexes = document.annexes
    .filter(({ printed }) => printed)
    .map(({ number, title }) => ({
      key: `annex.${number}`,
      level: 1,
      text: t("report.annex", { number, title }),
    }));
  return [...headings, ...annexes];
}

/** Where a block stands: its page, and its top edge as a share of the page. */
export function findBlock(pages: readonly PreviewPage[], key: string): { page: number; fraction: number } | null {
  for (const [page, { marks, height_pt }] of pages.entries()) {
    const mark = marks.find(({ target }) => target.type === "block" && target.value === key);
    if (mark) return { page, fraction: mark.y / height_pt };
  }
  return null;
}

/** Names of figures as printed, for those who hear the page: the first text found under a key. */
export function figureTexts(document: Document): Map<string, string> {
  const texts = new Map<string, string>();
  for (const block of document.blocks) {
    if (block.type !== "paragraph" && block.type !== "heading") continue;
    for (const { figure, text } of block.runs) if (figure !== undefined && !texts.has(figure)) texts.set(figure, text);
  }
  return texts;
}
