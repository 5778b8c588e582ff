// Pieces of a paragraph by their characters: replaced in its runs, and found again among the nodes of its editor.
import type { Run } from "../bindings/Run";
import { CARET_HOLDER, joined } from "../report/runs";

/** Runs with a piece replaced. Positions count characters, as the core does; a figure that is cut becomes plain text. */
export function withPiece(runs: readonly Run[], from: number, to: number, piece: Run): Run[] {
  const list: Run[] = [];
  let at = 0;
  let placed = false;
  const place = () => {
    if (!placed) list.push(piece);
    placed = true;
  };
  for (const run of runs) {
    const chars = [...run.text];
    const end = at + chars.length;
    if (end <= from) list.push(run);
    else if (at >= to) {
      place();
      list.push(run);
    } else {
      list.push({ text: chars.slice(0, Math.max(0, from - at)).join("") });
      place();
      list.push({ text: chars.slice(Math.max(0, to - at)).join("") });
    }
    at = end;
  }
  place();
  return joined(list);
}

/** Ranges of the pieces in an editable element; the characters that only hold the caret do not count. */
export function rangesOf(root: Node, pieces: readonly { from: number; to: number }[]): Range[] {
  const places: { node: Text; offset: number }[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    let offset = 0;
    for (const char of node.data) {
      if (char !== CARET_HOLDER) places.push({ node, offset });
      offset += char.length;
    }
  }
  return pieces.flatMap(({ from, to }) => {
    const first = places[from];
    const last = places[to - 1];
    if (!first || !last) return [];
    const range = document.createRange();
    range.setStart(first.node, first.offset);
    range.setEnd(last.node, last.offset + 1);
    return [range];
  });
}
