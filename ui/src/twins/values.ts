// What stands on either side of the comparison, in words: by the household's own form where that can, else here.
import type { HouseholdIncome } from "../bindings/HouseholdIncome";
import type { HouseholdType } from "../bindings/HouseholdType";
import type { MessageKey } from "../i18n";
import { t } from "../i18n";
import { groups } from "../households/fields";
import { describe } from "../shared/describe";
import { categoryLabel } from "../shared/dictionaries";
import type { Field, Group } from "../shared/fields";
import { formatForReading } from "../shared/numbers";

const fieldsIn = (all: Group[]): Field[] => all.flatMap((group) => group.fields);
const tableOf = (key: string): Field[] => {
  const control = fieldsIn(groups).find((field) => field.key === key)?.control;
  return control?.kind === "table" ? fieldsIn(control.groups) : [];
};
const own = new Map(fieldsIn(groups).map((field) => [field.key, field]));
const members = new Map(tableOf("members").map((field) => [field.key, field]));
const incomes = tableOf("incomes");

function fieldOf(key: string): Field | undefined {
  const parts = key.split(".");
  return parts[0] === "people" ? members.get(parts[2] ?? "") : own.get(key);
}

/** What a row is called. */
export function rowLabel(key: string): string {
  const year = /^incomes\.(\d+)$/.exec(key)?.[1];
  if (year !== undefined) return t("twins.incomeOf", { year });
  const field = fieldOf(key);
  return field ? t(field.label as MessageKey) : key;
}

function typeText({ code, from_day, to_day }: HouseholdType): string {
  const span =
    to_day !== null
      ? t("twins.span", { from: from_day ?? "", to: to_day })
      : from_day !== null
        ? t("twins.since", { from: from_day })
        : "";
  return categoryLabel("household_type", code) + span;
}

function incomeText(income: HouseholdIncome): string {
  const parts = incomes
    .filter((field) => field.key !== "year" && field.key !== "net")
    .map((field) => ({ field, fen: Number(income[field.key as keyof HouseholdIncome]) }))
    .filter(({ fen }) => fen !== 0)
    .map(({ field, fen }) => `${t(field.label)}${formatForReading(fen, "yuan")}${t("units.fen")}`);
  return parts.length === 0 ? t("twins.noIncome") : parts.join("，");
}

/** Either side's value; empty text where nothing is filled. `names` are those of other records. */
export function rowText(key: string, value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined || value === "") return "";
  if (key.startsWith("incomes.")) return incomeText(value as HouseholdIncome);
  if (key === "types") return (value as HouseholdType[]).map(typeText).join("、");
  if (Array.isArray(value) && value.length === 0) return "";
  const control = fieldOf(key)?.control;
  if (control?.kind === "record") return names.get(String(value)) ?? "";
  return (control && describe(control, value)) ?? String(value);
}
