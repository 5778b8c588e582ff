import type { Id } from "./Id";
export type TwinSide = { id: Id | null, version: number | null, draft: unknown };
