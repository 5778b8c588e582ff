// One import from the chosen file to its result: what is open, how it is read, what would come of it.
import { computed, onScopeDispose, reactive, ref, shallowRef } from "vue";
import type { Id } from "../bindings/Id";
import type { ImportMapping } from "../bindings/ImportMapping";
import type { ImportRequest } from "../bindings/ImportRequest";
import type { Kind } from "../bindings/Kind";
import { asCommandError } from "../errors";
import { t } from "../i18n";
import {
  importCancel,
  importClose,
  importCommit,
  importContent,
  importOpen,
  importPreview,
  importProgress,
  importSheet,
} from "../ipc";
import type { ImportCounts, ImportInfo, ImportSheet } from "../ipc-types";
import { tellBackupFailed } from "../backups/words";
import { showDone, showFailure } from "../shared/messages";
import type { Handed } from "./handover";

export const KINDS = ["household", "visit", "application", "project", "activity", "indicator"] as const;

export type Step = "source" | "mapping" | "preview" | "done";

const POLL = 200;

export function useImport() {
  const step = ref<Step>("source");
  const info = shallowRef<ImportInfo | null>(null);
  const sheet = ref("");
  const read = shallowRef<ImportSheet | null>(null);
  const kind = ref<Kind>("household");
  /** The kind of the list that the way here began on. */
  const wanted = ref<Kind | null>(null);
  const mapping = ref<ImportMapping | null>(null);
  const fixes = reactive<Record<number, Record<number, string>>>({});
  const answers = reactive<Record<number, Id>>({});
  const counts = shallowRef<ImportCounts | null>(null);
  /** Grows with every preview: the rows are to be read again. */
  const version = ref(0);
  const busy = ref("");
  const progress = ref({ done: 0, total: 0 });

  let timer: ReturnType<typeof setInterval> | undefined;
  onScopeDispose(() => clearInterval(timer));

  /** Long work: says what it does, shows how far it is, and can be stopped. */
  async function work<T>(what: string, run: () => Promise<T>): Promise<T | null> {
    if (busy.value !== "") return null;
    busy.value = what;
    progress.value = { done: 0, total: 0 };
    timer = setInterval(() => {
      void importProgress().then((now) => (progress.value = now));
    }, POLL);
    try {
      return await run();
    } catch (thrown) {
      if (asCommandError(thrown).code === "cancelled") showDone(t("import.cancelled"));
      else showFailure(thrown);
      return null;
    } finally {
      clearInterval(timer);
      busy.value = "";
    }
  }

  async function take(open: () => Promise<ImportInfo>, asked: Kind | null): Promise<void> {
    const opened = await work(t("import.reading"), open);
    if (opened === null) return;
    info.value = opened;
    for (const key of Object.keys(fixes)) delete fixes[Number(key)];
    for (const key of Object.keys(answers)) delete answers[Number(key)];
    sheet.value = opened.sheet || (opened.sheets[0]?.name ?? "");
    await readSheet(asked ?? wanted.value, null);
    // A list of another kind was brought to this one: what the sheet says goes before.
    if (mapping.value === null && (asked ?? wanted.value) !== null) await readSheet(null, null);
    step.value = "mapping";
  }

  const openFile = (path: string) => take(() => importOpen(path), null);
  const openHanded = (handed: Handed) => take(() => importContent(handed.name, handed.content), handed.kind);

  async function readSheet(asked: Kind | null, head: [number, number] | null): Promise<void> {
    const answer = await work(t("import.reading"), () => importSheet(sheet.value, asked, head));
    if (answer === null) return;
    read.value = answer;
    mapping.value = answer.guess?.mapping ?? null;
    if (answer.guess) kind.value = answer.guess.kind;
    else if (asked) kind.value = asked;
  }

  const request = computed<ImportRequest | null>(() =>
    mapping.value === null
      ? null
      : { kind: kind.value, mapping: mapping.value, fixes, answers, source: info.value?.name ?? "" },
  );

  async function preview(): Promise<void> {
    const asked = request.value;
    if (asked === null) return;
    const answer = await work(t("import.checking"), () => importPreview(asked));
    if (answer === null) return;
    counts.value = answer;
    version.value += 1;
    step.value = "preview";
  }

  async function commit(): Promise<void> {
    const asked = request.value;
    if (asked === null) return;
    const answer = await work(t("import.committing"), () => importCommit(asked));
    if (answer === null) return;
    counts.value = answer;
    tellBackupFailed(answer.backup_failed);
    step.value = "done";
  }

  async function fix(row: number, column: number, text: string): Promise<void> {
    fixes[row] = { ...fixes[row], [column]: text };
    await preview();
  }

  async function answer(row: number, household: Id): Promise<void> {
    answers[row] = household;
    await preview();
  }

  function reset(): void {
    step.value = "source";
    info.value = null;
    read.value = null;
    mapping.value = null;
    counts.value = null;
    void importClose();
  }

  const stop = () => void importCancel();

  return {
    step,
    info,
    sheet,
    read,
    kind,
    wanted,
    mapping,
    counts,
    version,
    busy,
    progress,
    openFile,
    openHanded,
    readSheet,
    preview,
    commit,
    fix,
    answer,
    answers,
    reset,
    stop,
  };
}

export type Import = ReturnType<typeof useImport>;
