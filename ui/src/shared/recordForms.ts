// The form of every kind, fetched when it is wanted: for places that open any record beside their own content.
import type { Kind } from "../bindings/Kind";
import type { Group } from "./fields";

const FORMS: Record<Kind, () => Promise<Group[]>> = {
  team: async () => (await import("../team/fields")).teamGroups,
  team_member: async () => (await import("../team/fields")).memberGroups,
  support_unit: async () => (await import("../team/fields")).unitGroups,
  attendance: async () => (await import("../attendance/fields")).groups,
  village: async () => (await import("../villages/fields")).groups,
  household: async () => (await import("../households/fields")).groups,
  visit: async () => (await import("../visits/fields")).groups,
  issue: async () => (await import("../issues/fields")).groups,
  programme: async () => (await import("../programmes/fields")).groups,
  application: async () => (await import("../applications/fields")).groups,
  project: async () => (await import("../projects/fields")).groups,
  activity: async () => (await import("../activities/fields")).groups,
  plan: async () => (await import("../plans/fields")).groups,
  indicator: async () => (await import("../indicators/fields")).groups,
  outline: async () => (await import("../outlines/fields")).groups,
  report: async () => (await import("../report/fields")).groups,
  dictionary_item: async () => (await import("../dictionary/fields")).groups,
  attachment: async () => (await import("../attachments/fields")).groups,
};

export const formOf = (kind: Kind): Promise<Group[]> => FORMS[kind]();

/** Every kind: a report may draw on any of them. */
export const CONTENT_KINDS = Object.keys(FORMS) as Kind[];
