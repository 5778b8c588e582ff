// The issue's form and list: what was raised, by whom, who sees to it, how it ended.
import type { Issue } from "../bindings/Issue";
import type { IssueMeasure } from "../bindings/IssueMeasure";
import { t } from "../i18n";
import { today } from "../session";
import { choicesOf, type Cells, type Column, type Filter } from "../shared/columns";
import { fieldsOf, group, optionsOf, type Group } from "../shared/fields";

const field = fieldsOf<Issue>()("issue");
const measureField = fieldsOf<IssueMeasure>()("issue_measure");

export const STATUSES = ["open", "handling", "solved", "closed", "unsolvable"] as const;

const isDone = (issue: Issue) => issue.status === "solved" || issue.status === "closed";

export const groups: Group[] = [
  group("basic", [
    field("title", { kind: "textarea", rows: 2, max: 500 }, { span: 12, required: true }),
    field("source", { kind: "dictionary", dictionary: "issue_source" }, { span: 4 }),
    field("type_code", { kind: "dictionary", dictionary: "issue_type" }, { span: 4 }),
    field("raised_on", { kind: "day" }, { span: 4, required: true }),
  ]),
  group("handling", [
    // In the form the steps above it set the status; here it has its name, for the history and for many issues at once.
    field(
      "status",
      { kind: "enum", options: optionsOf(STATUSES, "issue.status"), as: "select" },
      { required: true, visible: () => false },
    ),
    field("owner_id", { kind: "record", of: "team_member", empty: "null" }, { span: 4 }),
    field("owner", { kind: "text", max: 50 }, { span: 4, hint: "hints.owner" }),
    field("due_on", { kind: "day" }, { span: 4 }),
    field(
      "measures",
      {
        kind: "table",
        layout: "rows",
        groups: [
          group("handling", [
            measureField("day", { kind: "day" }, { span: 4, required: true }),
            measureField("text", { kind: "text", max: 500 }, { span: 8, required: true }),
          ]),
        ],
        blank: (day) => ({ day, text: "" }) satisfies IssueMeasure,
      },
      { span: 12 },
    ),
    field("solved_on", { kind: "day" }, { span: 4, visible: isDone, required: true }),
    field("closed_on", { kind: "day" }, { span: 4, visible: (issue) => issue.status === "closed", required: true }),
    field(
      "reason",
      { kind: "textarea", rows: 2 },
      { span: 12, visible: (issue) => issue.status === "unsolvable", required: true },
    ),
    field("evidence", { kind: "text", max: 200 }, { span: 12, visible: isDone }),
  ]),
  group("related", [
    field("village_id", { kind: "record", of: "village", empty: "null" }),
    field("household_id", { kind: "record", of: "household", empty: "null" }),
    field("project_id", { kind: "record", of: "project", empty: "null" }),
    field("visit_id", { kind: "record", of: "visit", empty: "null" }, { visible: (issue) => issue.visit_id !== null }),
  ]),
];

const isOverdue = (cells: Cells) =>
  (cells.status === "open" || cells.status === "handling") && cells.due_on !== null && String(cells.due_on) < today();

export const columns: Column[] = [
  { key: "title", label: "columns.issue_title", width: 240, grow: true },
  {
    key: "status",
    label: "columns.status",
    width: 96,
    format: { names: "issue.status" },
    tone: (cells) => (cells.status === "closed" || cells.status === "solved" ? "muted" : "warn"),
  },
  { key: "household", label: "columns.household", width: 100 },
  { key: "raised_on", label: "columns.raised_on", width: 116, format: "day" },
  {
    key: "due_on",
    label: "columns.due_on",
    width: 116,
    format: "day",
    tone: (cells) => (isOverdue(cells) ? "warn" : undefined),
  },
  { key: "owner", label: "columns.owner", width: 100 },
  { key: "type_code", label: "columns.type_code", width: 110, format: { dictionary: "issue_type" } },
  { key: "source", label: "columns.source", width: 110, format: { dictionary: "issue_source" } },
  { key: "village", label: "columns.village", width: 110, optional: true },
  { key: "solved_on", label: "columns.solved_on", width: 116, format: "day", optional: true },
  { key: "closed_on", label: "columns.closed_on", width: 116, format: "day", optional: true },
];

export const filters: Filter[] = [
  { kind: "choice", key: "status", label: "filters.status", choices: choicesOf(STATUSES, "issue.status") },
  {
    kind: "choice",
    key: "unfinished",
    label: "filters.unfinished",
    choices: () => [{ value: "1", label: t("issue.unfinished") }],
    other: () => t("issue.unfinished"),
  },
  {
    kind: "choice",
    key: "overdue_on",
    label: "filters.overdue_on",
    choices: () => [{ value: today(), label: t("issue.overdue") }],
    forget: true,
    other: () => t("issue.overdue"),
  },
  { kind: "dictionary", key: "type_code", label: "filters.type_code", dictionary: "issue_type" },
  { kind: "dictionary", key: "source", label: "filters.source", dictionary: "issue_source" },
  { kind: "days", key: "days", label: "filters.days" },
];
