// The team, its members and the units that send and support them.
import type { SupportUnit } from "../bindings/SupportUnit";
import type { Team } from "../bindings/Team";
import type { TeamMember } from "../bindings/TeamMember";
import type { Column, Filter } from "../shared/columns";
import { fieldsOf, group, type Group } from "../shared/fields";

const teamField = fieldsOf<Team>()("team");
const memberField = fieldsOf<TeamMember>()("team_member");
const unitField = fieldsOf<SupportUnit>()("support_unit");

export const teamGroups: Group[] = [
  group("basic", [
    teamField("name", { kind: "text", max: 60 }, { span: 12, required: true, hint: "start.teamHint" }),
    teamField("addressee", { kind: "text", max: 60 }, { span: 12, hint: "hints.addressee" }),
    teamField("province", { kind: "text", max: 30 }),
    teamField("city", { kind: "text", max: 30 }),
    teamField("county", { kind: "text", max: 30 }),
    teamField("township", { kind: "text", max: 30 }, { required: true }),
    teamField("note", { kind: "textarea", rows: 2 }, { span: 12 }),
  ]),
];

export const memberGroups: Group[] = [
  group("basic", [
    memberField("name", { kind: "text", max: 50 }, { span: 4, required: true }),
    memberField("role", { kind: "dictionary", dictionary: "member_role" }, { span: 4, required: true }),
    memberField("politics", { kind: "dictionary", dictionary: "politics" }, { span: 4 }),
    memberField("phone", { kind: "text", max: 20, covered: true }, { span: 4 }),
    memberField("village_id", { kind: "record", of: "village", empty: "null" }, { span: 4 }),
    memberField("support_unit_id", { kind: "record", of: "support_unit", empty: "null" }, { span: 4 }),
    memberField("group_name", { kind: "text", max: 30 }, { span: 4 }),
    memberField("duty", { kind: "text", max: 100 }, { span: 8 }),
  ]),
  group("term", [memberField("from_day", { kind: "day" }), memberField("to_day", { kind: "day" })]),
];

export const unitGroups: Group[] = [
  group("basic", [
    unitField("name", { kind: "text", max: 60 }, { span: 12, required: true }),
    unitField("contact", { kind: "text", max: 50 }),
    unitField("phone", { kind: "text", max: 20, covered: true }),
    unitField("note", { kind: "textarea", rows: 2 }, { span: 12 }),
  ]),
];

export const memberColumns: Column[] = [
  { key: "name", label: "columns.member_name", width: 110 },
  { key: "role", label: "columns.role", width: 120, format: { dictionary: "member_role" } },
  { key: "village", label: "columns.village", width: 110 },
  { key: "phone", label: "columns.phone", width: 140 },
  { key: "support_unit", label: "columns.support_unit", width: 160, grow: true },
  { key: "duty", label: "columns.member_duty", width: 180 },
  { key: "group_name", label: "columns.group_name", width: 110, optional: true },
  { key: "from_day", label: "columns.from_day", width: 116, format: "day" },
  { key: "to_day", label: "columns.to_day", width: 116, format: "day", optional: true },
];

export const memberFilters: Filter[] = [
  { kind: "record", key: "village", label: "filters.village", of: "village" },
  { kind: "dictionary", key: "role", label: "filters.role", dictionary: "member_role" },
];

export const unitColumns: Column[] = [
  { key: "name", label: "columns.name", width: 220, grow: true },
  { key: "contact", label: "columns.contact", width: 120 },
  { key: "phone", label: "columns.phone", width: 150 },
  { key: "note", label: "columns.note", width: 200 },
];
