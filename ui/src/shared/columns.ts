// What a list shows: its columns, how a cell is written, and what narrows the list.
import dayjs from "dayjs";
import type { Kind } from "../bindings/Kind";
import { t, type MessageKey } from "../i18n";
import { categoryLabel } from "./dictionaries";
import { formatForReading } from "./numbers";
import { periodLabel } from "./periods";

export type Cells = Record<string, string | number | null>;

export type CellFormat =
  | "text"
  | "day"
  | "moment"
  | "int"
  | "yuan"
  | "wan"
  | "percent"
  | "hundredths"
  | "period"
  | { dictionary: string }
  | { names: string };

export interface Column {
  key: string;
  label: MessageKey;
  width: number;
  /** Takes what room is left. */
  grow?: boolean;
  format?: CellFormat;
  /** Not shown until chosen. */
  optional?: boolean;
  tone?: (cells: Cells) => "warn" | "muted" | undefined;
}

const RIGHT: readonly CellFormat[] = ["day", "moment", "int", "yuan", "wan", "percent", "hundredths"];

export function isRight(column: Column): boolean {
  return column.format !== undefined && RIGHT.includes(column.format);
}

/** A cell as it is read. */
export function cellText(column: Column, cells: Cells): string {
  const value = cells[column.key] ?? null;
  const format = column.format ?? "text";
  if (value === null || value === "") return "";
  if (typeof format === "object") {
    return "dictionary" in format
      ? categoryLabel(format.dictionary, String(value))
      : t(`${format.names}.${value}` as MessageKey);
  }
  switch (format) {
    case "moment":
      return dayjs(String(value)).format("YYYY-MM-DD HH:mm");
    case "period":
      return periodLabel(String(value));
    case "percent":
      return `${formatForReading(Number(value), "percent")}%`;
    case "int":
    case "yuan":
    case "wan":
    case "hundredths":
      return formatForReading(Number(value), format);
    default:
      return String(value);
  }
}

export interface Choice {
  value: string;
  label: string;
}

/** `key` is the filter's name in `record_list`. */
export type Filter =
  | {
      kind: "choice";
      key: string;
      label: MessageKey;
      choices: () => Choice[];
      forget?: boolean;
      other?: (value: string) => string;
    }
  | { kind: "dictionary"; key: string; label: MessageKey; dictionary: string }
  | { kind: "record"; key: string; label: MessageKey; of: Kind; forget?: boolean }
  | { kind: "text"; key: string; label: MessageKey }
  /** Two keys, `from` and `to`. */
  | { kind: "days"; key: "days"; label: MessageKey };

export function keysOf(filter: Filter): string[] {
  return filter.kind === "days" ? ["from", "to"] : [filter.key];
}

/** What is remembered between starts: never days (they grow old), never persons. */
export function isRemembered(filter: Filter): boolean {
  return filter.kind === "dictionary" || (filter.kind === "choice" && !filter.forget);
}

/** Choices of an enum named in the catalogue. */
export function choicesOf(values: readonly string[], under: string): () => Choice[] {
  return () => values.map((value) => ({ value, label: t(`${under}.${value}` as MessageKey) }));
}

/** The years that can be meant around a day. */
export function yearChoices(day: () => string): () => Choice[] {
  return () => {
    const year = Number(day().slice(0, 4));
    return [year, year - 1, year - 2, year - 3].map((each) => ({
      value: String(each),
      label: `${each}${t("units.year")}`,
    }));
  };
}
