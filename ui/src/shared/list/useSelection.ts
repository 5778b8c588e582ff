// Which rows are chosen: one by one, as a stretch from the last one chosen, or all that fulfil the question.
import { computed, ref } from "vue";
import { orShow } from "../messages";

/** Ids of the list's rows from a place on; all of them without a count. */
export type IdsOf = (offset: number, count: number) => Promise<string[]>;

export function useSelection(total: () => number, idAt: (index: number) => string | undefined, idsOf: IdsOf) {
  const selected = ref(new Set<string>());
  /** Where the last stretch began. */
  let anchor = 0;
  const count = computed(() => selected.value.size);
  let turn = 0;

  function clear(): void {
    turn += 1;
    selected.value = new Set();
    anchor = 0;
  }

  function toggle(index: number): void {
    const id = idAt(index);
    if (id === undefined) return;
    const next = new Set(selected.value);
    if (!next.delete(id)) next.add(id);
    selected.value = next;
    anchor = index;
  }

  /** Where a stretch begins that the next keys or clicks will draw. */
  function anchorAt(index: number): void {
    anchor = index;
  }

  /** Chooses from the anchor to here, beside what is chosen already. */
  async function stretchTo(index: number): Promise<void> {
    const from = Math.min(anchor, index);
    const length = Math.abs(index - anchor) + 1;
    const near = Array.from({ length: Math.min(length, 500) }, (_, at) => idAt(from + at));
    const mine = ++turn;
    const all = near.length === length && near.every((id) => id !== undefined);
    const ids = all ? (near as string[]) : await orShow(idsOf(from, length));
    if (ids === null || mine !== turn) return;
    selected.value = new Set([...selected.value, ...ids]);
  }

  async function all(): Promise<void> {
    const mine = ++turn;
    const ids = await orShow(idsOf(0, 0));
    if (ids !== null && mine === turn) selected.value = new Set(ids);
  }

  const toggleAll = () => (count.value > 0 ? Promise.resolve(clear()) : all());
  const isAll = computed(() => count.value > 0 && count.value === total());

  /** The chosen ids in the list's order, or the one given where none is chosen. */
  async function inOrder(otherwise: string | undefined): Promise<string[]> {
    if (count.value === 0) return otherwise === undefined ? [] : [otherwise];
    if (count.value === 1) return [...selected.value];
    return ((await orShow(idsOf(0, 0))) ?? []).filter((id) => selected.value.has(id));
  }

  return { selected, count, isAll, clear, toggle, anchorAt, stretchTo, all, toggleAll, inOrder };
}
