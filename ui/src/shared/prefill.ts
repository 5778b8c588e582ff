// What a new form should start with, handed from the page that asks for it (quick entry, "visits of this household").
import { reactive } from "vue";
import type { Kind } from "../bindings/Kind";
import type { RecordTypes } from "../ipc";
import type { Draft } from "./paths";

/** A sentence that the content was read from: the form shows it, and which fields it filled. */
export interface Origin {
  line: string;
  fields: readonly string[];
  /** Called when the form was saved. */
  onSaved?: () => void;
}

interface Prefilled {
  content: Draft;
  origin: Origin | null;
}

const waiting = new Map<Kind, Prefilled>();
const turns = reactive(new Map<Kind, number>());

/** Call before going to `newRoute(kind)`. */
export function prefill<K extends Kind>(kind: K, content: Partial<RecordTypes[K]>, origin: Origin | null = null): void {
  waiting.set(kind, { content: content as Draft, origin });
  turns.set(kind, prefillTurn(kind) + 1);
}

/** Hands it out once. */
export function takePrefill(kind: Kind): Prefilled | null {
  const prefilled = waiting.get(kind) ?? null;
  waiting.delete(kind);
  return prefilled;
}

/** Counts what was handed over, so that an empty form that is open already is made anew. */
export function prefillTurn(kind: Kind): number {
  return turns.get(kind) ?? 0;
}
