import type { TwinPairedBy } from "./TwinPairedBy";
import type { TwinRow } from "./TwinRow";
export type TwinPersonRow = { key: string, left: number | null, right: number | null, paired_by: TwinPairedBy | null, rows: Array<TwinRow> };
