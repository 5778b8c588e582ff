import type { FieldChange } from "./FieldChange";
import type { Id } from "./Id";
import type { TwinReason } from "./TwinReason";
export type RowAlike = { household: Id, reasons: Array<TwinReason>, differences: Array<FieldChange> };
