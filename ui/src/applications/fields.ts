// The application's form and list: who applies for what, how far it is, what is applied for, approved and paid.
import type { Application } from "../bindings/Application";
import type { ApplicationStep } from "../bindings/ApplicationStep";
import { OWN_STAGES, SIDE_STAGES } from "../programmes/fields";
import { t } from "../i18n";
import { today } from "../session";
import { choicesOf, yearChoices, type Column, type Filter } from "../shared/columns";
import { fieldsOf, group, type Group } from "../shared/fields";
import AmountField from "./AmountField.vue";
import AnyStepField from "./AnyStepField.vue";
import DocumentsField from "./DocumentsField.vue";
import MemberField from "./MemberField.vue";
import ProgrammeField from "./ProgrammeField.vue";
import StepField from "./StepField.vue";
import TermField from "./TermField.vue";

const field = fieldsOf<Application>()("application");
const stepField = fieldsOf<ApplicationStep>()("application_step");

const money = { kind: "number", format: "yuan", unit: "units.fen", empty: null } as const;

export const groups: Group[] = [
  group("applicant", [
    field("programme_id", { kind: "custom", component: ProgrammeField }, { span: 6, required: true }),
    field("year", { kind: "number", format: "int", unit: "units.year" }, { span: 3, required: true }),
    field("term", { kind: "custom", component: TermField }, { span: 3, many: { kind: "text", max: 20 } }),
    field("household_id", { kind: "record", of: "household", empty: "nil" }, { span: 6, required: true }),
    field("member_id", { kind: "custom", component: MemberField }, { span: 6 }),
  ]),
  group("steps", [
    field(
      "step",
      { kind: "custom", component: StepField },
      { span: 12, required: true, many: { kind: "custom", component: AnyStepField } },
    ),
    field(
      "reason",
      { kind: "text", max: 200 },
      {
        span: 12,
        visible: ({ stage }) => stage === "returned" || stage === "ineligible",
        required: true,
      },
    ),
  ]),
  group("amounts", [
    field("amount_applied", { kind: "custom", component: AmountField }, { span: 12, many: money }),
    field("quantity", { kind: "number", format: "hundredths", empty: null }, { span: 4 }),
    field("amount_approved", money, { span: 4 }),
    field("amount_paid", money, { span: 4 }),
    field("applied_on", { kind: "day" }, { span: 4 }),
    field("approved_on", { kind: "day" }, { span: 4 }),
    field("paid_on", { kind: "day" }, { span: 4 }),
  ]),
  group("papers", [field("documents_ready", { kind: "custom", component: DocumentsField }, { span: 12 })]),
  group(
    "payee",
    [
      field("payee_name", { kind: "text", max: 50 }, { span: 4 }),
      field("payee_bank", { kind: "text", max: 60 }, { span: 4 }),
      field("payee_account", { kind: "text", max: 40, covered: true }, { span: 4 }),
    ],
    { folded: true },
  ),
  group(
    "progress",
    [
      field("notice_from", { kind: "day" }, { span: 4 }),
      field("notice_to", { kind: "day" }, { span: 4 }),
      field("batch", { kind: "text", max: 60 }, { span: 4 }),
      field(
        "history",
        {
          kind: "table",
          layout: "rows",
          groups: [
            group("progress", [
              stepField("day", { kind: "day" }, { span: 3, required: true }),
              stepField("step", { kind: "text", max: 30 }, { span: 3, required: true }),
              stepField("actor", { kind: "text", max: 50 }, { span: 3 }),
              stepField("note", { kind: "text", max: 200 }, { span: 3 }),
            ]),
          ],
          blank: (day) => ({ day, step: "", actor: "", note: "" }) satisfies ApplicationStep,
        },
        { span: 12 },
      ),
      field("note", { kind: "textarea", rows: 2 }, { span: 12 }),
    ],
    { folded: true },
  ),
];

export const columns: Column[] = [
  { key: "applicant", label: "columns.applicant", width: 100 },
  { key: "programme", label: "columns.programme", width: 190, grow: true },
  {
    key: "step",
    label: "columns.step",
    width: 110,
    tone: ({ stage }) =>
      stage === "returned" ? "warn" : stage === "ineligible" || stage === "withdrawn" ? "muted" : undefined,
  },
  { key: "amount_applied", label: "columns.amount_applied", width: 152, format: "yuan" },
  { key: "amount_paid", label: "columns.amount_paid", width: 152, format: "yuan" },
  { key: "applied_on", label: "columns.applied_on", width: 116, format: "day" },
  { key: "year", label: "columns.year", width: 70 },
  { key: "term", label: "columns.term", width: 80 },
  { key: "head", label: "columns.head", width: 100 },
  { key: "amount_approved", label: "columns.amount_approved", width: 152, format: "yuan", optional: true },
  { key: "paid_on", label: "columns.paid_on", width: 116, format: "day", optional: true },
  { key: "batch", label: "columns.batch", width: 120, optional: true },
  { key: "village", label: "columns.village", width: 110, optional: true },
];

export const filters: Filter[] = [
  { kind: "record", key: "programme", label: "filters.programme", of: "programme" },
  {
    kind: "choice",
    key: "stage",
    label: "filters.stage",
    choices: choicesOf([...OWN_STAGES, ...SIDE_STAGES], "programme.stage"),
  },
  {
    kind: "choice",
    key: "needs_papers",
    label: "filters.needs_papers",
    choices: () => [{ value: "1", label: t("application.needsPapers") }],
    forget: true,
  },
  { kind: "choice", key: "year", label: "filters.year", choices: yearChoices(today) },
  { kind: "record", key: "household", label: "filters.household", of: "household" },
  { kind: "days", key: "days", label: "filters.days" },
];
