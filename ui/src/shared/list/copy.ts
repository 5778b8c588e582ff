// Rows as a table on the clipboard, for WPS and Excel: lines of cells parted by tabs, and a table whose cells are text.
import type { ListRow } from "../../bindings/ListRow";
import { t } from "../../i18n";
import { cellText, isRight, type Cells, type Column } from "../columns";
import { formatForEditing, type NumberFormat } from "../numbers";

export interface CopiedTable {
  text: string;
  html: string;
}

const AMOUNTS: readonly unknown[] = ["int", "yuan", "wan", "percent", "hundredths"];

/** A cell as it is copied: numbers plain, so that they can be summed; everything else as the list shows it. */
function copied(column: Column, cells: Cells): { text: string; isNumber: boolean } {
  const value = cells[column.key] ?? null;
  if (typeof value === "number" && AMOUNTS.includes(column.format) && column.format !== "percent") {
    return { text: formatForEditing(value, column.format as NumberFormat), isNumber: true };
  }
  return { text: cellText(column, cells), isNumber: false };
}

/** A text in a tab-parted line: one line, and never a formula where it is pasted. */
function plain(text: string): string {
  const line = text.replace(/[\t\r\n]+/g, " ");
  return /^[=+\-@]/.test(line) ? `'${line}` : line;
}

function escaped(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (char) => names[char] ?? char).replace(/\r?\n/g, "<br>");
}

/** `mso-number-format` keeps an ID number from becoming a number, and a text from becoming a formula. */
const AS_TEXT = `style="mso-number-format:'\\@'"`;

export function copiedTable(columns: Column[], rows: ListRow[]): CopiedTable {
  const lines = [columns.map((column) => plain(t(column.label))).join("\t")];
  const head = columns.map((column) => `<th>${escaped(t(column.label))}</th>`).join("");
  const body: string[] = [];
  for (const row of rows) {
    const cells = columns.map((column) => ({ column, ...copied(column, row.cells) }));
    lines.push(cells.map(({ text, isNumber }) => (isNumber ? text : plain(text))).join("\t"));
    const tags = cells.map(({ column, text, isNumber }) => {
      const typed = isNumber || (isRight(column) && column.format === "day");
      return typed ? `<td>${escaped(text)}</td>` : `<td ${AS_TEXT}>${escaped(text)}</td>`;
    });
    body.push(`<tr>${tags.join("")}</tr>`);
  }
  return {
    text: lines.join("\r\n") + "\r\n",
    html: `<meta charset="utf-8"><table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`,
  };
}

/** Puts a table on the clipboard; the way that web views know longest is the last resort. */
export async function putOnClipboard(table: CopiedTable): Promise<boolean> {
  const blob = (type: string, content: string) => new Blob([content], { type });
  try {
    const item = { "text/plain": blob("text/plain", table.text), "text/html": blob("text/html", table.html) };
    await navigator.clipboard.write([new ClipboardItem(item)]);
    return true;
  } catch {
    return copyByCommand(table);
  }
}

function copyByCommand(table: CopiedTable): boolean {
  let taken = false;
  const onCopy = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", table.text);
    event.clipboardData?.setData("text/html", table.html);
    event.preventDefault();
    event.stopImmediatePropagation();
    taken = true;
  };
  document.addEventListener("copy", onCopy, { capture: true });
  try {
    document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", onCopy, { capture: true });
  }
  return taken;
}
