// Photos on their way into the ledger: one after the other, whatever page is open; what fails is kept by name with its reason.
import { reactive, readonly } from "vue";
import type { Kind } from "../bindings/Kind";
import type { RecordRef } from "../bindings/RecordRef";
import { publishChanged } from "../changes";
import { asCommandError } from "../errors";
import { t } from "../i18n";
import { attachmentAdd, photoPrepare } from "../ipc";
import type { PreparedPhoto } from "../ipc-types";
import { showDone } from "../shared/messages";
import { freshBatch, type Pick } from "./picks";

export interface Batch {
  id: string;
  total: number;
  done: number;
  added: number;
  known: number;
  placesRemoved: number;
  failures: { name: string; message: string }[];
  /** Whether the record is stored already; else the photos are only made ready. */
  isStored: boolean;
  state: "waiting" | "running" | "stopped" | "finished";
}

type Work = (pick: Pick, batch: Batch) => Promise<void>;

const batches = reactive<Batch[]>([]);
let chain: Promise<void> = Promise.resolve();

/** How many photos that came at once make a notice that stays; fewer are told in passing. */
const MANY = 6;
/** Screens that show the record read again at most this often while photos come in. */
const TELL_MS = 400;

export const photoBatches = readonly(batches);

function begin(total: number, isStored: boolean): Batch {
  const batch = {
    id: freshBatch(),
    total,
    done: 0,
    added: 0,
    known: 0,
    placesRemoved: 0,
    failures: [],
    isStored,
    state: "waiting" as const,
  };
  batches.push(batch);
  return batches[batches.length - 1] ?? batch;
}

async function run(batch: Batch, picks: Pick[], work: Work, end: () => void): Promise<void> {
  if (batch.state === "waiting") batch.state = "running";
  for (const pick of picks) {
    if (isStopped(batch)) break;
    try {
      await work(pick, batch);
    } catch (thrown) {
      batch.failures.push({ name: pick.name, message: asCommandError(thrown).message });
    }
    batch.done += 1;
  }
  if (!isStopped(batch)) batch.state = "finished";
  end();
  conclude(batch);
}

const isStopped = (batch: Batch) => batch.state === "stopped";

/** Few photos without trouble need no notice that has to be closed. */
function conclude(batch: Batch): void {
  const isPlain = batch.failures.length === 0 && batch.known === 0 && batch.state === "finished";
  if (!isPlain || batch.total >= MANY) return;
  dismiss(batch.id);
  if (batch.isStored) showDone(t("photos.added", { count: batch.added }));
}

function enqueue(picks: Pick[], isStored: boolean, work: Work, end: () => void): void {
  if (picks.length === 0) return;
  const batch = begin(picks.length, isStored);
  chain = chain.then(() => run(batch, picks, work, end));
}

/** Adds photos to a stored record; `end` is told when no more of them come. */
export function addPhotos(owner: RecordRef, picks: Pick[], end: () => void = () => undefined): void {
  let told = 0;
  let untold = new Set<Kind>();
  const tell = () => {
    if (untold.size > 0) publishChanged([...untold]);
    [told, untold] = [performance.now(), new Set()];
  };
  const add: Work = async (pick, batch) => {
    const photo = await attachmentAdd(owner, await pick.source(), batch.id);
    if (photo.known) batch.known += 1;
    else batch.added += 1;
    if (photo.notes.includes("place_removed")) batch.placesRemoved += 1;
    photo.changed.forEach((kind) => untold.add(kind));
    if (performance.now() - told > TELL_MS) tell();
  };
  enqueue(picks, true, add, () => {
    tell();
    end();
  });
}

/** Makes photos ready for a record that is not stored yet. */
export function preparePhotos(kind: Kind, picks: Pick[], take: (photo: PreparedPhoto) => void): void {
  const prepare: Work = async (pick, batch) => {
    const photo = await photoPrepare(kind, await pick.source());
    batch.added += 1;
    if (photo.notes.includes("place_removed")) batch.placesRemoved += 1;
    take(photo);
  };
  enqueue(picks, false, prepare, () => undefined);
}

/** What is added already stays. */
export function stop(id: string): void {
  const batch = batches.find((each) => each.id === id);
  if (!batch || batch.state === "finished") return;
  batch.state = "stopped";
}

/** Another ledger is opened: nothing of this one goes into it. */
export function stopAll(): void {
  for (const batch of [...batches]) {
    stop(batch.id);
    dismiss(batch.id);
  }
}

export function dismiss(id: string): void {
  const at = batches.findIndex((batch) => batch.id === id);
  if (at >= 0) batches.splice(at, 1);
}
