// What was typed and not saved: kept by the core a moment after typing, so that it survives a closed page or program.
import { reactive } from "vue";
import { draftAll, draftDrop, draftPut } from "../ipc";

export const DRAFT_DELAY_MS = 400;

export interface KeptDraft {
  content: unknown;
  savedAt: string;
}

const kept = reactive(new Map<string, KeptDraft>());
const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; content: string }>();

/** Key of a record's draft; the same for every new record of a kind. */
export function draftKey(kind: string, id: string | null): string {
  return `${kind}:${id ?? "new"}`;
}

export async function loadDrafts(): Promise<void> {
  kept.clear();
  for (const draft of await draftAll()) kept.set(draft.key, { content: parse(draft.content), savedAt: draft.saved_at });
}

function parse(content: unknown): unknown {
  if (typeof content !== "string") return content;
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

export function keptDraft(key: string): KeptDraft | undefined {
  return kept.get(key);
}

/** The drafts whose keys begin so, the latest first. */
export function keptDrafts(prefix: string): { key: string; draft: KeptDraft }[] {
  return [...kept]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, draft]) => ({ key, draft }))
    .sort((one, other) => other.draft.savedAt.localeCompare(one.draft.savedAt));
}

/** Keeps a content soon. Who types on without a pause does not put it off: the first key sets the time, the last one the content. */
export function putDraft(key: string, content: unknown): void {
  const text = JSON.stringify(content);
  kept.set(key, { content: JSON.parse(text), savedAt: new Date().toISOString() });
  const timer = waiting.get(key)?.timer ?? setTimeout(() => void send(key), DRAFT_DELAY_MS);
  waiting.set(key, { content: text, timer });
}

async function send(key: string): Promise<void> {
  const entry = waiting.get(key);
  if (!entry) return;
  clearTimeout(entry.timer);
  waiting.delete(key);
  // A draft that cannot be kept must not disturb typing; saving will tell if the disk is full.
  await draftPut(key, entry.content).catch(() => undefined);
}

/** Forgets a draft: it was saved, or thrown away. */
export async function dropDraft(key: string): Promise<void> {
  clearTimeout(waiting.get(key)?.timer);
  waiting.delete(key);
  if (kept.delete(key)) await draftDrop(key).catch(() => undefined);
}

/** Sends at once what still waits: before the ledger closes or the page goes. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...waiting.keys()].map(send));
}
