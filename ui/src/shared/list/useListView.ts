// The list's look as the user changes it: search, filters, conditions on columns, order, columns; and the saved ones.
import { computed, ref, shallowRef, watch, type Ref } from "vue";
import type { ColumnTest } from "../../bindings/ColumnTest";
import type { Kind } from "../../bindings/Kind";
import type { ListView } from "../../bindings/ListView";
import type { NamedList } from "../../bindings/NamedList";
import type { Sort } from "../../bindings/Sort";
import { savedListDrop, savedLists, savedListSave } from "../../ipc";
import { isRemembered, keysOf, type Column, type Filter } from "../columns";
import { recall, remember } from "../listMemory";
import { orShow } from "../messages";
import { filled, looksLike, PLAIN, withCondition } from "./view";

interface Given {
  kind: Kind;
  columns: Column[];
  filters: Filter[];
  asked?: Record<string, string> | undefined;
}

const SEARCH_DELAY = 180;

export function useListView(given: Given, askAgain: () => void) {
  const memory = recall(given.kind);
  const usual = () => given.columns.filter((column) => !column.optional).map((column) => column.key);
  const known = (keys: string[]) => keys.filter((key) => given.columns.some((column) => column.key === key));

  const text = ref("");
  const filters = ref<Record<string, string>>({ ...(given.asked ?? memory.filters) });
  const conditions = ref<ListView["conditions"]>([]);
  const sort = ref<Sort | null>(memory.sort);
  const shownKeys = ref<string[]>(memory.columns ? known(memory.columns) : usual());
  const view = computed<ListView>(() => ({
    text: text.value,
    filters: filled(filters.value),
    conditions: conditions.value,
    sort: sort.value,
    columns: shownKeys.value,
  }));

  function saveMemory(): void {
    const kept = given.filters.filter(isRemembered).flatMap(keysOf);
    const plain = Object.entries(filled(filters.value)).filter(([key]) => kept.includes(key));
    remember(given.kind, { columns: shownKeys.value, sort: sort.value, filters: Object.fromEntries(plain) });
  }

  let searchTimer: ReturnType<typeof setTimeout> | undefined;
  watch(text, () => {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(askAgain, SEARCH_DELAY);
  });
  watch([filters, conditions, sort], () => {
    saveMemory();
    askAgain();
  });
  watch(shownKeys, saveMemory);
  watch(
    () => given.asked,
    (asked) => {
      if (!asked) return;
      chosenId.value = null;
      conditions.value = [];
      filters.value = { ...asked };
    },
  );

  function sortBy(column: Column): void {
    const current = sort.value;
    if (current?.column !== column.key) sort.value = { column: column.key, descending: false };
    else sort.value = current.descending ? null : { column: column.key, descending: true };
  }

  function setTest(column: string, test: ColumnTest | null): void {
    conditions.value = withCondition(conditions.value, column, test);
  }

  function dropFilter(key: string): void {
    filters.value = { ...filters.value, [key]: "" };
  }

  /** Takes away all that narrows the list; order and columns stay. */
  function clear(): void {
    chosenId.value = null;
    text.value = "";
    filters.value = {};
    conditions.value = [];
  }

  // ── saved ──
  const saved = shallowRef<NamedList[]>([]);
  const chosenId: Ref<string | null> = ref(null);
  /** The one chosen, or the one that the list happens to look like. */
  const active = computed(
    () =>
      saved.value.find(({ id }) => id === chosenId.value) ??
      saved.value.find((list) => !looksLike(PLAIN, list.view) && looksLike(view.value, list.view)) ??
      null,
  );
  const isChanged = computed(() => active.value !== null && !looksLike(view.value, active.value.view));

  async function readSaved(): Promise<void> {
    saved.value = (await orShow(savedLists(given.kind))) ?? saved.value;
  }
  void readSaved();

  function choose(list: NamedList): void {
    chosenId.value = list.id;
    text.value = list.view.text;
    filters.value = filled(list.view.filters);
    conditions.value = list.view.conditions;
    if (list.view.columns) {
      shownKeys.value = known(list.view.columns);
      sort.value = list.view.sort;
    }
  }

  async function keepAs(name: string, id: string | null, look: ListView = view.value): Promise<NamedList | null> {
    const kept = await orShow(savedListSave(given.kind, id, name, look));
    await readSaved();
    return kept;
  }

  /** Keeps the look under a name: a new one, or in place of an own one. */
  async function save(name: string, id: string | null): Promise<boolean> {
    const kept = await keepAs(name, id);
    if (kept) chosenId.value = kept.id;
    return kept !== null;
  }

  const rename = async (list: NamedList, name: string) => (await keepAs(name, list.id, list.view)) !== null;

  async function drop(list: NamedList): Promise<boolean> {
    const done = await orShow(savedListDrop(list.id).then(() => true));
    if (done && chosenId.value === list.id) chosenId.value = null;
    await readSaved();
    return done === true;
  }

  return {
    text,
    filters,
    conditions,
    sort,
    shownKeys,
    view,
    usual,
    sortBy,
    setTest,
    dropFilter,
    clear,
    saved,
    active,
    isChanged,
    choose,
    save,
    rename,
    drop,
    stop: () => clearTimeout(searchTimer),
  };
}

export type ListLook = ReturnType<typeof useListView>;
