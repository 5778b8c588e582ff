import type { Id } from "./Id";
import type { TwinReferring } from "./TwinReferring";
export type TwinHead = { id: Id | null, version: number | null, title: string, note: string, updated_at: string | null, referring: Array<TwinReferring> };
