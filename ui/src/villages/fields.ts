// The village's form and list: hamlets, and base figures year by year.
import type { Village } from "../bindings/Village";
import type { VillageYear } from "../bindings/VillageYear";
import { t } from "../i18n";
import type { Column } from "../shared/columns";
import { fieldsOf, group, type Group } from "../shared/fields";

const field = fieldsOf<Village>()("village");
const yearField = fieldsOf<VillageYear>()("village_year");

const count = { kind: "number", format: "int", empty: null } as const;
const mu = { kind: "number", format: "hundredths", unit: "units.mu", empty: null } as const;
const money = { kind: "number", format: "yuan", unit: "units.fen", empty: null } as const;

const yearGroups: Group[] = [
  group("years", [
    yearField("year", { kind: "number", format: "int", unit: "units.year" }, { span: 4, required: true }),
    yearField("as_of", { kind: "day" }, { span: 4, required: true }),
    yearField("households", { ...count, unit: "units.household" }, { span: 4 }),
    yearField("population", { ...count, unit: "units.person" }, { span: 4 }),
    yearField("resident_population", { ...count, unit: "units.person" }, { span: 4 }),
    yearField("party_members", { ...count, unit: "units.person" }, { span: 4 }),
    yearField("farmland", mu, { span: 4 }),
    yearField("forest", mu, { span: 4 }),
    yearField("collective_income", money, { span: 4 }),
    yearField("per_capita_income", money, { span: 4 }),
  ]),
];

export const groups: Group[] = [
  group("basic", [
    field("name", { kind: "text", max: 30 }, { span: 6, required: true }),
    field("code", { kind: "text", max: 12 }, { span: 6, hint: "hints.village_code" }),
    field("hamlets", { kind: "texts" }, { span: 12, hint: "start.hamletsHint" }),
    field("summary", { kind: "textarea", rows: 4, max: 2000 }, { span: 12, hint: "hints.summary_village" }),
  ]),
  group("years", [
    field(
      "years",
      {
        kind: "table",
        layout: "cards",
        groups: yearGroups,
        title: (row) => `${(row as VillageYear).year}${t("units.year")}`,
        blank: (day) =>
          ({
            year: Number(day.slice(0, 4)),
            as_of: day,
            households: null,
            population: null,
            resident_population: null,
            party_members: null,
            farmland: null,
            forest: null,
            collective_income: null,
            per_capita_income: null,
          }) satisfies VillageYear,
      },
      { span: 12 },
    ),
  ]),
  group("place", [
    field("province", { kind: "text", max: 30 }),
    field("city", { kind: "text", max: 30 }),
    field("county", { kind: "text", max: 30 }),
    field("township", { kind: "text", max: 30 }, { required: true }),
  ]),
];

export const columns: Column[] = [
  { key: "name", label: "columns.name", width: 130 },
  { key: "hamlets", label: "columns.hamlets", width: 260, grow: true },
  { key: "households", label: "columns.village_households", width: 90, format: "int" },
  { key: "population", label: "columns.population", width: 90, format: "int" },
  { key: "township", label: "columns.township", width: 120 },
  { key: "county", label: "columns.county", width: 120 },
  { key: "code", label: "columns.code", width: 150, optional: true },
];
