// The open report: which one, its pages, changes to it, and reading again when records change under it.
import { computed, onScopeDispose, ref, shallowRef } from "vue";
import type { Report } from "../bindings/Report";
import type { ReportEdit } from "../bindings/ReportEdit";
import type { Run } from "../bindings/Run";
import { useChanged } from "../changes";
import { asCommandError, CommandError } from "../errors";
import { recordSave, reportOpen, reportView } from "../ipc";
import type { ReportView } from "../ipc-types";
import { showFailure } from "../shared/messages";
import { textOf } from "./runs";
import { CONTENT_KINDS } from "../shared/recordForms";

/** A burst of changes, such as several undos, composes the report once. */
const SETTLE_MS = 250;

/** A refusal's summary says "one field is wrong"; beside a single control the rule itself is what helps. */
function wording(thrown: unknown): CommandError {
  const error = asCommandError(thrown);
  const first = error.findings[0];
  return first ? new CommandError({ code: error.code, message: first.message, findings: error.findings }) : error;
}

/** `onGone`: the open report was deleted, or its making undone. */
export function useReport(onGone: () => void) {
  const view = shallowRef<ReportView | null>(null);
  const loading = ref(false);
  const failure = ref("");
  const id = computed(() => view.value?.report.id ?? null);
  const draft = computed<Report | null>(() => view.value?.report.draft ?? null);
  let turn = 0;

  /** Reads a report; answers false if there is none that can be shown. */
  async function read(report: string): Promise<boolean> {
    const mine = ++turn;
    // Another report is opened: what was to be read again of the one before no longer matters.
    if (report !== id.value) clearTimeout(timer);
    loading.value = true;
    try {
      const next = await reportView(report);
      if (mine !== turn) return true;
      if (next.report.meta.deleted_at !== null) return false;
      view.value = next;
      failure.value = "";
      return true;
    } catch (thrown) {
      if (mine !== turn) return true;
      const error = asCommandError(thrown);
      if (error.code === "not_found") return false;
      // Pages that are there stay there; only an empty desk shows the failure in their place.
      if (view.value?.report.id === report) showFailure(error);
      else failure.value = error.message;
      return true;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  /** The report of a half-year and template; answers with its id. */
  async function open(period: string, template: string): Promise<string | null> {
    loading.value = true;
    try {
      return (await reportOpen(period, template)).id;
    } catch (thrown) {
      failure.value = asCommandError(thrown).message;
      return null;
    } finally {
      loading.value = false;
    }
  }

  /** Reads the open report again, at once. */
  async function again(): Promise<void> {
    clearTimeout(timer);
    if (id.value !== null) await read(id.value);
  }

  async function change(changes: Partial<Report>): Promise<boolean> {
    const stored = view.value?.report;
    if (!stored) return false;
    try {
      const draft = { ...stored.draft, ...changes };
      await recordSave("report", { id: stored.id, version: stored.meta.version }, draft);
      clearTimeout(timer);
      await read(stored.id);
      return true;
    } catch (thrown) {
      showFailure(wording(thrown));
      return false;
    }
  }

  /** The hand-written text of a block, if there is one. */
  const editOf = (block: string) => draft.value?.edits.find((edit) => edit.block === block);

  /** Saving a text says that its author has seen what the program would write today. */
  function write(block: string, runs: Run[], base: string): Promise<boolean> {
    const composed = view.value?.replaced[block];
    const edit: ReportEdit = { block, runs, base: composed ? textOf(composed) : base };
    const others = draft.value?.edits.filter((each) => each.block !== block) ?? [];
    return change({ edits: [...others, edit] });
  }

  const restore = (block: string) => change({ edits: draft.value?.edits.filter((edit) => edit.block !== block) ?? [] });

  let timer: ReturnType<typeof setTimeout> | undefined;
  useChanged(CONTENT_KINDS, () => {
    clearTimeout(timer);
    const report = id.value;
    if (report !== null) timer = setTimeout(() => void read(report).then((there) => there || onGone()), SETTLE_MS);
  });
  onScopeDispose(() => clearTimeout(timer));

  return { view, draft, id, loading, failure, read, again, open, change, editOf, write, restore };
}
