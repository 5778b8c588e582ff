// The editable categories: every drop-down of the window.
import type { DictionaryItem } from "../bindings/DictionaryItem";
import { t } from "../i18n";
import { zhCN } from "../locales/zh-CN";
import type { Column, Filter } from "../shared/columns";
import { fieldsOf, group, optionsOf, type Group } from "../shared/fields";

const field = fieldsOf<DictionaryItem>()("dictionary_item");

export const DICTIONARIES = Object.keys(zhCN.dictionaries) as (keyof typeof zhCN.dictionaries)[];

const isActivityType = (item: DictionaryItem) => item.dictionary === "activity_type";

export const groups: Group[] = [
  group("basic", [
    field(
      "dictionary",
      { kind: "enum", as: "select", options: optionsOf(DICTIONARIES, "dictionaries") },
      { span: 6, required: true },
    ),
    field("label", { kind: "text", max: 50 }, { span: 6, required: true }),
    field("duty", { kind: "dictionary", dictionary: "duty" }, { span: 6, visible: isActivityType }),
    field("units", { kind: "texts" }, { span: 6, visible: isActivityType, hint: "hints.units_first" }),
    field("sort", { kind: "number", format: "int" }, { span: 6 }),
    field("note", { kind: "text", max: 200 }, { span: 12 }),
  ]),
  group("validity", [field("valid_from", { kind: "day" }), field("valid_to", { kind: "day" })]),
];

export const columns: Column[] = [
  { key: "dictionary", label: "columns.dictionary", width: 150, format: { names: "dictionaries" } },
  { key: "label", label: "columns.label", width: 200, grow: true },
  { key: "duty", label: "columns.duty", width: 140, format: { dictionary: "duty" } },
  { key: "valid_from", label: "columns.valid_from", width: 120, format: "day" },
  { key: "valid_to", label: "columns.valid_to", width: 120, format: "day" },
  { key: "sort", label: "columns.sort", width: 80, format: "int" },
  { key: "note", label: "columns.note", width: 160, optional: true },
];

export const filters: Filter[] = [
  {
    kind: "choice",
    key: "dictionary",
    label: "filters.dictionary",
    choices: () => DICTIONARIES.map((value) => ({ value, label: t(`dictionaries.${value}`) })),
  },
];
