import type { Id } from "./Id";
import type { Kind } from "./Kind";
export type MergeDone = { id: Id, moved: number, changed: Array<Kind> };
