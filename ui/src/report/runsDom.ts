// Runs as nodes of an editable element and back. A figure is one unbreakable chip; its text is never read from the page.
import type { Run } from "../bindings/Run";
import { CARET_HOLDER, joined, plainText } from "./runs";

function chip({ text, figure = "" }: Run): HTMLElement {
  const span = document.createElement("span");
  span.className = "figure-chip";
  span.contentEditable = "false";
  span.dataset.figure = figure;
  span.dataset.text = text;
  span.textContent = text;
  return span;
}

const isElement = (node: Node | null | undefined): node is HTMLElement => node instanceof HTMLElement;
export const isChip = (node: Node | null | undefined): node is HTMLElement =>
  isElement(node) && node.dataset.figure !== undefined;

/** The nodes of some runs. Beside every chip stands a text node, so that the caret has a place there. */
export function nodesOf(runs: readonly Run[]): Node[] {
  const nodes = runs.flatMap<Node>((run) =>
    run.figure === undefined ? [document.createTextNode(run.text)] : [chip(run)],
  );
  return nodes.flatMap((node, at) => {
    if (!isChip(node)) return [node];
    const before = isChip(nodes[at - 1]) || at === 0 ? [document.createTextNode(CARET_HOLDER)] : [];
    const after = at === nodes.length - 1 ? [document.createTextNode(CARET_HOLDER)] : [];
    return [...before, node, ...after];
  });
}

function collect(node: Node, found: Run[]): void {
  if (isChip(node)) found.push({ text: node.dataset.text ?? "", figure: node.dataset.figure ?? "" });
  else if (node.nodeType === Node.TEXT_NODE) found.push({ text: plainText(node.textContent ?? "") });
  else node.childNodes.forEach((child) => collect(child, found));
}

export function runsOf(root: Node): Run[] {
  const found: Run[] = [];
  root.childNodes.forEach((child) => collect(child, found));
  return joined(found);
}

const onlyHolders = (text: string) => text.replaceAll(CARET_HOLDER, "") === "";

/** The chip that Backspace (`-1`) or Delete (`1`) at a collapsed caret should take away, if the caret stands right beside one. */
export function chipBeside(root: Node, range: Range, direction: -1 | 1): HTMLElement | null {
  const { startContainer: node, startOffset: offset } = range;
  let next: Node | null | undefined;
  if (node.nodeType === Node.TEXT_NODE) {
    const text = node.textContent ?? "";
    if (!onlyHolders(direction < 0 ? text.slice(0, offset) : text.slice(offset))) return null;
    next = direction < 0 ? node.previousSibling : node.nextSibling;
  } else if (root.contains(node)) next = node.childNodes[direction < 0 ? offset - 1 : offset];
  while (next && next.nodeType === Node.TEXT_NODE && onlyHolders(next.textContent ?? "")) {
    next = direction < 0 ? next.previousSibling : next.nextSibling;
  }
  return isChip(next) ? next : null;
}

/** Puts runs at a range and the caret behind them. */
export function insertRuns(range: Range, runs: readonly Run[]): void {
  const nodes = nodesOf(runs);
  const last = nodes[nodes.length - 1];
  if (!last) return;
  range.deleteContents();
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes);
  range.insertNode(fragment);
  range.setStartAfter(last);
  range.collapse(true);
}
