// The activity's form and list: what the team did, counted in units that are never mixed.
import type { Activity } from "../bindings/Activity";
import type { ActivityDocument } from "../bindings/ActivityDocument";
import { category } from "../shared/dictionaries";
import type { Column, Filter } from "../shared/columns";
import { fieldsOf, group, type Group } from "../shared/fields";
import CountersField from "./CountersField.vue";
import TypeField from "./TypeField.vue";

const field = fieldsOf<Activity>()("activity");
const documentField = fieldsOf<ActivityDocument>()("activity_document");

const isNews = (activity: Activity) =>
  activity.outlet !== "" || category("activity_type", activity.type_code)?.role === "news";

export const groups: Group[] = [
  group("basic", [
    field(
      "type_code",
      { kind: "custom", component: TypeField },
      { span: 4, required: true, many: { kind: "dictionary", dictionary: "activity_type" } },
    ),
    field("day", { kind: "day" }, { span: 4, required: true }),
    field("to_day", { kind: "day" }, { span: 4 }),
    field("title", { kind: "text", max: 200 }, { span: 12, required: true }),
    field("village_id", { kind: "record", of: "village", empty: "null" }, { span: 4 }),
    field("place", { kind: "text", max: 100 }, { span: 4 }),
    field("organiser", { kind: "text", max: 100 }, { span: 4 }),
    field("outlet", { kind: "text", max: 100 }, { span: 12, visible: isNews }),
  ]),
  group("counters", [
    field("counters", { kind: "custom", component: CountersField }, { span: 12, hint: "activity.unitsHint" }),
    field("approximate", { kind: "flag" }, { span: 12, hint: "activity.approximateHint" }),
  ]),
  group("people", [
    field("participant_ids", { kind: "records", of: "team_member" }),
    field("other_participants", { kind: "texts" }),
  ]),
  group("summary", [
    field("summary", { kind: "textarea", rows: 4, max: 5000 }, { span: 12 }),
    field("items", { kind: "texts" }, { span: 12, hint: "hints.activity_items" }),
    field("duty", { kind: "dictionary", dictionary: "duty" }, { span: 6, hint: "hints.category_duty" }),
  ]),
  group(
    "documents",
    [
      field(
        "documents",
        {
          kind: "table",
          layout: "rows",
          groups: [
            group("documents", [
              documentField("title", { kind: "text", max: 200 }, { span: 8, required: true }),
              documentField("number", { kind: "text", max: 60 }, { span: 4 }),
            ]),
          ],
          blank: () => ({ title: "", number: "" }) satisfies ActivityDocument,
        },
        { span: 12 },
      ),
    ],
    { folded: true },
  ),
];

export const columns: Column[] = [
  { key: "day", label: "columns.day", width: 116, format: "day" },
  { key: "type_code", label: "columns.type_code", width: 120, format: { dictionary: "activity_type" } },
  { key: "title", label: "columns.title", width: 240, grow: true },
  { key: "counters", label: "columns.counters", width: 170 },
  { key: "place", label: "columns.place", width: 140 },
  { key: "organiser", label: "columns.organiser", width: 150 },
  { key: "village", label: "columns.village", width: 110, optional: true },
  { key: "updated_at", label: "columns.updated_at", width: 160, format: "moment", optional: true },
];

export const filters: Filter[] = [
  { kind: "days", key: "days", label: "filters.days" },
  { kind: "dictionary", key: "type_code", label: "filters.type_code", dictionary: "activity_type" },
  { kind: "record", key: "participant", label: "filters.participant", of: "team_member" },
  { kind: "record", key: "village", label: "filters.village", of: "village" },
];
