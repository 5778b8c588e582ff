// Values inside a draft by path, such as `members.2.id_number`; findings name fields the same way.

export type Draft = Record<string, unknown>;

function isContainer(value: unknown): value is Draft {
  return typeof value === "object" && value !== null;
}

export function valueAt(draft: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), draft);
}

export function setValueAt(draft: Draft, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.length === 0 ? draft : valueAt(draft, keys.join("."));
  if (isContainer(holder)) holder[last] = value;
}

/** Whether `path` is `ancestor` or lies inside it. */
export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`);
}
