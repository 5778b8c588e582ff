import type { Clash } from "./Clash";
import type { TwinChoice } from "./TwinChoice";
import type { TwinHead } from "./TwinHead";
import type { TwinPersonRow } from "./TwinPersonRow";
import type { TwinRow } from "./TwinRow";
export type TwinComparison = { left: TwinHead, right: TwinHead, keep: TwinChoice, rows: Array<TwinRow>, people: Array<TwinPersonRow>, clashes: Array<Clash>, both_visited: number };
