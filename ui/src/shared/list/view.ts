// How a list is looked at: what narrows it, its order, its columns; and whether two looks are the same.
import type { ColumnCondition } from "../../bindings/ColumnCondition";
import type { ListQuery } from "../../bindings/ListQuery";
import type { ListView } from "../../bindings/ListView";

export const PLAIN: ListView = { text: "", filters: {}, conditions: [], sort: null, columns: null };

/** Filters without those that do not filter. */
export function filled(filters: ListView["filters"]): Record<string, string> {
  return Object.fromEntries(Object.entries(filters).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}

export function isNarrowed({ text, filters, conditions }: ListView): boolean {
  return text.trim() !== "" || conditions.length > 0 || Object.keys(filled(filters)).length > 0;
}

const inOrder = (filters: ListView["filters"]) => Object.entries(filled(filters)).sort(([a], [b]) => (a < b ? -1 : 1));
const byColumn = (conditions: ColumnCondition[]) => [...conditions].sort((a, b) => (a.column < b.column ? -1 : 1));

/** Whether a list looks as a saved view says; what that view leaves open may be anything. */
export function looksLike(now: ListView, saved: ListView): boolean {
  const narrowing = (view: ListView) => [view.text.trim(), inOrder(view.filters), byColumn(view.conditions)];
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return (
    same(narrowing(now), narrowing(saved)) &&
    (saved.columns === null || (same(now.columns, saved.columns) && same(now.sort, saved.sort)))
  );
}

/** The conditions with one column's in place of what it had, or without it. */
export function withCondition(
  conditions: ColumnCondition[],
  column: string,
  test: ColumnCondition["test"] | null,
): ColumnCondition[] {
  const at = conditions.findIndex((condition) => condition.column === column);
  if (test === null) return conditions.filter((condition) => condition.column !== column);
  if (at < 0) return [...conditions, { column, test }];
  return conditions.map((condition, place) => (place === at ? { column, test } : condition));
}

export function queryOf(view: ListView, offset: number, limit: number): ListQuery {
  const { text, filters, conditions, sort } = view;
  return { text, filters: filled(filters), conditions, sort, offset, limit };
}
