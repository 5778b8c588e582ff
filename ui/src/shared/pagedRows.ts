// Rows of a long list, fetched a page at a time around what is on screen.
import { ref, shallowReactive } from "vue";
import type { ListPage } from "../bindings/ListPage";
import type { ListRow } from "../bindings/ListRow";

export const PAGE_SIZE = 200;

export type FetchPage = (offset: number, limit: number) => Promise<ListPage>;

export function usePagedRows(fetchPage: FetchPage, onFailure: (thrown: unknown) => void = () => undefined) {
  const total = ref(0);
  const loaded = ref(false);
  const pages = shallowReactive(new Map<number, ListRow[]>());
  const asked = new Set<number>();
  let generation = 0;
  let fresh = true;
  let range: [number, number] = [0, 0];

  async function fetchOne(page: number): Promise<void> {
    if (asked.has(page)) return;
    asked.add(page);
    const mine = generation;
    try {
      const answer = await fetchPage(page * PAGE_SIZE, PAGE_SIZE);
      if (mine !== generation) return;
      // Old rows stay on screen until the first new ones are here, so that nothing flickers.
      if (!fresh) pages.clear();
      fresh = true;
      pages.set(page, answer.rows);
      total.value = answer.total;
      loaded.value = true;
    } catch (thrown) {
      if (mine !== generation) return;
      asked.delete(page);
      onFailure(thrown);
    }
  }

  /** Sees to it that rows `first` to `last` are there or on their way. */
  function ensure(first: number, last: number): void {
    range = [first, last];
    const end = Math.max(first, Math.min(last, Math.max(total.value - 1, 0)));
    for (let page = Math.floor(first / PAGE_SIZE); page <= Math.floor(end / PAGE_SIZE); page++) void fetchOne(page);
  }

  /** Reads everything again: the question or the records changed. */
  function reload(): void {
    generation += 1;
    fresh = false;
    asked.clear();
    ensure(...range);
  }

  function rowAt(index: number): ListRow | undefined {
    return pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE];
  }

  function indexOf(id: string): number {
    for (const [page, rows] of pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE_SIZE + at;
    }
    return -1;
  }

  return { total, loaded, ensure, reload, rowAt, indexOf };
}
