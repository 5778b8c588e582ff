// Which day photos speak for.

/** The day on which most of the photos were taken, if none was taken on the record's own days and it has come already. */
export function proposedDay(
  days: readonly (string | null)[],
  own: string,
  last: string | null,
  today: string,
): string | null {
  const known = days.filter((day): day is string => day !== null && day !== "" && day <= today);
  if (known.some((day) => day === own || (last !== null && own <= day && day <= last))) return null;
  const counts = new Map<string, number>();
  for (const day of known) counts.set(day, (counts.get(day) ?? 0) + 1);
  const best = [...counts].sort(([a, m], [b, n]) => n - m || b.localeCompare(a))[0];
  return best?.[0] ?? null;
}
