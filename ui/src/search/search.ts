// What the search knows while it is open: the typed text, what was found, which entry is the chosen one.
import { computed, ref, shallowRef } from "vue";
import type { Found } from "../bindings/Found";
import type { FoundGroup } from "../bindings/FoundGroup";
import type { Hit } from "../bindings/Hit";
import type { Kind } from "../bindings/Kind";

/** Typing pauses this long before the core is asked. */
const PAUSE_MS = 80;

/** A line that can be chosen: a record, or the rest of a kind. */
export type Entry =
  { type: "hit"; key: string; hit: Hit } | { type: "more"; key: string; kind: Kind; left: number; atLeast: boolean };

export interface Section {
  kind: Kind;
  entries: Entry[];
}

/** Asks the core: the first of every kind, or the next of one. */
export type Ask = (query: string, kind: Kind | null, offset: number) => Promise<Found>;

function section({ kind, hits, total, more }: FoundGroup): Section {
  const entries: Entry[] = hits.map((hit) => ({ type: "hit", key: hit.id, hit }));
  const left = total - hits.length;
  if (left > 0 || more) entries.push({ type: "more", key: `more ${kind}`, kind, left, atLeast: more });
  return { kind, entries };
}

export function createSearch(ask: Ask, failed: (thrown: unknown) => void) {
  const text = ref("");
  /** The text that `groups` answers; null before the first answer. */
  const answered = ref<string | null>(null);
  const groups = shallowRef<FoundGroup[]>([]);
  const active = ref(0);
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const sections = computed(() => groups.value.map(section));
  const entries = computed(() => sections.value.flatMap((each) => each.entries));
  const chosen = computed<Entry | undefined>(() => entries.value[active.value]);
  const total = computed(() => groups.value.reduce((sum, group) => sum + group.total, 0));
  const atLeast = computed(() => groups.value.some((group) => group.more));

  /** Answers that come after a newer question are thrown away. */
  async function find(): Promise<void> {
    clearTimeout(timer);
    const mine = ++turn;
    const query = text.value.trim();
    const found = query === "" ? { groups: [] } : await ask(query, null, 0).catch(failed);
    if (mine !== turn || !found) return;
    groups.value = found.groups;
    answered.value = query;
    active.value = 0;
  }

  function type(next: string): void {
    text.value = next;
    clearTimeout(timer);
    if (next.trim() === "") void find();
    else timer = setTimeout(() => void find(), PAUSE_MS);
  }

  /** Shows more of a kind in place: the first time the page that the overview began, then the next. */
  async function more(kind: Kind): Promise<void> {
    const before = groups.value.find((group) => group.kind === kind);
    if (!before) return;
    const mine = ++turn;
    const offset = before.hits.length < 50 ? 0 : before.hits.length;
    const found = await ask(answered.value ?? "", kind, offset).catch(failed);
    if (mine !== turn || !found) return;
    const next = found.groups.find((group) => group.kind === kind);
    const hits = [...(offset === 0 ? [] : before.hits), ...(next?.hits ?? [])];
    const grown = { kind, hits, total: Math.max(next?.total ?? 0, hits.length), more: next?.more ?? false };
    groups.value = groups.value.map((group) => (group.kind === kind ? grown : group));
  }

  function move(by: number): void {
    const last = entries.value.length - 1;
    active.value = Math.max(0, Math.min(last, active.value + by));
  }

  /** From the last entry to the first and back. */
  function step(by: 1 | -1): void {
    const count = entries.value.length;
    if (count > 0) active.value = (active.value + by + count) % count;
  }

  function reset(): void {
    turn += 1;
    clearTimeout(timer);
    text.value = "";
    groups.value = [];
    answered.value = null;
    active.value = 0;
  }

  return {
    text,
    answered,
    groups,
    sections,
    entries,
    active,
    chosen,
    total,
    atLeast,
    find,
    type,
    more,
    move,
    step,
    reset,
  };
}
