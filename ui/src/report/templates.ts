// The templates that reports can choose from, known to the toolbar and to the report's settings.
import { shallowRef } from "vue";
import type { Subject } from "../bindings/Subject";
import type { TemplateInfo } from "../bindings/TemplateInfo";
import { templates as readTemplates } from "../ipc";
import { orShow } from "../shared/messages";

export const templates = shallowRef<TemplateInfo[]>([]);

export async function loadTemplates(): Promise<void> {
  templates.value = (await orShow(readTemplates())) ?? templates.value;
}

/** Whose work a template tells. */
export function subjectOf(name: string): Subject {
  return templates.value.find((info) => info.name === name)?.subject ?? "team";
}
