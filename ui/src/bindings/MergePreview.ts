import type { Finding } from "./Finding";
import type { Household } from "./Household";
export type MergePreview = { draft: Household, findings: Array<Finding> };
