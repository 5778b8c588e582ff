// Photos of records that are not stored yet, kind by kind: ready, kept in the ledger, and added when the record is.
import { reactive, watch } from "vue";
import type { Id } from "../bindings/Id";
import type { Kind } from "../bindings/Kind";
import { photoForget, photoWaiting } from "../ipc";
import type { PreparedPhoto } from "../ipc-types";
import { session } from "../session";
import { draftKey, keptDraft } from "../shared/drafts";
import { addPhotos, preparePhotos, stopAll } from "./queue";
import type { Pick } from "./picks";

const waiting = reactive(new Map<Kind, PreparedPhoto[]>());

export const waitingPhotos = (kind: Kind): PreparedPhoto[] => waiting.get(kind) ?? [];

/** Makes photos ready and keeps them for the next new record of the kind. */
export function addWaiting(kind: Kind, picks: Pick[]): void {
  preparePhotos(kind, picks, take);
}

function take(photo: PreparedPhoto): void {
  const known = waitingPhotos(photo.kind);
  if (!known.some(({ token }) => token === photo.token)) waiting.set(photo.kind, [...known, photo]);
}

export function dropWaiting(kind: Kind, tokens: string[]): void {
  const left = waitingPhotos(kind).filter(({ token }) => !tokens.includes(token));
  if (left.length === 0) waiting.delete(kind);
  else waiting.set(kind, left);
  if (tokens.length > 0) void photoForget(tokens).catch(() => undefined);
}

/** The record is stored: its photos follow. Those that could not be added wait on, for the next one. */
export function storeWaiting(kind: Kind, id: Id): void {
  const photos = waitingPhotos(kind);
  waiting.delete(kind);
  addPhotos(
    { kind, id },
    photos.map(({ name, token }) => ({ name, source: () => Promise.resolve({ waiting: token }) })),
    () => void load(),
  );
}

/** A form that was left with nothing typed leaves no photos for the next one. */
export function leaveWaiting(kind: Kind): void {
  if (keptDraft(draftKey(kind, null)) === undefined) leaveForGood(kind);
}

/** What waits in the ledger: also from before a crash or a lock. */
async function load(): Promise<void> {
  const path = session.ledger?.path;
  const photos = await photoWaiting().catch(() => []);
  if (session.ledger?.path !== path) return;
  photos.forEach(take);
}

watch(
  () => session.ledger?.path,
  (path) => {
    stopAll();
    waiting.clear();
    if (path !== undefined) void load();
  },
  { flush: "sync", immediate: true },
);

function leaveForGood(kind: Kind): void {
  dropWaiting(
    kind,
    waitingPhotos(kind).map(({ token }) => token),
  );
}
