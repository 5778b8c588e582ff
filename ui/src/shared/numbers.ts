// Numbers between what is typed and what is kept: whole units only, digit by digit, never through a float.

export type NumberFormat = "int" | "yuan" | "wan" | "percent" | "hundredths";

/** How many decimals a format moves: 元 to 分 two, 万元 to 分 six. */
const DECIMALS: Record<NumberFormat, number> = { int: 0, yuan: 2, wan: 6, percent: 2, hundredths: 2 };

export type Parsed = { ok: true; value: number | null } | { ok: false; fault: "shape" | "size" };

const FULL_WIDTH = /[０-９．－，]/g;

/** Reads a typed number; empty is null. Full-width digits, thousands commas, blanks and a trailing unit are accepted. */
export function parseNumber(text: string, format: NumberFormat): Parsed {
  const plain = text
    .replace(FULL_WIDTH, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[,\s]/g, "")
    .replace(/(万元|元|%|％|天|人|户|亩)$/, "");
  if (plain === "") return { ok: true, value: null };
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(plain);
  if (!match) return { ok: false, fault: "shape" };
  const [, sign = "", whole = "", decimals = ""] = match;
  const places = DECIMALS[format];
  const kept = decimals.replace(/0+$/, "");
  if (kept.length > places || (places === 0 && plain.includes("."))) return { ok: false, fault: "shape" };
  const value = Number(sign + whole + kept.padEnd(places, "0"));
  if (!Number.isSafeInteger(value)) return { ok: false, fault: "size" };
  return { ok: true, value: value === 0 ? 0 : value };
}

function digits(value: number, format: NumberFormat): { sign: string; whole: string; decimals: string } {
  const places = DECIMALS[format];
  const text = String(Math.abs(value)).padStart(places + 1, "0");
  return {
    sign: value < 0 ? "-" : "",
    whole: text.slice(0, text.length - places),
    decimals: places === 0 ? "" : text.slice(-places),
  };
}

/** As a field shows it for editing: no separators, no needless zeros. */
export function formatForEditing(value: number | null, format: NumberFormat): string {
  if (value === null) return "";
  const { sign, whole, decimals } = digits(value, format);
  const kept = decimals.replace(/0+$/, "");
  return sign + whole + (kept === "" ? "" : `.${kept}`);
}

/** As lists show it: thousands separated, money with two decimals or more. */
export function formatForReading(value: number | null, format: NumberFormat): string {
  if (value === null) return "";
  const { sign, whole, decimals } = digits(value, format);
  const grouped = format === "int" ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const least = format === "yuan" || format === "wan" ? 2 : 0;
  const kept = decimals.replace(/0+$/, "").padEnd(least, "0");
  return sign + grouped + (kept === "" ? "" : `.${kept}`);
}
