// The template under the hand: its draft kept as it is typed, tried on today's records a moment after each change.
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import type { Finding } from "../bindings/Finding";
import type { OutlineTrial } from "../bindings/OutlineTrial";
import type { SectionChange } from "../bindings/SectionChange";
import type { UserOutline } from "../bindings/UserOutline";
import { useChanged } from "../changes";
import { asCommandError } from "../errors";
import { outlineChange, outlineCopy, outlineTry, recordGet, recordSave } from "../ipc";
import { draftKey, dropDraft, keptDraft, putDraft } from "../shared/drafts";
import { showFailure } from "../shared/messages";
import { rebased } from "../shared/rebase";
import { CONTENT_KINDS } from "../shared/recordForms";
import { takeBrought } from "./files";

/** Long enough for a burst of typing, short enough to feel live. */
const SETTLE_MS = 350;

const asOutline = (content: unknown): UserOutline | null =>
  typeof (content as UserOutline | null)?.source === "string" ? (content as UserOutline) : null;

export function useOutline(id: string | null, copied: string | null) {
  /** A new template has its own once it is stored. */
  let key = draftKey("outline", id);
  const draft = ref<UserOutline | null>(null);
  const version = ref<number | null>(null);
  /** The draft as it is stored, as text; nothing for a new one. */
  const stored = ref("");
  const trial = shallowRef<OutlineTrial | null>(null);
  const findings = ref<Finding[]>([]);
  const saving = ref(false);
  const offered = ref(keptDraft(key));
  const dirty = computed(() => draft.value !== null && JSON.stringify(draft.value) !== stored.value);

  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function tryNow(): Promise<void> {
    const outline = draft.value;
    if (!outline) return;
    const mine = ++turn;
    try {
      const tried = await outlineTry(outline);
      if (mine === turn) trial.value = tried;
    } catch (thrown) {
      if (mine === turn) showFailure(thrown);
    }
  }

  function trySoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void tryNow(), SETTLE_MS);
  }

  async function load(): Promise<void> {
    try {
      if (id === null) {
        draft.value = takeBrought() ?? (await outlineCopy(copied ?? "work-team"));
      } else {
        const record = await recordGet("outline", id);
        version.value = record.meta.version;
        draft.value = record.draft;
        stored.value = JSON.stringify(record.draft);
      }
      await tryNow();
    } catch (thrown) {
      showFailure(thrown);
    }
  }

  function change(changes: Partial<UserOutline>): void {
    if (!draft.value) return;
    draft.value = { ...draft.value, ...changes };
    findings.value = findings.value.filter(({ field }) => !(field in changes));
  }

  watch(draft, (now, before) => {
    if (!now || !before) return;
    if (dirty.value) putDraft(key, now);
    else void dropDraft(key);
    if (now.source !== before.source || now.subject !== before.subject) trySoon();
  });

  /** Moves, switches or renames a part; the core does it, as it knows the language. */
  async function arrange(to: SectionChange): Promise<void> {
    const outline = draft.value;
    if (!outline) return;
    try {
      change({ source: await outlineChange(outline.source, to) });
      clearTimeout(timer);
      await tryNow();
    } catch (thrown) {
      showFailure(thrown);
    }
  }

  /** Stores it; answers with its id. What is refused stays as a draft. */
  async function save(): Promise<string | null> {
    const outline = draft.value;
    if (!outline || saving.value) return null;
    saving.value = true;
    try {
      const before = id === null || version.value === null ? null : { id, version: version.value };
      const saved = await recordSave("outline", before, outline);
      const record = await recordGet("outline", saved.id);
      version.value = record.meta.version;
      const replaced = key;
      key = draftKey("outline", saved.id);
      await dropDraft(replaced);
      stored.value = JSON.stringify(record.draft);
      draft.value = rebased(outline, draft.value, record.draft) as UserOutline;
      findings.value = [];
      return saved.id;
    } catch (thrown) {
      const error = asCommandError(thrown);
      findings.value = error.findings;
      if (error.findings.length === 0) showFailure(error);
      return null;
    } finally {
      saving.value = false;
    }
  }

  function resume(): void {
    const kept = asOutline(offered.value?.content);
    offered.value = undefined;
    if (kept) change(kept);
  }

  function discard(): void {
    offered.value = undefined;
    void dropDraft(key);
  }

  useChanged(CONTENT_KINDS, trySoon);
  onScopeDispose(() => clearTimeout(timer));

  return { draft, trial, findings, saving, offered, dirty, load, change, arrange, save, resume, discard };
}

export type OutlineEditing = ReturnType<typeof useOutline>;
