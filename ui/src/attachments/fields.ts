// The caption of a photo: what a good photo page says below it.
import type { Attachment } from "../bindings/Attachment";
import type { Kind } from "../bindings/Kind";
import { fieldsOf, group, type Group } from "../shared/fields";

const field = fieldsOf<Attachment>()("attachment");

export const groups: Group[] = [
  group("caption", [
    field("title", { kind: "text", max: 100 }, { span: 12 }),
    field("taken_on", { kind: "day" }, { span: 6 }),
    field("taken_at", { kind: "text", max: 5 }, { span: 6 }),
    field("place", { kind: "text", max: 100 }, { span: 6 }),
    field("people", { kind: "text", max: 200 }, { span: 6 }),
    field("category", { kind: "dictionary", dictionary: "photo_category" }, { span: 6 }),
  ]),
];

/** Records whose form has a place for photos. */
export const PHOTO_KINDS: readonly Kind[] = [
  "visit",
  "household",
  "issue",
  "application",
  "project",
  "activity",
  "village",
];

/** The field that a photo's day may fill. */
export const DAY_FIELDS: Partial<Record<Kind, string>> = { visit: "day", activity: "day", issue: "raised_on" };
