import type { RecordTitle } from "./RecordTitle";
import type { TwinReason } from "./TwinReason";
export type LookAlike = { record: RecordTitle, reasons: Array<TwinReason> };
