// A field's value in words, for the history of a record.
import { t } from "../i18n";
import { categoryLabel } from "./dictionaries";
import type { Control, Field, Group } from "./fields";
import { formatForReading } from "./numbers";
import type { Draft } from "./paths";
import { periodLabel } from "./periods";

/** Null where a value cannot be put into a few words: other records, tables. */
export function describe(control: Control, value: unknown): string | null {
  if (value === null || value === undefined || value === "") return t("form.notFilled");
  switch (control.kind) {
    case "number":
      return formatForReading(Number(value), control.format) + (control.unit ? t(control.unit) : "");
    case "dictionary":
      return categoryLabel(control.dictionary, String(value));
    case "dictionaries":
      return listed((value as string[]).map((code) => categoryLabel(control.dictionary, code)));
    case "texts":
      return listed(value as string[]);
    case "enum": {
      const option = control.options.find((each) => each.value === value);
      return option ? t(option.label) : String(value);
    }
    case "flag":
    case "yesno":
      return t(value === true ? "common.yes" : "common.no");
    case "choice":
      return t(value === true ? control.yes : control.no);
    case "period":
      return periodLabel(String(value));
    case "text":
    case "textarea":
    case "day":
    case "month":
      return String(value);
    default:
      return null;
  }
}

function listed(texts: string[]): string {
  return texts.length === 0 ? t("form.notFilled") : texts.join("、");
}

export interface Difference {
  field: Field;
  before: string | null;
  after: string | null;
}

/** Fields of the form that differ between two states of a record. */
export function differences(groups: Group[], before: unknown, after: unknown): Difference[] {
  const old = (before ?? {}) as Draft;
  const now = (after ?? {}) as Draft;
  return groups
    .flatMap((group) => group.fields)
    .filter((field) => JSON.stringify(old[field.key] ?? null) !== JSON.stringify(now[field.key] ?? null))
    .map((field) => ({
      field,
      before: describe(field.control, old[field.key]),
      after: describe(field.control, now[field.key]),
    }));
}
