// What a form is made of: groups of fields, each with a key of the record, a label and a control.
import type { Component } from "vue";
import type { Kind } from "../bindings/Kind";
import type { MessageKey } from "../i18n";
import type { zhCN } from "../locales/zh-CN";
import type { NumberFormat } from "./numbers";
import type { Draft } from "./paths";

export interface Option {
  value: string;
  label: MessageKey;
}

export interface TableControl {
  kind: "table";
  /** `rows`: one line a row, labels above; `cards`: each opens as a small form. */
  layout: "rows" | "cards";
  groups: Group[];
  /** A new row. */
  blank: (day: string) => Draft;
  /** What a closed card is called. */
  title?: (row: Draft) => string;
  reorder?: boolean;
  /** Column whose sum stands below. */
  sum?: { key: string; format: NumberFormat; unit: MessageKey };
}

export type Control =
  /** `covered`: a number of somebody, which is shown when it is asked for. */
  | { kind: "text"; max?: number; covered?: true }
  | { kind: "textarea"; rows?: number; max?: number }
  | { kind: "day" }
  | { kind: "month" }
  | { kind: "period" }
  /** `empty` is what an emptied field keeps; without it the field must be filled. */
  | { kind: "number"; format: NumberFormat; unit?: MessageKey; empty?: null | 0 }
  | { kind: "dictionary"; dictionary: string }
  | { kind: "dictionaries"; dictionary: string; ordered?: boolean }
  | { kind: "enum"; options: Option[]; as?: "radio" | "select"; empty?: null | "" }
  | { kind: "flag" }
  | { kind: "choice"; yes: MessageKey; no: MessageKey }
  | { kind: "yesno" }
  | { kind: "record"; of: Kind; empty: "null" | "nil"; filters?: (draft: Draft) => Record<string, string> }
  | { kind: "records"; of: Kind; filters?: (draft: Draft) => Record<string, string> }
  | { kind: "texts" }
  | TableControl
  | { kind: "custom"; component: Component };

export interface Field {
  key: string;
  label: MessageKey;
  control: Control;
  required?: boolean | ((draft: Draft) => boolean);
  /** Of twelve columns. */
  span?: number;
  hint?: MessageKey;
  visible?: (draft: Draft) => boolean;
  /** The control that changes many records at once, where the form's own needs the rest of a record. */
  many?: Control;
}

export interface Group {
  key: string;
  label: MessageKey;
  fields: Field[];
  /** Closed until asked for. */
  folded?: boolean;
  visible?: (draft: Draft) => boolean;
}

type Labels = (typeof zhCN)["fields"];

interface FieldMore<R> {
  required?: boolean | ((draft: R) => boolean);
  span?: number;
  hint?: MessageKey;
  visible?: (draft: R) => boolean;
  many?: Control;
}

/** Makes fields of a record type: only its own keys, and only those that have a label. */
export function fieldsOf<R>() {
  return <L extends keyof Labels>(labels: L) =>
    (key: keyof R & keyof Labels[L] & string, control: Control, more: FieldMore<R> = {}): Field => {
      const { visible, required, ...rest } = more;
      const field: Field = { key, label: `fields.${labels}.${key}` as MessageKey, control, ...rest };
      if (visible) field.visible = (draft) => visible(draft as R);
      if (required) field.required = typeof required === "function" ? (draft) => required(draft as R) : required;
      return field;
    };
}

export function group(key: keyof (typeof zhCN)["groups"], fields: Field[], more: Partial<Group> = {}): Group {
  return { key, label: `groups.${key}`, fields, ...more };
}

/** Options of an enum whose names stand in the catalogue under one key. */
export function optionsOf(values: readonly string[], under: string): Option[] {
  return values.map((value) => ({ value, label: `${under}.${value}` as MessageKey }));
}
