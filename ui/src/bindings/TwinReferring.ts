import type { Kind } from "./Kind";
export type TwinReferring = { kind: Kind, count: number };
