// How a list was last looked at: columns, sorting and plain filters. Kept on this machine, without text or persons.
import type { Sort } from "../bindings/Sort";

export interface ListMemory {
  columns: string[] | null;
  sort: Sort | null;
  filters: Record<string, string>;
}

const keyOf = (kind: string) => `zhucunji.list.${kind}`;

export function recall(kind: string): ListMemory {
  const empty: ListMemory = { columns: null, sort: null, filters: {} };
  try {
    const text = localStorage.getItem(keyOf(kind));
    return text === null ? empty : { ...empty, ...(JSON.parse(text) as Partial<ListMemory>) };
  } catch {
    return empty;
  }
}

export function remember(kind: string, memory: ListMemory): void {
  try {
    localStorage.setItem(keyOf(kind), JSON.stringify(memory));
  } catch {
    // A full or forbidden storage costs only the memory of columns.
  }
}
