// What is set once for a report: to whom, by whom, of which day. The rest is chosen above the pages.
import type { Report } from "../bindings/Report";
import { subjectOf } from "./templates";
import { fieldsOf, group, optionsOf, type Group } from "../shared/fields";

const field = fieldsOf<Report>()("report");

export const MASKINGS = ["township", "internal", "public"] as const;

export const groups: Group[] = [
  group("signing", [
    field("addressee", { kind: "text", max: 60 }, { span: 12, hint: "hints.report_addressee" }),
    field("signer", { kind: "text", max: 60 }, { span: 12, hint: "hints.report_signer" }),
    field("signed_on", { kind: "day" }, { span: 6, hint: "hints.report_signed_on" }),
  ]),
  group("scope", [
    field(
      "member_id",
      { kind: "record", of: "team_member", empty: "null" },
      { span: 12, hint: "hints.report_member", visible: (report) => subjectOf(report.template) === "member" },
    ),
    field(
      "topic",
      { kind: "text", max: 60 },
      { span: 12, hint: "hints.report_topic", visible: (report) => subjectOf(report.template) === "topic" },
    ),
    field("cutoff", { kind: "day" }, { span: 6, required: true }),
    field("masking", { kind: "enum", options: optionsOf(MASKINGS, "report.masking"), as: "select" }, { span: 6 }),
    field("village_ids", { kind: "records", of: "village" }, { span: 12, hint: "hints.report_villages" }),
  ]),
];
