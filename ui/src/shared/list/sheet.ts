// The list as a sheet to be exported: its name, what narrows it, its columns and how their values are written.
import type { ListFormat } from "../../bindings/ListFormat";
import type { ListSheet } from "../../bindings/ListSheet";
import type { ListSheetColumn } from "../../bindings/ListSheetColumn";
import { t } from "../../i18n";
import { zhCN } from "../../locales/zh-CN";
import type { Column } from "../columns";
import { allCategories } from "../dictionaries";

function named(path: string): Record<string, string> {
  const found = path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], zhCN);
  return typeof found === "object" && found !== null ? (found as Record<string, string>) : {};
}

function sheetColumn({ key, label, format = "text" }: Column): ListSheetColumn {
  const column = { key, heading: t(label) };
  if (typeof format !== "object") return { ...column, format: format satisfies ListFormat, names: {} };
  const names =
    "dictionary" in format
      ? Object.fromEntries(allCategories(format.dictionary).map((item) => [item.code, item.label]))
      : named(format.names);
  return { ...column, format: "text", names };
}

export function sheetOf(title: string, notes: string[], columns: Column[]): ListSheet {
  const narrowed = notes.length === 0 ? [] : [t("listExport.narrowed", { words: notes.join("；") })];
  return { title, notes: narrowed, columns: columns.map(sheetColumn) };
}
