// Rows of a long list, fetched a page at a time around what is on screen, and a little ahead of it.
import { ref, shallowReactive } from "vue";
import type { ListPage } from "../bindings/ListPage";
import type { ListRow } from "../bindings/ListRow";

export const PAGE_SIZE = 200;
/** Pages asked for at once: what a fast scroll has passed must not keep what is on screen waiting. */
const AT_ONCE = 2;
/** Pages kept; those farthest from the screen go first. */
export const MOST_PAGES = 60;

export type FetchPage = (offset: number, limit: number) => Promise<ListPage>;

/** `onFirst` is told when the first rows of a question are there. */
export function usePagedRows(
  fetchPage: FetchPage,
  onFailure: (thrown: unknown) => void = () => undefined,
  onFirst: () => void = () => undefined,
) {
  const total = ref(0);
  const loaded = ref(false);
  const pages = shallowReactive(new Map<number, ListRow[]>());
  const inFlight = new Set<number>();
  /** Pages still to ask for, the most urgent first; replaced whenever the screen moves. */
  let waiting: number[] = [];
  let generation = 0;
  let fresh = true;
  let range: [number, number] = [0, 0];

  const pageOf = (index: number) => Math.floor(index / PAGE_SIZE);

  async function fetchOne(page: number): Promise<void> {
    inFlight.add(page);
    const mine = generation;
    try {
      const answer = await fetchPage(page * PAGE_SIZE, PAGE_SIZE);
      if (mine !== generation) return;
      // Old rows stay on screen until the first new ones are here, so that nothing flickers.
      const isFirst = !fresh || !loaded.value;
      if (!fresh) pages.clear();
      fresh = true;
      pages.set(page, answer.rows);
      total.value = answer.total;
      loaded.value = true;
      forgetFar();
      if (!isFirst) return;
      ensure(...range);
      onFirst();
    } catch (thrown) {
      if (mine !== generation) return;
      onFailure(thrown);
    } finally {
      if (mine === generation) {
        inFlight.delete(page);
        askNext();
      }
    }
  }

  function askNext(): void {
    while (inFlight.size < AT_ONCE) {
      const page = waiting.shift();
      if (page === undefined) return;
      if (!inFlight.has(page) && !(fresh && pages.has(page))) void fetchOne(page);
    }
  }

  function forgetFar(): void {
    const middle = pageOf((range[0] + range[1]) / 2);
    const far = [...pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const page of far.slice(0, Math.max(0, pages.size - MOST_PAGES))) pages.delete(page);
  }

  /** Sees to it that rows `first` to `last` are there or on their way, then their neighbours. */
  function ensure(first: number, last: number): void {
    const down = first >= range[0];
    range = [first, last];
    const end = Math.max(first, Math.min(last, Math.max(total.value - 1, 0)));
    const [from, to] = [pageOf(first), pageOf(end)];
    const needed = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    const lastPage = pageOf(Math.max(total.value - 1, 0));
    // What lies ahead in the direction of the scroll comes before what was just left behind.
    const ahead = (down ? [to + 1, from - 1] : [from - 1, to + 1]).filter((page) => page >= 0 && page <= lastPage);
    // Neighbours wait until what is on screen is there.
    waiting = [...needed, ...(loaded.value && fresh ? ahead : [])];
    askNext();
  }

  /** Reads everything again, for these rows first: the question or the records changed. */
  function reload(at: [number, number] = range): void {
    generation += 1;
    fresh = false;
    inFlight.clear();
    ensure(...at);
  }

  function rowAt(index: number): ListRow | undefined {
    return pages.get(pageOf(index))?.[index % PAGE_SIZE];
  }

  return { total, loaded, ensure, reload, rowAt };
}
