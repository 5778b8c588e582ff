// The plan's form and list: what is to be done in the next half-year.
import type { Plan } from "../bindings/Plan";
import { today } from "../session";
import { choicesOf, type Column, type Filter } from "../shared/columns";
import { fieldsOf, group, optionsOf, type Group } from "../shared/fields";
import { halfYears, periodLabel } from "../shared/periods";

const field = fieldsOf<Plan>()("plan");

const STATUSES = ["open", "done", "dropped"] as const;

export const groups: Group[] = [
  group("basic", [
    field("period", { kind: "period" }, { span: 6, required: true }),
    field("status", { kind: "enum", options: optionsOf(STATUSES, "plan.status") }, { span: 6 }),
    field("title", { kind: "text", max: 100 }, { span: 12, required: true, hint: "hints.plan_title" }),
    field("text", { kind: "textarea", rows: 4, max: 2000 }, { span: 12 }),
    field("target", { kind: "text", max: 200 }, { span: 12 }),
    field("due_on", { kind: "day" }, { span: 4 }),
    field("duty", { kind: "dictionary", dictionary: "duty" }, { span: 4 }),
    field("village_id", { kind: "record", of: "village", empty: "null" }, { span: 4 }),
    field("indicator", { kind: "text", max: 100 }, { span: 12, hint: "hints.plan_indicator" }),
    field("result", { kind: "textarea", rows: 2, max: 1000 }, { span: 12, hint: "hints.plan_result" }),
    field(
      "carried_from",
      { kind: "record", of: "plan", empty: "null" },
      { span: 12, visible: (plan) => plan.carried_from !== null },
    ),
  ]),
];

export const columns: Column[] = [
  { key: "title", label: "columns.title", width: 200 },
  { key: "period", label: "columns.period", width: 130, format: "period" },
  { key: "status", label: "columns.status", width: 132, format: { names: "plan.status" } },
  { key: "due_on", label: "columns.due_on", width: 116, format: "day" },
  { key: "text", label: "columns.text", width: 220, grow: true },
  { key: "carried", label: "columns.carried", width: 96, optional: true },
  { key: "result", label: "columns.result", width: 180, optional: true },
  { key: "target", label: "columns.target", width: 160, optional: true },
  { key: "duty", label: "columns.duty", width: 130, format: { dictionary: "duty" } },
  { key: "village", label: "columns.village", width: 110, optional: true },
];

export const filters: Filter[] = [
  {
    kind: "choice",
    key: "period",
    label: "filters.period",
    choices: () => halfYears(today()).map((value) => ({ value, label: periodLabel(value) })),
    other: periodLabel,
  },
  { kind: "choice", key: "status", label: "filters.status", choices: choicesOf(STATUSES, "plan.status") },
  { kind: "dictionary", key: "duty", label: "filters.duty", dictionary: "duty" },
];
