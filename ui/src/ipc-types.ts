// Answers of commands that belong to the shell, not to the core's generated bindings (docs/commands.md).
import type { ArchiveKind } from "./bindings/ArchiveKind";
import type { Backup } from "./bindings/Backup";
import type { BackupCounts } from "./bindings/BackupCounts";
import type { BlockHandle } from "./bindings/BlockHandle";
import type { FigureChange } from "./bindings/FigureChange";
import type { FieldChoice } from "./bindings/FieldChoice";
import type { FormReport } from "./bindings/FormReport";
import type { ImportGuess } from "./bindings/ImportGuess";
import type { RecordTitle } from "./bindings/RecordTitle";
import type { RowOutcome } from "./bindings/RowOutcome";
import type { SheetInfo } from "./bindings/SheetInfo";
import type { Document } from "./bindings/Document";
import type { HandedOver } from "./bindings/HandedOver";
import type { Id } from "./bindings/Id";
import type { Kind } from "./bindings/Kind";
import type { MergeDone } from "./bindings/MergeDone";
import type { LeftOut } from "./bindings/LeftOut";
import type { Note } from "./bindings/Note";
import type { Preview } from "./bindings/Preview";
import type { Report } from "./bindings/Report";
import type { Retention } from "./bindings/Retention";
import type { Run } from "./bindings/Run";
import type { Stored } from "./bindings/Stored";

/** 外观: how the window looks on this laptop. */
export interface Look {
  colours: "system" | "light" | "dark";
  letters: "standard" | "large" | "largest";
}

export interface RecentLedger {
  path: string;
  name: string;
  missing: boolean;
}

export interface LedgerInfo {
  path: string;
  name: string;
  team: string;
  township: string;
  is_sample: boolean;
  encrypted: boolean;
  whereabouts: Whereabouts | null;
  /** Why the last closing carried no copy to the second place. */
  missed: { folder: string; why: string } | null;
  /** `YYYY-MM-DD`; the window never asks its own clock for a day that is stored. */
  today: string;
  /** The half-year whose report is due, as `2026H1`. */
  due_period: string;
  /** 队员 who is typing; written beside every change. */
  member: Id | null;
  /** When it was taken over from a team before. */
  taken_over: string | null;
}

/** What came of handing over; `code` is told this once. */
export interface HandOverDone extends HandedOver {
  code: string | null;
  list: string | null;
  /** Why there is no list. */
  note: string | null;
}

/** A ledger that was made; the recovery key of an encrypted one is told this once. */
export interface MadeLedger {
  ledger: LedgerInfo;
  recovery_key: string | null;
}

/** What opens an encrypted ledger, as typed. */
export type Typed = { passphrase: string } | { recovery_key: string };

export interface PassphraseStrength {
  /** 1 to 3. */
  level: number;
  label: string;
  advice: string;
}

export interface EncryptedLedger {
  ledger: LedgerInfo;
  recovery_key: string;
  /** Copies from before, which anybody can read. */
  plain_backups: number;
  /** Whether the disk has confirmed it. */
  is_confirmed: boolean;
}

export interface DecryptedLedger {
  ledger: LedgerInfo;
  is_confirmed: boolean;
}

export interface StartInfo {
  documents: string;
  suggested: string;
  recent: RecentLedger[];
  open: LedgerInfo | null;
  /** The ledger that waits to be unlocked. */
  locked: RecentLedger | null;
}

/** Where a ledger lies that should not lie there; `name` of the program that syncs the folder. */
export type Whereabouts = { kind: "network" } | { kind: "removable" } | { kind: "synced"; name: string };

export interface Changed {
  changed: Kind[];
}

export interface Undone {
  name: string;
  changed: Kind[];
}

export interface ReportView {
  report: Stored<Report>;
  document: Document;
  preview: Preview;
  notes: string[];
  /** What the program would write in place of each hand-written block. */
  replaced: Record<string, Run[]>;
  /** What can be done with each printed block. */
  handles: BlockHandle[];
  /** What was left out. */
  left_out: LeftOut[];
  /** A draft's figures that differ from what was seen. */
  changed: FigureChange[];
}

export type ExportFormat = "docx" | "pdf" | "xlsx";

/** What to do where a file of the name lies already. */
export type OnExisting = "ask" | "replace" | "rename";

export interface ExportedFile {
  format: ExportFormat;
  path: string;
}

export interface Exported {
  files: ExportedFile[];
  /** Places that should have been masked: 0, or nothing where 内部 masks nothing. */
  unmasked: number | null;
  /** What else to know: fonts that stand in. */
  notes: string[];
}

/** How a report is exported. */
export interface ExportRequest {
  folder: string;
  formats: ExportFormat[];
  existing: OnExisting;
  /** 核对稿. */
  review: boolean;
  /** 照片册 beside it. */
  photos: boolean;
  /** Whether an unmasked export was confirmed. */
  confirmed: boolean;
}

/** How a form is filled. */
export interface FillRequest {
  report: Id;
  form: Id;
  folder: string;
  existing: OnExisting;
  /** Whether placeholders that are not understood may stay, marked. */
  leave_open: boolean;
  confirmed: boolean;
}

export interface FilledForm {
  path: string;
  report: FormReport;
  unmasked: number | null;
}

/** A file opened for import. */
export interface ImportInfo {
  name: string;
  sheets: SheetInfo[];
  /** The sheet that most is understood of. */
  sheet: string;
}

/** A sheet and how it is read. */
export interface ImportSheet {
  guess: ImportGuess | null;
  fields: FieldChoice[];
  /** The first values of each column of the guess. */
  samples: string[][];
  rows: number;
}

/** What a preview or a commit came to, in rows. */
export interface ImportCounts {
  new: number;
  changed: number;
  unchanged: number;
  error: number;
  warning: number;
  /** Why there is no copy from before it. */
  backup_failed: string | null;
  kinds: Kind[];
}

export type ImportRowFilter = "all" | "new" | "changed" | "unchanged" | "error" | "warning";

export interface ImportRow {
  outcome: RowOutcome;
  /** One text for each column of the mapping. */
  cells: string[];
  /** Which of them are covered. */
  covered: boolean[];
  /** What its candidates and look-alikes are called. */
  candidates: RecordTitle[];
}

export interface ImportRows {
  total: number;
  rows: ImportRow[];
}

/** Where a photo comes from: a chosen file, name and base64 of what was dropped, or one that was made ready before. */
export type PhotoSource = { path: string } | { content: [string, string] } | { waiting: string };

/** A photo that is ready and waits for its record. */
export interface PreparedPhoto {
  token: Id;
  /** Kind of the record that it waits for. */
  kind: Kind;
  name: string;
  thumbnail: string;
  taken_on: string | null;
  taken_at: string;
  notes: Note[];
}

/** What became of a photo. */
export interface AddedPhoto {
  id: Id;
  /** The record had it already. */
  known: boolean;
  taken_on: string | null;
  notes: Note[];
  changed: Kind[];
}

export interface ExportedComparison {
  path: string;
  /** Never more than 0: what was found unmasked; null where it was not to be masked. */
  unmasked: number | null;
}

export interface AlbumCount {
  photos: number;
  bytes: number;
}

export interface WrittenAlbum {
  folder: string;
  index: string;
  written: number;
  total: number;
  failed: string[];
}

/** What the archive of a year begins with. */
export interface ArchiveStart {
  year: number;
  usual: { kind: ArchiveKind; retention: Retention }[];
}

export interface WrittenArchive {
  folder: string;
  /** 归档文件目录 as workbook and as PDF. */
  catalogue: string[];
  reports: number;
  ledgers: number;
  photos: number;
  notes: string[];
}

/** What a merge came to. */
export interface Merged extends MergeDone {
  /** Why there is no copy from before it. */
  backup_failed: string | null;
}

/** A copy in the list. */
export interface ListedBackup extends Backup {
  /** Whether it lies in the second place. */
  second: boolean;
  encrypted: boolean;
}

export interface BackupPage {
  folder: string;
  /** `present`: whether the second place is there now. */
  second: { folder: string; present: boolean } | null;
  backups: ListedBackup[];
}

/** What a copy holds, and what the ledger holds now. */
export interface BackupLook {
  counts: BackupCounts;
  now: BackupCounts;
}

export interface Restored {
  /** The copy of what it replaced. */
  before: Backup;
  ledger: LedgerInfo;
}

/** A copy from which a ledger that does not open can be made anew; `counts` is null where only the passphrase tells. */
export interface BackupOffer extends Backup {
  counts: BackupCounts | null;
}

export interface BackupOffers {
  good: BackupOffer[];
  damaged: number;
}

/** The nil id: a draft's reference that is not chosen yet. */
export const NIL: Id = "00000000-0000-0000-0000-000000000000";
