import type { RecordRef } from "./RecordRef";
import type { Severity } from "./Severity";
export type Finding = { severity: Severity, code: string, field: string, message: string, about?: RecordRef };
