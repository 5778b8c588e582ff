// Days as people read them, from `YYYY-MM-DD`; counted, not asked of a clock with a time zone.
import { t, type MessageKey } from "../i18n";

/** 0 for Sunday (Sakamoto's method). */
export function weekdayOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] ?? 0;
  const y = month < 3 ? year - 1 : year;
  return (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + shift + date) % 7;
}

export function longDay(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const weekday = t(`days.weekdays.${weekdayOf(day)}` as MessageKey);
  return t("days.long", { year, month, day: date, weekday });
}
