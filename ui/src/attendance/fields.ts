// 考勤: days on duty, on leave and on a trip, by member and month.
import type { Attendance } from "../bindings/Attendance";
import type { Column, Filter } from "../shared/columns";
import { fieldsOf, group, type Group } from "../shared/fields";

const field = fieldsOf<Attendance>()("attendance");

const days = { kind: "number", format: "int", unit: "units.day", empty: 0 } as const;

export const groups: Group[] = [
  group("basic", [
    field("team_member_id", { kind: "record", of: "team_member", empty: "nil" }, { span: 6, required: true }),
    field("month", { kind: "month" }, { span: 6, required: true }),
    field("on_duty", days, { span: 4 }),
    field("leave", days, { span: 4 }),
    field("trip", days, { span: 4 }),
    field("note", { kind: "text", max: 200 }, { span: 12 }),
  ]),
];

export const columns: Column[] = [
  { key: "month", label: "columns.month", width: 100 },
  { key: "member", label: "columns.member", width: 120 },
  { key: "on_duty", label: "columns.on_duty", width: 110, format: "int" },
  { key: "leave", label: "columns.leave", width: 110, format: "int" },
  { key: "trip", label: "columns.trip", width: 110, format: "int" },
  { key: "note", label: "columns.note", width: 200, grow: true },
];

export const filters: Filter[] = [{ kind: "record", key: "member", label: "filters.member", of: "team_member" }];
