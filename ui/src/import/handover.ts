// What was copied or dropped elsewhere in the window, on its way to the import page.
import type { Kind } from "../bindings/Kind";

const IMPORTED: readonly Kind[] = ["household", "visit", "application", "project", "activity", "indicator"];

/** Whether records of a kind come in from sheets. */
export const isImported = (kind: Kind) => IMPORTED.includes(kind);

export interface Handed {
  kind: Kind | null;
  name: string;
  /** Base64; empty where only the kind is known. */
  content: string;
}

let waiting: Handed | null = null;

export function handOver(handed: Handed): void {
  waiting = handed;
}

export function takeHanded(): Handed | null {
  const handed = waiting;
  waiting = null;
  return handed;
}

/** Bytes as base64, in pieces that the call stack can take. */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** Copied cells are text with tabs; more than one cell, else there is nothing to import. */
export function isTable(text: string): boolean {
  return text.includes("\t") && text.trim() !== "";
}

export function handedText(text: string, kind: Kind | null, name: string): Handed {
  return { kind, name, content: base64Of(new TextEncoder().encode(text)) };
}
