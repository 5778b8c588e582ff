// One comparison from reading it to the merge: what the user chose, what would come of it, what keeps it from being done.
import { computed, reactive, ref, shallowRef, type Ref } from "vue";
import type { Finding } from "../bindings/Finding";
import type { Id } from "../bindings/Id";
import type { Kept } from "../bindings/Kept";
import type { MergeDone } from "../bindings/MergeDone";
import type { MergePreview } from "../bindings/MergePreview";
import type { MergeRequest } from "../bindings/MergeRequest";
import type { TwinChoice } from "../bindings/TwinChoice";
import type { TwinComparison } from "../bindings/TwinComparison";
import type { TwinRow } from "../bindings/TwinRow";
import type { TwinSide } from "../bindings/TwinSide";
import { asCommandError } from "../errors";
import { tellBackupFailed } from "../backups/words";
import { numbersShow, recordTitles, twinsCompare, twinsMerge, twinsPreview } from "../ipc";
import { orShow, showFailure } from "../shared/messages";

export function useMerge(left: TwinSide, right: TwinSide) {
  const comparison = shallowRef<TwinComparison | null>(null);
  const names = shallowRef<ReadonlyMap<string, string>>(new Map());
  const choices = reactive<Record<string, TwinChoice>>({});
  const discard = reactive<Record<number, Id>>({});
  const preview = shallowRef<MergePreview | null>(null);
  const soft: Ref<Finding[]> = ref([]);
  const busy = ref(false);
  /** Numbers are covered until somebody asks for them. */
  const isWhole = ref(false);

  async function read(keep: TwinChoice | null = null): Promise<void> {
    const found = await orShow(twinsCompare(left, right, keep, isWhole.value));
    if (found === null) return;
    comparison.value = found;
    found.clashes.forEach((clash, at) => (discard[at] ??= clash.discard));
    const ids = (kind: "village" | "team_member", key: string) =>
      found.rows
        .filter((row) => row.key === key)
        .flatMap((row) => [row.left, row.right])
        .filter((id): id is string => typeof id === "string" && id !== "")
        .map((id) => ({ kind, id }));
    const titles = await recordTitles([...ids("village", "village_id"), ...ids("team_member", "helper_id")]).catch(
      () => [],
    );
    names.value = new Map(titles.map((title) => [title.id, title.title]));
  }

  async function toggleNumbers(): Promise<void> {
    const ids = [left.id, right.id].filter((id) => id !== null);
    if (!isWhole.value && (await orShow(numbersShow({ of: "pair", kind: "household", ids }).then(() => true))) === null)
      return;
    isWhole.value = !isWhole.value;
    await read(comparison.value?.keep ?? null);
  }

  const chosen = (row: TwinRow): TwinChoice => choices[row.key] ?? row.choice;

  /** All that differs from one side. */
  function takeAll(side: TwinChoice): void {
    const found = comparison.value;
    if (found === null) return;
    for (const row of [...found.rows, ...found.people.flatMap((person) => person.rows)]) {
      if (row.differs) choices[row.key] = side;
    }
  }

  const keptSide = computed(() => {
    const found = comparison.value;
    return found === null ? null : found.keep === "left" ? found.left : found.right;
  });
  const goingSide = computed(() => {
    const found = comparison.value;
    return found === null ? null : found.keep === "left" ? found.right : found.left;
  });
  /** Clashes that are left once two people are two. */
  const clashes = computed(() =>
    (comparison.value?.clashes ?? [])
      .map((clash, at) => ({ clash, at }))
      .filter(({ clash }) => clash.person === null || choices[clash.person] !== "both"),
  );

  function request(kept: Kept[]): MergeRequest | null {
    const found = comparison.value;
    if (found === null) return null;
    return {
      left: { ...left, version: found.left.version },
      right: { ...right, version: found.right.version },
      keep: found.keep,
      choices: { ...choices },
      discard: clashes.value.map(({ at }) => discard[at] ?? "").filter((id) => id !== ""),
      kept,
    };
  }

  async function look(): Promise<void> {
    const asked = request([]);
    if (asked === null || busy.value) return;
    busy.value = true;
    preview.value = await orShow(twinsPreview(asked, isWhole.value));
    busy.value = false;
  }

  /** What was made, or null where it was refused or asks for reasons. */
  async function merge(kept: Kept[] = []): Promise<MergeDone | null> {
    const asked = request(kept);
    if (asked === null || busy.value) return null;
    busy.value = true;
    try {
      const done = await twinsMerge(asked);
      tellBackupFailed(done.backup_failed);
      soft.value = [];
      return done;
    } catch (thrown) {
      const error = asCommandError(thrown);
      soft.value = error.code === "needs_reason" ? error.findings : [];
      if (error.code !== "needs_reason") showFailure(error);
      return null;
    } finally {
      busy.value = false;
    }
  }

  const blocking = computed(() => preview.value?.findings.filter((finding) => finding.severity === "hard") ?? []);

  return {
    comparison,
    names,
    choices,
    discard,
    preview,
    soft,
    busy,
    isWhole,
    toggleNumbers,
    blocking,
    clashes,
    keptSide,
    goingSide,
    read,
    chosen,
    takeAll,
    look,
    merge,
  };
}

export type Merge = ReturnType<typeof useMerge>;
