import type { RecordTitle } from "./RecordTitle";
import type { TwinReason } from "./TwinReason";
export type TwinPair = { left: RecordTitle, right: RecordTitle, reasons: Array<TwinReason> };
