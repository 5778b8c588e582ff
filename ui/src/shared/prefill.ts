// What a new form should start with, handed from the page that asks for it (quick entry, "visits of this household").
import type { Kind } from "../bindings/Kind";
import type { RecordTypes } from "../ipc";
import type { Draft } from "./paths";

const waiting = new Map<Kind, Draft>();

/** Call before going to `newRoute(kind)`. */
export function prefill<K extends Kind>(kind: K, content: Partial<RecordTypes[K]>): void {
  waiting.set(kind, content as Draft);
}

/** Hands it out once. */
export function takePrefill(kind: Kind): Draft | null {
  const content = waiting.get(kind) ?? null;
  waiting.delete(kind);
  return content;
}
