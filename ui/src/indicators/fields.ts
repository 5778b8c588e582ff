// The indicator's form and list: any named figure, planned and reached.
import type { Indicator } from "../bindings/Indicator";
import { today } from "../session";
import { type Column, type Filter } from "../shared/columns";
import { fieldsOf, group, optionsOf, type Group } from "../shared/fields";
import { halfYears, periodLabel } from "../shared/periods";

const field = fieldsOf<Indicator>()("indicator");

const BASE_KINDS = ["last_year", "year_end", "whole", "other"] as const;

const value = { kind: "number", format: "hundredths", empty: null } as const;

export const groups: Group[] = [
  group("basic", [
    field("name", { kind: "text", max: 100 }, { span: 8, required: true }),
    field("unit", { kind: "text", max: 10 }, { span: 4, required: true }),
    field("category", { kind: "text", max: 50 }, { span: 6 }),
    field("period", { kind: "period" }, { span: 6, required: true }),
    field("planned", value, { span: 4 }),
    field("actual", value, { span: 4 }),
    field("base", value, { span: 4, hint: "hints.indicator_base" }),
    field(
      "base_kind",
      { kind: "enum", options: optionsOf(BASE_KINDS, "indicator.baseKind"), as: "select" },
      { span: 6 },
    ),
    field("village_id", { kind: "record", of: "village", empty: "null" }, { span: 6 }),
    field("note", { kind: "textarea", rows: 2, max: 500 }, { span: 12 }),
  ]),
];

export const columns: Column[] = [
  { key: "name", label: "columns.indicator", width: 200, grow: true },
  { key: "category", label: "columns.category", width: 120 },
  { key: "period", label: "columns.period", width: 130, format: "period" },
  { key: "unit", label: "columns.unit", width: 80 },
  { key: "planned", label: "columns.planned", width: 110, format: "hundredths" },
  { key: "actual", label: "columns.actual", width: 110, format: "hundredths" },
  { key: "reached", label: "columns.reached", width: 96, format: "percent" },
  { key: "base", label: "columns.base", width: 110, format: "hundredths" },
  { key: "village", label: "columns.village", width: 110, optional: true },
  { key: "note", label: "columns.note", width: 160, optional: true },
];

export const filters: Filter[] = [
  {
    kind: "choice",
    key: "period",
    label: "filters.period",
    choices: () => halfYears(today()).map((each) => ({ value: each, label: periodLabel(each) })),
    other: periodLabel,
  },
];
