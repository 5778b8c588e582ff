// One record in a form: reading, what differs from the stored one, drafts, saving with findings and reasons.
import { computed, onMounted, ref, shallowRef, watch } from "vue";
import type { Finding } from "../bindings/Finding";
import type { Id } from "../bindings/Id";
import type { Kept } from "../bindings/Kept";
import type { Kind } from "../bindings/Kind";
import type { Saved } from "../bindings/Saved";
import { useChanged } from "../changes";
import { asCommandError } from "../errors";
import { t } from "../i18n";
import { recordAfter, recordBlank, recordGet, recordSave, type RecordTypes } from "../ipc";
import { draftKey, dropDraft, keptDraft, putDraft, type KeptDraft } from "./drafts";
import { createForm } from "./form";
import { orShow, showDone, showFailure } from "./messages";
import type { Draft } from "./paths";
import { takePrefill, type Origin } from "./prefill";
import { rebased } from "./rebase";

interface DraftContent {
  draft: Draft;
  version: number | null;
}

function asContent(content: unknown): DraftContent | null {
  if (typeof content !== "object" || content === null || !("draft" in content)) return null;
  const { draft } = content;
  if (typeof draft !== "object" || draft === null) return null;
  const version = "version" in content && typeof content.version === "number" ? content.version : null;
  return { draft: draft as Draft, version };
}

export function useRecordEditor(kind: Kind, id: Id | null, day: () => string, onGone: () => void) {
  /** A new record has its own once it is stored. */
  let key = draftKey(kind, id);
  const stored = shallowRef<{ id: Id; version: number } | null>(null);
  const draft = ref<Draft>({});
  const base = ref("");
  const ready = ref(false);
  const saving = ref(false);
  const offered = ref<KeptDraft | null>(null);
  const soft = ref<Finding[]>([]);
  /** The sentence that a new form was filled from. */
  const origin = shallowRef<Origin | null>(null);
  const form = createForm(
    draft,
    computed(day),
    computed(() => ({ kind, id: stored.value?.id ?? null })),
  );
  const dirty = computed(() => ready.value && JSON.stringify(draft.value) !== base.value);
  let failed = false;

  function take(content: Draft): void {
    draft.value = content;
    base.value = JSON.stringify(content);
    form.findings.value = [];
    form.unreadable.clear();
  }

  /** Takes what is stored, under what was typed while it was on its way. */
  function takeUnder(content: Draft): void {
    const typed = dirty.value ? rebased(JSON.parse(base.value), draft.value, content) : null;
    take(content);
    if (typed === null) return;
    draft.value = typed as Draft;
    keep();
  }

  async function read(of: Id | null = id): Promise<void> {
    try {
      if (of === null) {
        // What the way here filled in is where the form starts: nobody has typed it.
        const prefilled = takePrefill(kind);
        take({ ...((await recordBlank(kind)) as Draft), ...prefilled?.content });
        origin.value = prefilled?.origin ?? null;
        form.mark(origin.value?.fields ?? []);
      } else {
        const record = await recordGet(kind, of);
        if (record.meta.deleted_at !== null) return onGone();
        stored.value = { id: of, version: record.meta.version };
        takeUnder(record.draft as Draft);
      }
      ready.value = true;
    } catch (thrown) {
      failed = true;
      showFailure(thrown);
      onGone();
    }
  }

  async function start(): Promise<void> {
    const kept = keptDraft(key);
    await read();
    if (kept && asContent(kept.content)) offered.value = kept;
  }

  function leaveOrigin(): void {
    origin.value = null;
    form.mark([]);
  }

  /** Takes up what was typed earlier. */
  function resume(): void {
    const content = asContent(offered.value?.content);
    offered.value = null;
    if (!content) return;
    draft.value = content.draft;
    leaveOrigin();
    const outdated = content.version !== null && content.version !== stored.value?.version;
    showDone(t(outdated ? "form.outdated" : "form.resumed"));
  }

  async function discard(): Promise<void> {
    offered.value = null;
    await dropDraft(key);
  }

  /** Gives up what was typed and shows the stored record again. */
  async function revert(): Promise<void> {
    await dropDraft(key);
    draft.value = JSON.parse(base.value) as Draft;
    form.findings.value = [];
    form.unreadable.clear();
    showDone(t("form.discarded"));
  }

  function keep(): void {
    putDraft(key, { draft: draft.value, version: stored.value?.version ?? null } satisfies DraftContent);
  }

  watch(
    draft,
    () => {
      if (!ready.value || offered.value !== null) return;
      if (dirty.value) keep();
      else void dropDraft(key);
    },
    { deep: true },
  );

  /** Saves an earlier content like any other change: the rules hold, and it can be undone. */
  async function backTo(seq: number): Promise<Saved | null> {
    if (dirty.value || stored.value === null) return null;
    // The history that is shown covers numbers: what is saved comes whole from the core.
    const content = await orShow(recordAfter(kind, stored.value.id, seq));
    if (content === null) return null;
    draft.value = { ...draft.value, ...(content as Draft) };
    return save();
  }

  const hard = computed(() => form.findings.value.filter((finding) => finding.severity === "hard"));

  /** The record's id once it is stored; null if it was refused, asks for reasons or failed. */
  async function save(kept: Kept[] = []): Promise<Saved | null> {
    if (saving.value || !ready.value || offered.value !== null) return null;
    const unreadable = [...form.unreadable.keys()][0];
    if (unreadable !== undefined) {
      form.goTo(unreadable);
      return null;
    }
    saving.value = true;
    const sent = JSON.stringify(draft.value);
    try {
      const saved = await recordSave(kind, stored.value, draft.value as RecordTypes[Kind], kept);
      soft.value = [];
      base.value = sent;
      const before = key;
      key = draftKey(kind, saved.id);
      await dropDraft(before);
      origin.value?.onSaved?.();
      if (id !== null || dirty.value) await read(saved.id);
      showDone(t("common.saved"));
      return saved;
    } catch (thrown) {
      refuse(thrown);
      return null;
    } finally {
      saving.value = false;
    }
  }

  function refuse(thrown: unknown): void {
    const error = asCommandError(thrown);
    soft.value = error.code === "needs_reason" ? error.findings : [];
    form.findings.value = error.findings;
    const first = error.findings.find((finding) => finding.severity === "hard");
    if (error.code === "refused" && first) form.goTo(first.field);
    else if (error.code !== "needs_reason") showFailure(error);
  }

  // Undo, or another form, may have changed the record under us; typed text is never taken away.
  useChanged([kind], () => {
    if (id !== null && ready.value && !dirty.value && !saving.value && !failed) void read();
  });

  onMounted(start);

  return {
    stored,
    draft,
    form,
    origin,
    ready,
    dirty,
    saving,
    offered,
    soft,
    hard,
    save,
    backTo,
    resume,
    discard,
    revert,
  };
}
