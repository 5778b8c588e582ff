// What narrows a list, in words: on the chips above it and in the head of an exported sheet.
import type { ColumnCondition } from "../../bindings/ColumnCondition";
import type { ColumnTest } from "../../bindings/ColumnTest";
import type { ListView } from "../../bindings/ListView";
import type { RecordRef } from "../../bindings/RecordRef";
import { t, type MessageKey } from "../../i18n";
import { zhCN } from "../../locales/zh-CN";
import { cellText, keysOf, type Column, type Filter } from "../columns";
import { categoryLabel } from "../dictionaries";
import { formatForEditing, type NumberFormat } from "../numbers";
import { filled } from "./view";

/** Values that a chip names before it counts the rest. */
const NAMED = 3;

const NUMBERS: readonly unknown[] = ["int", "yuan", "wan", "percent", "hundredths"];

/** How the column's numbers are typed; whole where it does not say. */
export function numberFormat(column: Column): NumberFormat {
  return NUMBERS.includes(column.format) ? (column.format as NumberFormat) : "int";
}

/** A value of a column as it is read; nothing has a word too. */
export function valueText(column: Column, value: string): string {
  if (value === "") return t("columnFilter.blank");
  const read = NUMBERS.includes(column.format) ? Number(value) : value;
  return cellText(column, { [column.key]: read });
}

function testWords(column: Column, test: ColumnTest): string {
  const number = (value: number) =>
    formatForEditing(value, numberFormat(column)) + (column.format === "percent" ? "%" : "");
  switch (test.op) {
    case "contains":
      return t("columnFilter.said.contains", { text: test.text });
    case "is":
      return t("columnFilter.said.is", { text: test.text });
    case "empty":
      return t("columnFilter.said.empty");
    case "filled":
      return t("columnFilter.said.filled");
    case "one_of": {
      const named = test.values.slice(0, NAMED).map((value) => valueText(column, value));
      const text = named.join("、");
      const count = test.values.length;
      return t(count > NAMED ? "columnFilter.said.oneOfMany" : "columnFilter.said.is", { text, count });
    }
    case "numbers":
      return span(test.from === null ? null : number(test.from), test.to === null ? null : number(test.to), "number");
    case "days":
      return span(test.from, test.to, "day");
  }
}

function span(from: string | null, to: string | null, of: "number" | "day"): string {
  if (from !== null && to !== null) return t("columnFilter.said.between", { from, to });
  if (from !== null) return t(of === "day" ? "columnFilter.said.since" : "columnFilter.said.atLeast", { from });
  return t(of === "day" ? "columnFilter.said.until" : "columnFilter.said.atMost", { to: to ?? "" });
}

/** Such as 住址 含 石门. */
export function conditionWords(columns: Column[], { column, test }: ColumnCondition): string {
  const shown = columns.find(({ key }) => key === column);
  return shown ? `${t(shown.label)} ${testWords(shown, test)}` : column;
}

/** Filters that have no control of their own: rules with a name, such as 缺联系电话. */
export function ruleKeys(filters: Filter[], values: ListView["filters"]): string[] {
  const controlled = new Set(filters.flatMap(keysOf));
  return Object.keys(filled(values)).filter((key) => !controlled.has(key));
}

export function ruleWords(key: string): string {
  return key in zhCN.listRules ? t(`listRules.${key}` as MessageKey) : key;
}

function filterWords(filter: Filter, values: Record<string, string>, names: Map<string, string>): string[] {
  if (filter.kind === "days") {
    const { from, to } = values;
    return from || to ? [`${t(filter.label)} ${span(from || null, to || null, "day")}`] : [];
  }
  const value = values[filter.key];
  if (!value) return [];
  const said = () => {
    switch (filter.kind) {
      case "dictionary":
        return categoryLabel(filter.dictionary, value);
      case "choice":
        return filter.choices().find((choice) => choice.value === value)?.label ?? filter.other?.(value) ?? value;
      case "record":
        return names.get(value) ?? value;
      case "text":
        return value;
    }
  };
  return [t("columnFilter.said.filter", { label: t(filter.label), value: said() })];
}

/** The records that filters name by id. */
export function namedRecords(filters: Filter[], values: ListView["filters"]): RecordRef[] {
  return filters.flatMap((filter) => {
    const id = filter.kind === "record" ? values[filter.key] : undefined;
    return filter.kind === "record" && id ? [{ kind: filter.of, id }] : [];
  });
}

/** Everything that narrows the list, a phrase each. */
export function viewWords(columns: Column[], filters: Filter[], view: ListView, names: Map<string, string>): string[] {
  const values = filled(view.filters);
  const text = view.text.trim();
  return [
    ...(text === "" ? [] : [t("columnFilter.said.search", { text })]),
    ...filters.flatMap((filter) => filterWords(filter, values, names)),
    ...ruleKeys(filters, values).map(ruleWords),
    ...view.conditions.map((condition) => conditionWords(columns, condition)),
  ];
}
