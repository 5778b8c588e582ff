// Numbers of people in a form: covered as the core covers them in lists, until they are asked for.

/** Characters shown at the beginning; the last four are always shown. */
const SHOWN_FIRST: Record<string, number> = { id_number: 6, phone: 3 };
const SHOWN_LAST = 4;

/** A number as it is shown; one too short to hide anything in is hidden whole. */
export function covered(path: string, number: string): string {
  const characters = [...number];
  const first = SHOWN_FIRST[path.split(".").at(-1) ?? ""] ?? 0;
  const hides = characters.length > first + SHOWN_LAST;
  const isShown = (at: number) => hides && (at < first || at >= characters.length - SHOWN_LAST);
  return characters.map((character, at) => (isShown(at) ? character : "*")).join("");
}
