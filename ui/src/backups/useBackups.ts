// The copies of the open ledger: the list, what each holds, making one, bringing one back.
import { onMounted, onScopeDispose, reactive, ref, shallowRef } from "vue";
import type { Backup } from "../bindings/Backup";
import { asCommandError } from "../errors";
import { t } from "../i18n";
import { backupCarry, backupList, backupLook, backupNow, backupPlace, backupRestore, chooseBackupPlace } from "../ipc";
import type { BackupLook, BackupPage, Typed } from "../ipc-types";
import { afterRestore, carriedNow } from "../session";
import { flushDrafts } from "../shared/drafts";
import { orShow, showDone } from "../shared/messages";

/** What is known of a copy: damaged, or encrypted otherwise than the ledger, so that its passphrase is needed. */
export type Looked = BackupLook | "damaged" | "locked";

const withoutLook = (thrown: unknown): Looked =>
  asCommandError(thrown).code === "passphrase_needed" ? "locked" : "damaged";

export function useBackups() {
  const page = shallowRef<BackupPage | null>(null);
  /** By path. */
  const looks = reactive(new Map<string, Looked>());
  const busy = ref<"" | "backup" | "carry" | "restore">("");
  /** Whether the last thing done was to carry a copy: the stick can be taken out. */
  const carried = ref(false);
  /** The copy of what the last restore replaced, and which moment it went back to. */
  const undo = shallowRef<{ before: Backup; to: string } | null>(null);
  let round = 0;
  onScopeDispose(() => (round += 1));

  async function read(): Promise<void> {
    const mine = (round += 1);
    const found = await orShow(backupList());
    if (found === null || mine !== round) return;
    page.value = found;
    looks.clear();
    // One after the other, so that the ledger is free in between: each copy is read through.
    for (const { path } of found.backups) {
      const look = await backupLook(path).catch(withoutLook);
      if (mine !== round) return;
      looks.set(path, look);
    }
  }

  async function work<T>(what: typeof busy.value, run: () => Promise<T>): Promise<T | null> {
    if (busy.value !== "") return null;
    busy.value = what;
    carried.value = false;
    // Copies are not looked into meanwhile.
    round += 1;
    const done = await orShow(run());
    busy.value = "";
    await read();
    return done;
  }

  async function make(): Promise<void> {
    await flushDrafts();
    if (await work("backup", backupNow)) showDone(t("backups.done"));
  }

  async function carry(): Promise<void> {
    await flushDrafts();
    if (await work("carry", backupCarry)) {
      carried.value = true;
      carriedNow();
    }
  }

  async function choosePlace(): Promise<void> {
    if (await orShow(chooseBackupPlace())) await read();
  }

  async function forgetPlace(): Promise<void> {
    await orShow(backupPlace(null));
    await read();
  }

  /** Brings a copy back; what was typed so far goes into the copy of what it replaces. */
  async function restore(path: string, moment: string, secret: Typed | null = null): Promise<boolean> {
    await flushDrafts();
    const takesBack = undo.value?.before.path === path;
    const done = await work("restore", async () => {
      const answer = await backupRestore(path, secret);
      await afterRestore(answer.ledger);
      return answer;
    });
    if (done === null) return false;
    undo.value = takesBack ? null : { before: done.before, to: moment };
    if (takesBack) showDone(t("backups.tookBack"));
    return true;
  }

  onMounted(read);

  return { page, looks, busy, carried, undo, make, carry, choosePlace, forgetPlace, restore };
}
