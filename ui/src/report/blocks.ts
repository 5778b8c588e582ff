// What can be done with a block of the page: the entries of its menu, and which of them are possible.
import type { Block } from "../bindings/Block";
import type { BlockHandle } from "../bindings/BlockHandle";
import type { MessageKey } from "../i18n";

export type BlockAction = "edit" | "up" | "down" | "after" | "before" | "heading" | "photos" | "table" | "leaveOut";

export interface BlockEntry {
  action: BlockAction;
  label: MessageKey;
  enabled: boolean;
  /** A line above it parts the groups. */
  parted: boolean;
}

/** What changing a block is called; nothing where it cannot be changed by hand: a table that the program makes. */
function editLabel(handle: BlockHandle, type: Block["type"]): MessageKey | null {
  if (type === "photos") return "report.block.editPhotos";
  if (type === "table") return handle.own ? "report.block.editTable" : null;
  return handle.level > 0 ? "report.block.editHeading" : "report.block.edit";
}

export function entriesOf(handle: BlockHandle, type: Block["type"]): BlockEntry[] {
  const heading = handle.level > 0;
  const entry = (action: BlockAction, label: MessageKey, enabled = true, parted = false) => ({
    action,
    label,
    enabled,
    parted,
  });
  const edit = editLabel(handle, type);
  return [
    ...(edit ? [entry("edit", edit)] : []),
    entry("up", heading ? "report.block.upSection" : "report.block.up", handle.up, edit !== null),
    entry("down", heading ? "report.block.downSection" : "report.block.down", handle.down),
    entry("after", "report.block.after", true, true),
    entry("before", "report.block.before"),
    entry("heading", "report.block.heading"),
    entry("photos", "report.block.photos"),
    entry("table", "report.block.table"),
    entry("leaveOut", heading ? "report.block.leaveOutHeading" : "report.block.leaveOut", true, true),
  ];
}

/** Where a new block goes, and what it is. */
export interface Fresh {
  beside: string;
  before: boolean;
  kind: "text" | "photos" | "table";
  /** 1 to 4 of a heading, else 0. */
  level: number;
}

/** Names the draft of a text that has no block yet. */
export function freshKey({ beside, before, level }: Fresh): string {
  return `+${level}${before ? "<" : ">"}${beside}`;
}

/** The other way round; null for the key of a block that there is. */
export function freshOf(key: string): Fresh | null {
  const found = /^\+([0-4])([<>])(.+)$/.exec(key);
  return found ? { level: Number(found[1]), kind: "text", before: found[2] === "<", beside: found[3] ?? "" } : null;
}
