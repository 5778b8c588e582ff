// What can be done with a block of the page: the entries of its menu, and which of them are possible.
import type { BlockHandle } from "../bindings/BlockHandle";
import type { MessageKey } from "../i18n";

export type BlockAction = "edit" | "up" | "down" | "after" | "before" | "heading" | "leaveOut";

export interface BlockEntry {
  action: BlockAction;
  label: MessageKey;
  enabled: boolean;
  /** A line above it parts the groups. */
  parted: boolean;
}

/** `hasText`: its words can be written by hand. */
export function entriesOf(handle: BlockHandle, hasText: boolean): BlockEntry[] {
  const heading = handle.level > 0;
  const entry = (action: BlockAction, label: MessageKey, enabled = true, parted = false) => ({
    action,
    label,
    enabled,
    parted,
  });
  return [
    ...(hasText ? [entry("edit", heading ? "report.block.editHeading" : "report.block.edit")] : []),
    entry("up", heading ? "report.block.upSection" : "report.block.up", handle.up, hasText),
    entry("down", heading ? "report.block.downSection" : "report.block.down", handle.down),
    entry("after", "report.block.after", true, true),
    entry("before", "report.block.before"),
    entry("heading", "report.block.heading"),
    entry("leaveOut", heading ? "report.block.leaveOutHeading" : "report.block.leaveOut", true, true),
  ];
}

/** Where a new block goes, and what it is. */
export interface Fresh {
  beside: string;
  before: boolean;
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
  return found ? { level: Number(found[1]), before: found[2] === "<", beside: found[3] ?? "" } : null;
}
