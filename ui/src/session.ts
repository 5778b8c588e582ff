// What the whole window knows: the open ledger, what undo would do, when something was last saved.
import { reactive, readonly } from "vue";
import * as ipc from "./ipc";
import { onChanged, publishChanged } from "./changes";
import { asCommandError } from "./errors";
import { loadDictionaries } from "./shared/dictionaries";
import { loadDrafts, flushDrafts } from "./shared/drafts";
import { confirm, showFailure, showDone } from "./shared/messages";
import { t } from "./i18n";
import { zhCN } from "./locales/zh-CN";
import type { Id } from "./bindings/Id";
import type { Kind } from "./bindings/Kind";
import type { LedgerInfo, RecentLedger } from "./ipc-types";

interface Session {
  ledger: LedgerInfo | null;
  /** The ledger that waits to be unlocked. */
  locked: RecentLedger | null;
  undo: string | null;
  redo: string | null;
  savedAt: Date | null;
}

const state = reactive<Session>({ ledger: null, locked: null, undo: null, redo: null, savedAt: null });

export const session = readonly(state);

/** Today as the core says it. */
export function today(): string {
  return state.ledger?.today ?? "";
}

/** Takes a ledger that the core has opened. */
export async function enterLedger(ledger: LedgerInfo): Promise<void> {
  // Pages appear with the ledger: what they look for must be there before.
  await Promise.all([loadDictionaries(), loadDrafts(), refreshUndo()]);
  state.ledger = ledger;
  state.locked = null;
  state.savedAt = null;
}

/** The window was loaded while it is locked. */
export function stayLocked(ledger: RecentLedger): void {
  state.locked = ledger;
}

/** Closes the ledger and loads the window anew: nothing of a record stays behind in the page's memory. The address stays, so
 *  that unlocking leads back to the same page. */
export async function lock(): Promise<void> {
  const { ledger } = state;
  if (ledger === null) return;
  if (!ledger.encrypted) {
    showDone(t("protection.cannotLock"));
    return;
  }
  await flushDrafts();
  state.locked = { path: ledger.path, name: ledger.name, missing: false };
  state.ledger = null;
  await ipc.ledgerLock().catch(() => undefined);
  location.reload();
}

/** Another ledger is wanted instead of the locked one. */
export async function forgetLock(): Promise<void> {
  await ipc.ledgerClose(true);
  state.locked = null;
}

/** The same ledger, otherwise protected. */
export function takeLedgerInfo(ledger: LedgerInfo): void {
  state.ledger = ledger;
}

/** What the last closing did not carry to the second place is there now, or need not be said again. */
export function carriedNow(): void {
  if (state.ledger) state.ledger = { ...state.ledger, missed: null };
}

/** Says who types from now on. */
export async function chooseMember(id: Id): Promise<void> {
  state.ledger = await ipc.memberChoose(id);
}

/** Closes the ledger; false where its copy failed and the user stays. */
export async function leaveLedger(): Promise<boolean> {
  await flushDrafts();
  if (!(await closing(ipc.ledgerClose))) return false;
  state.ledger = null;
  return true;
}

/** Closes with a copy, or without one if the user says so. */
export async function closing(close: (anyway: boolean) => Promise<unknown>): Promise<boolean> {
  try {
    await close(false);
    return true;
  } catch (thrown) {
    const { code, message } = asCommandError(thrown);
    if (code !== "backup_failed") throw thrown;
    if (!(await confirm(t("backups.closeTitle"), message, t("backups.closeAnyway")))) return false;
    await close(true);
    return true;
  }
}

/** After another state took the ledger's place: everything is read again. */
export async function afterRestore(ledger: LedgerInfo): Promise<void> {
  await enterLedger(ledger);
  publishChanged(Object.keys(zhCN.kinds) as Kind[]);
}

async function refreshUndo(): Promise<void> {
  const next = await ipc.undoState();
  state.undo = next.undo;
  state.redo = next.redo;
}

async function step(run: () => Promise<{ name: string }>, word: "app.undone" | "app.redone"): Promise<void> {
  try {
    showDone(t(word, { name: (await run()).name }));
  } catch (thrown) {
    showFailure(asCommandError(thrown));
  }
}

export const undo = () => (state.undo === null ? Promise.resolve() : step(ipc.undo, "app.undone"));
export const redo = () => (state.redo === null ? Promise.resolve() : step(ipc.redo, "app.redone"));

onChanged((changed) => {
  state.savedAt = new Date();
  void refreshUndo().catch(() => undefined);
  if (changed.includes("dictionary_item")) void loadDictionaries().catch(() => undefined);
  if (changed.includes("team")) void refreshLedger();
});

/** The team's name stands in the header: read it again when the team changed. */
async function refreshLedger(): Promise<void> {
  const info = await ipc.startInfo().catch(() => null);
  if (info?.open) state.ledger = info.open;
}
