// Half-years as the core writes them, `2026H1`, and as people read them.
import { t } from "../i18n";

export function periodLabel(period: string): string {
  const match = /^(\d{4})H([12])$/.exec(period);
  if (!match) return period;
  return t(match[2] === "1" ? "period.h1" : "period.h2", { year: match[1] ?? "" });
}

/** First and last day of a half-year. */
export function periodSpan(period: string): [string, string] | null {
  const match = /^(\d{4})H([12])$/.exec(period);
  if (!match) return null;
  const [, year = "", half] = match;
  return half === "1" ? [`${year}-01-01`, `${year}-06-30`] : [`${year}-07-01`, `${year}-12-31`];
}

/** The half-years that can be meant on a day: two years back, one ahead, and the one already chosen. */
export function halfYears(day: string, chosen = ""): string[] {
  const year = Number(day.slice(0, 4));
  const periods = [year - 2, year - 1, year, year + 1].flatMap((each) => [`${each}H1`, `${each}H2`]);
  return chosen === "" || periods.includes(chosen) ? periods : [chosen, ...periods];
}

/** First day of the month, of three months ago and of the half-year of a day. */
export function firstDays(day: string): { month: string; quarter: string; half: string; year: string } {
  const [year = 0, month = 1] = day.split("-").map(Number);
  const back = month - 2 >= 1 ? { year, month: month - 2 } : { year: year - 1, month: month + 10 };
  const text = (y: number, m: number) => `${y}-${String(m).padStart(2, "0")}-01`;
  return {
    month: text(year, month),
    quarter: text(back.year, back.month),
    half: text(year, month <= 6 ? 1 : 7),
    year: text(year, 1),
  };
}
