// The milestones of a project as rows of its form.
import type { ProjectMilestone } from "../bindings/ProjectMilestone";
import { fieldsOf, group, type TableControl } from "../shared/fields";

const field = fieldsOf<ProjectMilestone>()("project_milestone");

export function blankMilestone(code = ""): ProjectMilestone {
  return { code, planned: null, actual: null, document_no: "", note: "" };
}

export const milestoneTable: TableControl = {
  kind: "table",
  layout: "rows",
  reorder: true,
  groups: [
    group("milestones", [
      field("code", { kind: "dictionary", dictionary: "milestone" }, { span: 3, required: true }),
      field("planned", { kind: "day" }, { span: 3 }),
      field("actual", { kind: "day" }, { span: 3 }),
      field("document_no", { kind: "text", max: 60 }, { span: 3 }),
    ]),
  ],
  blank: () => blankMilestone(),
};
