import type { TwinPair } from "./TwinPair";
export type TwinPairs = { open: Array<TwinPair>, dismissed: Array<TwinPair>, left_out: number };
