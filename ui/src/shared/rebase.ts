// What was typed while a record was being stored, laid on the record as it was stored: nothing typed is lost, no row comes twice.

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `stored`, with what differs in `typed` from `sent`. Rows that were sent keep the ids that they were stored under. */
export function rebased(sent: unknown, typed: unknown, stored: unknown): unknown {
  if (isSame(sent, typed)) return stored;
  if (isObject(sent) && isObject(typed) && isObject(stored)) {
    const keys = Object.keys(typed);
    return { ...stored, ...Object.fromEntries(keys.map((key) => [key, rebased(sent[key], typed[key], stored[key])])) };
  }
  if (Array.isArray(sent) && Array.isArray(typed) && Array.isArray(stored) && sent.length === stored.length) {
    return rebasedRows(sent, typed, stored);
  }
  return typed;
}

function rebasedRows(sent: unknown[], typed: unknown[], stored: unknown[]): unknown[] {
  return typed.map((row, at) => {
    const stays = at < sent.length && isSame(sent[at], row);
    const from = stays ? at : sent.findIndex((each) => isSame(each, row));
    if (from >= 0) return stored[from];
    const isInPlace = at < sent.length && typed.length >= sent.length;
    return isInPlace ? rebased(sent[at], row, stored[at]) : row;
  });
}
