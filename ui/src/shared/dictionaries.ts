// The editable categories, read once and again when one changes.
import { shallowRef } from "vue";
import type { DictionaryItem } from "../bindings/DictionaryItem";
import { dictionaryItems } from "../ipc";

export type Category = DictionaryItem;

const items = shallowRef<Map<string, DictionaryItem[]>>(new Map());

export async function loadDictionaries(): Promise<void> {
  const next = new Map<string, DictionaryItem[]>();
  for (const { draft, meta } of await dictionaryItems()) {
    if (meta.deleted_at !== null) continue;
    next.set(draft.dictionary, [...(next.get(draft.dictionary) ?? []), draft]);
  }
  for (const list of next.values()) list.sort((a, b) => a.sort - b.sort);
  items.value = next;
}

/** Entries that can be chosen on a day, and those already chosen even if they are no longer valid. */
export function categories(dictionary: string, day: string, chosen: readonly string[] = []): DictionaryItem[] {
  const valid = (item: DictionaryItem) =>
    (item.valid_from === null || item.valid_from <= day) && (item.valid_to === null || day <= item.valid_to);
  return (items.value.get(dictionary) ?? []).filter((item) => valid(item) || chosen.includes(item.code));
}

/** All entries, also those no longer valid. */
export function allCategories(dictionary: string): DictionaryItem[] {
  return items.value.get(dictionary) ?? [];
}

export function category(dictionary: string, code: string): DictionaryItem | undefined {
  return items.value.get(dictionary)?.find((item) => item.code === code);
}

/** What a code is called; a code that is no longer known stands for itself. */
export function categoryLabel(dictionary: string, code: string): string {
  return category(dictionary, code)?.label ?? code;
}
