import type { TwinChoice } from "./TwinChoice";
export type TwinRow = { key: string, left: unknown, right: unknown, differs: boolean, choice: TwinChoice, can_both: boolean };
