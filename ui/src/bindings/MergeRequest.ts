import type { Id } from "./Id";
import type { Kept } from "./Kept";
import type { TwinChoice } from "./TwinChoice";
import type { TwinSide } from "./TwinSide";
export type MergeRequest = { left: TwinSide, right: TwinSide, keep: TwinChoice, choices: Record<string, TwinChoice>, discard: Array<Id>, kept: Array<Kept> };
