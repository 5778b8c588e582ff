// The subsidy programme's form and list: rates, terms, papers and steps as data.
import type { Programme } from "../bindings/Programme";
import type { ProgrammeRate } from "../bindings/ProgrammeRate";
import type { ProgrammeStep } from "../bindings/ProgrammeStep";
import { today } from "../session";
import { yearChoices, type Column, type Filter } from "../shared/columns";
import { fieldsOf, group, optionsOf, type Group } from "../shared/fields";

const field = fieldsOf<Programme>()("programme");
const rateField = fieldsOf<ProgrammeRate>()("programme_rate");
const stepField = fieldsOf<ProgrammeStep>()("programme_step");

export const OWN_STAGES = ["collecting", "submitted", "approved", "paid"] as const;
export const SIDE_STAGES = ["returned", "ineligible", "withdrawn"] as const;

export const groups: Group[] = [
  group("basic", [
    field("name", { kind: "text", max: 60 }, { span: 8, required: true }),
    field(
      "year",
      { kind: "number", format: "int", unit: "units.year", empty: null },
      { span: 4, hint: "hints.programme_year" },
    ),
    field("policy_basis", { kind: "text", max: 200 }, { span: 12 }),
    field("eligibility", { kind: "textarea", rows: 2 }, { span: 12 }),
  ]),
  group("standard", [
    field(
      "per_household",
      { kind: "choice", yes: "programme.applicant.household", no: "programme.applicant.person" },
      { span: 6 },
    ),
    field("unit", { kind: "text", max: 10 }, { span: 3, required: true }),
    field("cap", { kind: "number", format: "yuan", unit: "units.fen", empty: null }, { span: 3 }),
    field(
      "rates",
      {
        kind: "table",
        layout: "rows",
        reorder: true,
        groups: [
          group("standard", [
            rateField("label", { kind: "text", max: 60 }, { span: 8, required: true }),
            rateField("amount", { kind: "number", format: "yuan", unit: "units.fen", empty: 0 }, { span: 4 }),
          ]),
        ],
        blank: () => ({ label: "", amount: 0 }) satisfies ProgrammeRate,
      },
      { span: 12 },
    ),
  ]),
  group("steps", [
    field(
      "steps",
      {
        kind: "table",
        layout: "rows",
        reorder: true,
        groups: [
          group("steps", [
            stepField("name", { kind: "text", max: 30 }, { span: 7, required: true }),
            stepField(
              "stage",
              { kind: "enum", as: "select", options: optionsOf(OWN_STAGES, "programme.stage") },
              { span: 5, hint: "hints.programme_stage" },
            ),
          ]),
        ],
        blank: () => ({ name: "", stage: "submitted" }) satisfies ProgrammeStep,
      },
      { span: 12, required: true },
    ),
    field("documents", { kind: "texts" }, { span: 12 }),
  ]),
  group("terms", [
    field("terms", { kind: "texts" }, { span: 8 }),
    field("publicity_days", { kind: "number", format: "int", unit: "units.day", empty: null }, { span: 4 }),
    field("conflicts", { kind: "text", max: 200 }, { span: 12 }),
    field("valid_from", { kind: "day" }),
    field("valid_to", { kind: "day" }),
    field("note", { kind: "textarea", rows: 2 }, { span: 12 }),
  ]),
];

export const columns: Column[] = [
  { key: "name", label: "columns.name", width: 200, grow: true },
  { key: "year", label: "columns.year", width: 80 },
  { key: "unit", label: "columns.unit", width: 90 },
  { key: "cap", label: "columns.cap", width: 120, format: "yuan" },
  { key: "applications", label: "columns.applications", width: 90, format: "int" },
  { key: "policy_basis", label: "columns.policy_basis", width: 200, optional: true },
];

export const filters: Filter[] = [
  { kind: "choice", key: "year", label: "filters.year", choices: yearChoices(today), other: (value) => value },
];
