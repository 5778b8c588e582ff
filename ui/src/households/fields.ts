// The household's form and list; its members open as forms of their own.
import type { Household } from "../bindings/Household";
import type { HouseholdIncome } from "../bindings/HouseholdIncome";
import type { HouseholdType } from "../bindings/HouseholdType";
import type { Member } from "../bindings/Member";
import { t } from "../i18n";
import { today } from "../session";
import type { Column, Filter } from "../shared/columns";
import { category, categoryLabel } from "../shared/dictionaries";
import { fieldsOf, group, optionsOf, type Group } from "../shared/fields";
import type { Draft } from "../shared/paths";
import { firstDays } from "../shared/periods";
import HamletField from "./HamletField.vue";
import IncomeTotal from "./IncomeTotal.vue";

const field = fieldsOf<Household>()("household");
const typeField = fieldsOf<HouseholdType>()("household_type");
const incomeField = fieldsOf<HouseholdIncome>()("household_income");
const memberField = fieldsOf<Member>()("member");

const MONITORED = ["unstable_lifted", "marginal_at_risk", "sudden_hardship"];

/** Whether one of the household's types plays one of the roles today. */
function hasRole(household: Household, roles: string[]): boolean {
  return household.types.some(
    ({ code, to_day }) => to_day === null && roles.includes(category("household_type", code)?.role ?? ""),
  );
}
const isMonitored = (household: Household) => hasRole(household, MONITORED) || household.identified_on !== null;
const isLifted = (household: Household) => hasRole(household, ["lifted"]) || household.poverty_exit_year !== null;

const money = { kind: "number", format: "yuan", unit: "units.fen", empty: 0 } as const;

export function blankMember(): Draft {
  return {
    id: null,
    ext_no: "",
    name: "",
    relation: "",
    id_number: "",
    sex: null,
    birth: null,
    ethnicity: "",
    politics: "",
    education: "",
    student_status: "",
    school: "",
    grade: "",
    health: [],
    labour: "",
    insured_medical: null,
    insured_major_illness: null,
    insured_pension: null,
    work_area: "",
    work_from: null,
    work_to: null,
    work_months: null,
    employer: "",
    industry: "",
    work_income: null,
    phone: "",
    bank_name: "",
    bank_number: "",
    mandarin: null,
    status: "",
    status_on: null,
  } satisfies Member;
}

function memberTitle(row: Draft): string {
  const { name, relation } = row as Member;
  if (name === "" && relation === "") return t("household.memberNew");
  return t("household.memberTitle", { name, relation: categoryLabel("relation", relation) });
}

const memberGroups: Group[] = [
  {
    key: "identity",
    label: "member.identity",
    fields: [
      memberField("name", { kind: "text", max: 50 }, { required: true, span: 4 }),
      memberField("relation", { kind: "dictionary", dictionary: "relation" }, { required: true, span: 4 }),
      memberField("phone", { kind: "text", max: 20, covered: true }, { span: 4 }),
      memberField("id_number", { kind: "text", max: 24, covered: true }, { span: 8, hint: "hints.id_number" }),
      memberField(
        "sex",
        { kind: "enum", options: optionsOf(["male", "female"], "member.sex"), empty: null },
        { span: 4 },
      ),
      memberField("birth", { kind: "day" }, { span: 4 }),
      memberField("ethnicity", { kind: "text", max: 20 }, { span: 4 }),
      memberField("politics", { kind: "dictionary", dictionary: "politics" }, { span: 4 }),
    ],
  },
  {
    key: "schooling",
    label: "member.schooling",
    folded: true,
    fields: [
      memberField("education", { kind: "dictionary", dictionary: "education" }, { span: 4 }),
      memberField("student_status", { kind: "dictionary", dictionary: "student_status" }, { span: 4 }),
      memberField("grade", { kind: "text" }, { span: 4 }),
      memberField("school", { kind: "text" }, { span: 8 }),
      memberField("labour", { kind: "dictionary", dictionary: "labour" }, { span: 4 }),
      memberField("health", { kind: "dictionaries", dictionary: "health" }, { span: 12 }),
      memberField("insured_medical", { kind: "yesno" }, { span: 6 }),
      memberField("insured_major_illness", { kind: "yesno" }, { span: 6 }),
      memberField("insured_pension", { kind: "yesno" }, { span: 6 }),
      memberField("mandarin", { kind: "yesno" }, { span: 6 }),
    ],
  },
  {
    key: "work",
    label: "member.work",
    folded: true,
    fields: [
      memberField("work_area", { kind: "dictionary", dictionary: "work_area" }, { span: 4 }),
      memberField("work_from", { kind: "day" }, { span: 4 }),
      memberField("work_to", { kind: "day" }, { span: 4 }),
      memberField("work_months", { kind: "number", format: "int", unit: "units.month", empty: null }, { span: 4 }),
      memberField("work_income", { kind: "number", format: "yuan", unit: "units.fen", empty: null }, { span: 4 }),
      memberField("industry", { kind: "text" }, { span: 4 }),
      memberField("employer", { kind: "text" }, { span: 12 }),
    ],
  },
  {
    key: "contact",
    label: "member.contact",
    folded: true,
    fields: [
      memberField("bank_name", { kind: "text" }, { span: 6 }),
      memberField("bank_number", { kind: "text", covered: true }, { span: 6 }),
      memberField("ext_no", { kind: "text" }, { span: 6 }),
    ],
  },
  {
    key: "status",
    label: "member.status",
    folded: true,
    fields: [
      memberField("status", { kind: "dictionary", dictionary: "member_status" }, { span: 6 }),
      memberField("status_on", { kind: "day" }, { span: 6 }),
    ],
  },
];

const typeGroups: Group[] = [
  group("types", [
    typeField("code", { kind: "dictionary", dictionary: "household_type" }, { required: true, span: 4 }),
    typeField("from_day", { kind: "day" }, { span: 4 }),
    typeField("to_day", { kind: "day" }, { span: 4 }),
  ]),
];

const incomeGroups: Group[] = [
  group("incomes", [
    incomeField("year", { kind: "number", format: "int", unit: "units.year" }, { required: true, span: 4 }),
    incomeField("wage", money, { span: 4 }),
    incomeField("business", money, { span: 4 }),
    incomeField("property", money, { span: 4 }),
    incomeField("dibao", money, { span: 4 }),
    incomeField("tekun", money, { span: 4 }),
    incomeField("pension", money, { span: 4 }),
    incomeField("ecology", money, { span: 4 }),
    incomeField("family_planning", money, { span: 4 }),
    incomeField("other_transfer", money, { span: 4 }),
    incomeField("expense", money, { span: 4 }),
    { key: "net", label: "household.net", control: { kind: "custom", component: IncomeTotal }, span: 4 },
  ]),
];

export const groups: Group[] = [
  group("basic", [
    field("village_id", { kind: "record", of: "village", empty: "nil" }, { required: true }),
    field("hamlet", { kind: "custom", component: HamletField }),
    field("address", { kind: "text", max: 200 }, { span: 8 }),
    field("phone", { kind: "text", max: 20, covered: true }, { span: 4 }),
  ]),
  group("types", [
    field(
      "types",
      {
        kind: "table",
        layout: "rows",
        groups: typeGroups,
        blank: () => ({ code: "", from_day: null, to_day: null }) satisfies HouseholdType,
      },
      { span: 12, required: true, hint: "household.typesHint" },
    ),
    field(
      "poverty_exit_year",
      { kind: "number", format: "int", unit: "units.year", empty: null },
      { span: 4, visible: isLifted },
    ),
  ]),
  group("members", [
    field(
      "members",
      { kind: "table", layout: "cards", groups: memberGroups, blank: blankMember, title: memberTitle, reorder: true },
      { span: 12, required: true },
    ),
  ]),
  group(
    "monitoring",
    [
      field(
        "risks",
        { kind: "dictionaries", dictionary: "risk_type", ordered: true },
        { span: 12, visible: isMonitored, required: true },
      ),
      field("identified_on", { kind: "day" }, { span: 4, visible: isMonitored, required: true }),
      field("risk_cleared_on", { kind: "day" }, { span: 4, visible: isMonitored }),
      field("clear_mode", { kind: "dictionary", dictionary: "clear_mode" }, { span: 4, visible: isMonitored }),
      field("helper_id", { kind: "record", of: "team_member", empty: "null" }),
      field("helper", { kind: "text", max: 50 }, { hint: "hints.helper" }),
      field("helper_unit", { kind: "text", max: 60 }, { span: 12 }),
    ],
    { folded: true },
  ),
  group(
    "housing",
    [
      field(
        "housing_level",
        {
          kind: "enum",
          options: [
            { value: "none", label: "household.level.unknown" },
            ...optionsOf(["a", "b", "c", "d"], "household.level"),
          ],
          empty: "",
        },
        { span: 12 },
      ),
      field("water_safe", { kind: "yesno" }),
      field("toilet", { kind: "yesno" }),
      field("road", { kind: "yesno" }),
      field("power", { kind: "yesno" }),
      field("broadcast", { kind: "yesno" }),
    ],
    { folded: true },
  ),
  group(
    "incomes",
    [
      field(
        "incomes",
        {
          kind: "table",
          layout: "cards",
          groups: incomeGroups,
          title: (row) => `${(row as HouseholdIncome).year}${t("units.year")}`,
          blank: (day) =>
            ({
              year: Number(day.slice(0, 4)),
              wage: 0,
              business: 0,
              property: 0,
              dibao: 0,
              tekun: 0,
              pension: 0,
              ecology: 0,
              family_planning: 0,
              other_transfer: 0,
              expense: 0,
            }) satisfies HouseholdIncome,
        },
        { span: 12 },
      ),
    ],
    { folded: true },
  ),
  group(
    "other",
    [
      field("ext_no", { kind: "text", max: 40 }, { hint: "hints.ext_no" }),
      field("sensitive", { kind: "flag" }, { span: 12 }),
      field("note", { kind: "textarea" }, { span: 12 }),
    ],
    { folded: true },
  ),
];

export const columns: Column[] = [
  { key: "head", label: "columns.head", width: 110 },
  { key: "hamlet", label: "columns.hamlet", width: 120 },
  { key: "types", label: "columns.types", width: 200, grow: true },
  { key: "persons", label: "columns.persons", width: 76, format: "int" },
  { key: "last_visit", label: "columns.last_visit", width: 120, format: "day" },
  { key: "phone", label: "columns.phone", width: 140 },
  { key: "village", label: "columns.village", width: 110 },
  { key: "address", label: "columns.address", width: 220, optional: true },
  { key: "ext_no", label: "columns.ext_no", width: 160, optional: true },
  { key: "updated_at", label: "columns.updated_at", width: 160, format: "moment", optional: true },
];

function notVisited() {
  const first = firstDays(today());
  return [
    { value: first.month, label: t("household.notVisited.month") },
    { value: first.quarter, label: t("household.notVisited.quarter") },
    { value: first.half, label: t("household.notVisited.half") },
  ];
}

export const filters: Filter[] = [
  { kind: "record", key: "village", label: "filters.village", of: "village" },
  { kind: "text", key: "hamlet", label: "filters.hamlet" },
  { kind: "dictionary", key: "type", label: "filters.type", dictionary: "household_type" },
  {
    kind: "choice",
    key: "monitored",
    label: "filters.monitored",
    choices: () => [{ value: "1", label: t("household.monitored") }],
  },
  {
    kind: "choice",
    key: "not_visited_since",
    label: "filters.not_visited_since",
    choices: notVisited,
    forget: true,
    other: (day) => t("list.since", { day }),
  },
];
