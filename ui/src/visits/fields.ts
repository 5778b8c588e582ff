// The visit's form and list: many households at once, who met whom, what was found and given.
import type { NeedCheck } from "../bindings/NeedCheck";
import type { Visit } from "../bindings/Visit";
import { choicesOf, type Column, type Filter } from "../shared/columns";
import { fieldsOf, group, optionsOf, type Control, type Group } from "../shared/fields";
import ContactField from "./ContactField.vue";
import NeedsField from "./NeedsField.vue";

const field = fieldsOf<Visit>()("visit");

export const MODES = ["in_person", "phone", "video", "not_reached"] as const;
export const NEEDS = ["food", "clothing", "education", "medical", "housing", "water"] as const;

const reached = (visit: Visit) => visit.mode !== "not_reached";
const hasProblem = (visit: Visit) => NEEDS.some((need) => visit[need] === ("problem" satisfies NeedCheck));
const needs: Control = { kind: "custom", component: NeedsField };

export const groups: Group[] = [
  group("basic", [
    field(
      "household_ids",
      { kind: "records", of: "household" },
      { span: 12, required: true, hint: "visit.manyHouseholds" },
    ),
    field("day", { kind: "day" }, { span: 4, required: true }),
    field("mode", { kind: "enum", options: optionsOf(MODES, "visit.mode") }, { span: 8, required: true }),
    field(
      "unreached_reason",
      { kind: "text", max: 200 },
      { span: 12, required: true, visible: (visit) => !reached(visit) },
    ),
    field("visitor_ids", { kind: "records", of: "team_member" }, { span: 6, required: true }),
    field("other_visitors", { kind: "texts" }, { span: 6 }),
    field("contact_id", { kind: "custom", component: ContactField }, { span: 6, visible: reached }),
    field(
      "persons_met",
      { kind: "number", format: "int", unit: "units.person" },
      { span: 6, required: true, visible: reached, hint: "hints.persons_met" },
    ),
  ]),
  group("content", [
    field("purposes", { kind: "dictionaries", dictionary: "visit_purpose" }, { span: 12, required: true }),
    field("content", { kind: "textarea", rows: 4, max: 5000 }, { span: 12 }),
  ]),
  group(
    "needs",
    NEEDS.map((need) => field(need, needs, { span: 6 })),
    { visible: (draft) => reached(draft as Visit) },
  ),
  group("follow", [
    field(
      "problem",
      { kind: "textarea", rows: 2, max: 500 },
      { span: 12, required: hasProblem, hint: "visit.problemHint" },
    ),
    field("next_action", { kind: "text", max: 200 }, { span: 12 }),
    field("gift", { kind: "text", max: 200 }, { span: 8, visible: reached }),
    field(
      "gift_fen",
      { kind: "number", format: "yuan", unit: "units.fen", empty: null },
      { span: 4, visible: reached },
    ),
  ]),
];

export const columns: Column[] = [
  { key: "day", label: "columns.day", width: 116, format: "day" },
  { key: "households", label: "columns.households", width: 150 },
  { key: "household_count", label: "columns.household_count", width: 70, format: "int" },
  {
    key: "mode",
    label: "columns.mode",
    width: 104,
    format: { names: "visit.mode" },
    tone: (cells) => (cells.mode === "not_reached" ? "warn" : undefined),
  },
  { key: "purposes", label: "columns.purposes", width: 170 },
  { key: "content", label: "columns.content", width: 220, grow: true },
  { key: "visitors", label: "columns.visitors", width: 130 },
  { key: "problem", label: "columns.problem", width: 180, tone: () => "warn", optional: true },
  { key: "updated_at", label: "columns.updated_at", width: 160, format: "moment", optional: true },
];

export const filters: Filter[] = [
  { kind: "days", key: "days", label: "filters.days" },
  { kind: "choice", key: "mode", label: "filters.mode", choices: choicesOf(MODES, "visit.mode") },
  { kind: "dictionary", key: "purpose", label: "filters.purpose", dictionary: "visit_purpose" },
  { kind: "record", key: "visitor", label: "filters.visitor", of: "team_member" },
  { kind: "record", key: "household", label: "filters.household", of: "household" },
];
