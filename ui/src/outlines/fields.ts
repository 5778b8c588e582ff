// The few fields of a template beside its source, for places that show any record; the source has a page of its own.
import type { UserOutline } from "../bindings/UserOutline";
import { MASKINGS } from "../report/fields";
import { fieldsOf, group, optionsOf, type Group } from "../shared/fields";

const field = fieldsOf<UserOutline>()("outline");

export const SUBJECTS = ["team", "member", "topic"] as const;

export const groups: Group[] = [
  group("basic", [
    field("title", { kind: "text", max: 40 }, { span: 12, required: true }),
    field("masking", { kind: "enum", options: optionsOf(MASKINGS, "report.masking"), as: "select" }, { span: 6 }),
    field("subject", { kind: "enum", options: optionsOf(SUBJECTS, "outline.subject"), as: "select" }, { span: 6 }),
  ]),
];
