// 数量 of an activity as rows of its form.
import type { ActivityCounter } from "../bindings/ActivityCounter";
import { fieldsOf, group, type TableControl } from "../shared/fields";

const field = fieldsOf<ActivityCounter>()("activity_counter");

export const counterTable: TableControl = {
  kind: "table",
  layout: "rows",
  groups: [
    group("counters", [
      field("count", { kind: "number", format: "int" }, { span: 4, required: true }),
      field("unit", { kind: "text", max: 10 }, { span: 4, required: true }),
      field("subject", { kind: "text", max: 30 }, { span: 4 }),
    ]),
  ],
  blank: () => ({ subject: "", unit: "", count: 0 }) satisfies ActivityCounter,
};
