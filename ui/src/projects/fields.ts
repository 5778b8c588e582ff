// The project's form and list: money in 万元, progress, milestones, and what holds it up.
import type { Project } from "../bindings/Project";
import type { ProjectBlocker } from "../bindings/ProjectBlocker";
import type { ProjectFund } from "../bindings/ProjectFund";
import type { ProjectNotice } from "../bindings/ProjectNotice";
import type { ProjectPayment } from "../bindings/ProjectPayment";
import type { ProjectProgress } from "../bindings/ProjectProgress";
import type { ProjectSubWork } from "../bindings/ProjectSubWork";
import { t } from "../i18n";
import { today } from "../session";
import { yearChoices, type Column, type Filter } from "../shared/columns";
import { fieldsOf, group, type Group, type TableControl } from "../shared/fields";
import MilestonesField from "./MilestonesField.vue";

const field = fieldsOf<Project>()("project");
const fundField = fieldsOf<ProjectFund>()("project_fund");
const paymentField = fieldsOf<ProjectPayment>()("project_payment");
const progressField = fieldsOf<ProjectProgress>()("project_progress");
const workField = fieldsOf<ProjectSubWork>()("project_sub_work");
const blockerField = fieldsOf<ProjectBlocker>()("project_blocker");
const noticeField = fieldsOf<ProjectNotice>()("project_notice");

const wan = { kind: "number", format: "wan", unit: "units.wan", empty: null } as const;
const wanOrNone = { kind: "number", format: "wan", unit: "units.wan", empty: 0 } as const;
const year = { kind: "number", format: "int", unit: "units.year", empty: null } as const;

function rows(fields: Group["fields"], blank: TableControl["blank"], more: Partial<TableControl> = {}): TableControl {
  return { kind: "table", layout: "rows", groups: [group("basic", fields)], blank, ...more };
}

export const groups: Group[] = [
  group("basic", [
    field("name", { kind: "text", max: 100 }, { span: 12, required: true }),
    field("category", { kind: "dictionary", dictionary: "project_category" }, { span: 4, required: true }),
    field("village_id", { kind: "record", of: "village", empty: "nil" }, { span: 4, required: true }),
    field("place", { kind: "text", max: 100 }, { span: 4 }),
    field("duty", { kind: "dictionary", dictionary: "duty" }, { span: 4, required: true, hint: "project.duty" }),
    field("impl_year", year, { span: 4 }),
    field("pool_source", { kind: "dictionary", dictionary: "pool_source" }, { span: 4 }),
    field("summary", { kind: "textarea", rows: 2 }, { span: 12 }),
  ]),
  group("funds", [
    field("budget", wan, { span: 4, required: true }),
    field("arrived", wan, { span: 4 }),
    field("appropriated", wan, { span: 4 }),
    field("paid", wan, { span: 4 }),
    field("settled", wan, { span: 4 }),
    field("audited", wan, { span: 4 }),
    field(
      "funds",
      rows(
        [
          fundField("source", { kind: "dictionary", dictionary: "fund_source" }, { span: 5, required: true }),
          fundField("amount", wanOrNone, { span: 3 }),
          fundField("note", { kind: "text", max: 100 }, { span: 4 }),
        ],
        () => ({ source: "", amount: 0, note: "" }) satisfies ProjectFund,
        { sum: { key: "amount", format: "wan", unit: "units.wan" } },
      ),
      { span: 12, required: true },
    ),
  ]),
  group("milestones", [
    field(
      "progress",
      rows(
        [
          progressField("day", { kind: "day" }, { span: 4, required: true }),
          progressField(
            "progress",
            { kind: "number", format: "percent", unit: "units.percent" },
            { span: 3, required: true },
          ),
          progressField("note", { kind: "text", max: 200 }, { span: 5 }),
        ],
        (day) => ({ day, progress: 0, note: "" }) satisfies ProjectProgress,
      ),
      { span: 12, hint: "hints.progress" },
    ),
    field("milestones", { kind: "custom", component: MilestonesField }, { span: 12 }),
  ]),
  group(
    "payments",
    [
      field(
        "payments",
        rows(
          [
            paymentField("day", { kind: "day" }, { span: 3, required: true }),
            paymentField("amount", wanOrNone, { span: 3 }),
            paymentField("payee", { kind: "text", max: 60 }, { span: 3 }),
            paymentField("voucher", { kind: "text", max: 40 }, { span: 3 }),
          ],
          (day) => ({ day, amount: 0, payee: "", voucher: "" }) satisfies ProjectPayment,
          { sum: { key: "amount", format: "wan", unit: "units.wan" } },
        ),
        { span: 12 },
      ),
    ],
    { folded: true },
  ),
  group(
    "blockers",
    [
      field(
        "blockers",
        rows(
          [
            blockerField("raised_on", { kind: "day" }, { span: 3, required: true }),
            blockerField("text", { kind: "text", max: 500 }, { span: 6, required: true }),
            blockerField("solved_on", { kind: "day" }, { span: 3 }),
          ],
          (day) => ({ raised_on: day, text: "", solved_on: null }) satisfies ProjectBlocker,
        ),
        { span: 12 },
      ),
      field(
        "notices",
        rows(
          [
            noticeField("stage", { kind: "text", max: 60 }, { span: 3, required: true }),
            noticeField("from_day", { kind: "day" }, { span: 3, required: true }),
            noticeField("to_day", { kind: "day" }, { span: 3 }),
            noticeField("place", { kind: "text", max: 60 }, { span: 3 }),
          ],
          (day) => ({ stage: "", from_day: day, to_day: null, place: "" }) satisfies ProjectNotice,
        ),
        { span: 12 },
      ),
    ],
    { folded: true },
  ),
  group(
    "subWorks",
    [
      field(
        "sub_works",
        rows(
          [
            workField("name", { kind: "text", max: 100 }, { span: 4, required: true }),
            workField("amount", wan, { span: 3 }),
            workField("completed_on", { kind: "day" }, { span: 3 }),
            workField("note", { kind: "text", max: 100 }, { span: 2 }),
          ],
          () => ({ name: "", amount: null, completed_on: null, note: "" }) satisfies ProjectSubWork,
          { sum: { key: "amount", format: "wan", unit: "units.wan" } },
        ),
        { span: 12 },
      ),
    ],
    { folded: true },
  ),
  group(
    "contract",
    [
      field("owner_unit", { kind: "text", max: 60 }),
      field("support_unit_id", { kind: "record", of: "support_unit", empty: "null" }),
      field("builder", { kind: "text", max: 60 }),
      field("plan_year", year, { span: 6 }),
      field("contract_no", { kind: "text", max: 60 }),
      field("contract_amount", wan),
    ],
    { folded: true },
  ),
  group(
    "effect",
    [
      field("beneficiary_households", { kind: "number", format: "int", unit: "units.household", empty: null }),
      field("beneficiary_persons", { kind: "number", format: "int", unit: "units.person", empty: null }),
      field("income_effect", { kind: "textarea", rows: 2 }, { span: 12 }),
      field("asset_class", { kind: "dictionary", dictionary: "asset_class" }),
      field("asset_yearly_income", wan),
      field("asset_owner", { kind: "text", max: 60 }),
      field("asset_keeper", { kind: "text", max: 60 }),
    ],
    { folded: true },
  ),
];

export const columns: Column[] = [
  { key: "name", label: "columns.name", width: 220, grow: true },
  { key: "budget", label: "columns.budget", width: 124, format: "wan" },
  { key: "progress", label: "columns.progress", width: 84, format: "percent" },
  { key: "last_milestone", label: "columns.last_milestone", width: 110 },
  {
    key: "next_due",
    label: "columns.next_due",
    width: 116,
    format: "day",
    tone: ({ next_due }) => (next_due !== null && String(next_due) < today() ? "warn" : undefined),
  },
  { key: "paid", label: "columns.paid", width: 116, format: "wan" },
  { key: "category", label: "columns.category", width: 100, format: { dictionary: "project_category" } },
  { key: "impl_year", label: "columns.impl_year", width: 90 },
  {
    key: "open_blockers",
    label: "columns.open_blockers",
    width: 110,
    format: "int",
    tone: ({ open_blockers }) => (Number(open_blockers) > 0 ? "warn" : "muted"),
  },
  { key: "village", label: "columns.village", width: 110, optional: true },
  { key: "arrived", label: "columns.arrived", width: 116, format: "wan", optional: true },
  { key: "appropriated", label: "columns.appropriated", width: 116, format: "wan", optional: true },
];

export const filters: Filter[] = [
  { kind: "dictionary", key: "category", label: "filters.category", dictionary: "project_category" },
  { kind: "choice", key: "impl_year", label: "filters.impl_year", choices: yearChoices(today) },
  { kind: "dictionary", key: "fund_source", label: "filters.fund_source", dictionary: "fund_source" },
  {
    kind: "choice",
    key: "overdue_on",
    label: "filters.overdue_on",
    choices: () => [{ value: today(), label: t("project.overdue") }],
    other: () => t("project.overdue"),
    forget: true,
  },
  {
    kind: "choice",
    key: "blocked",
    label: "filters.blocked",
    choices: () => [{ value: "1", label: t("project.blocked") }],
    other: () => t("project.blocked"),
  },
];
