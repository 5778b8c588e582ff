import type { Id } from "./Id";
import type { RecordTitle } from "./RecordTitle";
export type Clash = { left: RecordTitle, right: RecordTitle, discard: Id, member: Id | null, person: string | null };
