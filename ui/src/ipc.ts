// The only caller of the core: one typed function a command (docs/commands.md), over a transport that can be exchanged.
import { invoke } from "@tauri-apps/api/core";
import type { Activity } from "./bindings/Activity";
import type { AlbumRequest } from "./bindings/AlbumRequest";
import type { Application } from "./bindings/Application";
import type { ArchiveCount } from "./bindings/ArchiveCount";
import type { ArchiveRequest } from "./bindings/ArchiveRequest";
import type { Arrangement } from "./bindings/Arrangement";
import type { Asked } from "./bindings/Asked";
import type { Attachment } from "./bindings/Attachment";
import type { Attendance } from "./bindings/Attendance";
import type { AuditFinding } from "./bindings/AuditFinding";
import type { AuditFix } from "./bindings/AuditFix";
import type { Backup } from "./bindings/Backup";
import type { BatchField } from "./bindings/BatchField";
import type { BatchOutcome } from "./bindings/BatchOutcome";
import type { BatchRequest } from "./bindings/BatchRequest";
import type { BinEntry } from "./bindings/BinEntry";
import type { CheckRepair } from "./bindings/CheckRepair";
import type { CheckReport } from "./bindings/CheckReport";
import type { ColumnValues } from "./bindings/ColumnValues";
import type { Comparison } from "./bindings/Comparison";
import type { DictionaryItem } from "./bindings/DictionaryItem";
import type { Erased } from "./bindings/Erased";
import type { ExportEntry } from "./bindings/ExportEntry";
import type { FigureLine } from "./bindings/FigureLine";
import type { FigureTrend } from "./bindings/FigureTrend";
import type { CarriedOver } from "./bindings/CarriedOver";
import type { FigureView } from "./bindings/FigureView";
import type { Found } from "./bindings/Found";
import type { FormKind } from "./bindings/FormKind";
import type { FormReport } from "./bindings/FormReport";
import type { FormSettings } from "./bindings/FormSettings";
import type { HandOverContents } from "./bindings/HandOverContents";
import type { HistoryEntry } from "./bindings/HistoryEntry";
import type { HomeProgress } from "./bindings/HomeProgress";
import type { Household } from "./bindings/Household";
import type { Id } from "./bindings/Id";
import type { ImportRequest } from "./bindings/ImportRequest";
import type { Indicator } from "./bindings/Indicator";
import type { Issue } from "./bindings/Issue";
import type { Kept } from "./bindings/Kept";
import type { KeptForm } from "./bindings/KeptForm";
import type { Kind } from "./bindings/Kind";
import type { ListPage } from "./bindings/ListPage";
import type { ListQuery } from "./bindings/ListQuery";
import type { ListRow } from "./bindings/ListRow";
import type { ListSheet } from "./bindings/ListSheet";
import type { ListView } from "./bindings/ListView";
import type { LookAlike } from "./bindings/LookAlike";
import type { Lookup } from "./bindings/Lookup";
import type { MergePreview } from "./bindings/MergePreview";
import type { MergeRequest } from "./bindings/MergeRequest";
import type { NamedList } from "./bindings/NamedList";
import type { NewLedger } from "./bindings/NewLedger";
import type { NumbersOf } from "./bindings/NumbersOf";
import type { OutlineTrial } from "./bindings/OutlineTrial";
import type { PhotoChoice } from "./bindings/PhotoChoice";
import type { Placeholder } from "./bindings/Placeholder";
import type { Plan } from "./bindings/Plan";
import type { Programme } from "./bindings/Programme";
import type { Project } from "./bindings/Project";
import type { Reading } from "./bindings/Reading";
import type { RecordRef } from "./bindings/RecordRef";
import type { RecordTitle } from "./bindings/RecordTitle";
import type { Report } from "./bindings/Report";
import type { ReportMasking } from "./bindings/ReportMasking";
import type { Run } from "./bindings/Run";
import type { SaveRequest } from "./bindings/SaveRequest";
import type { Saved } from "./bindings/Saved";
import type { SectionChange } from "./bindings/SectionChange";
import type { Stored } from "./bindings/Stored";
import type { SupportUnit } from "./bindings/SupportUnit";
import type { Team } from "./bindings/Team";
import type { TeamMember } from "./bindings/TeamMember";
import type { TemplateInfo } from "./bindings/TemplateInfo";
import type { TwinChoice } from "./bindings/TwinChoice";
import type { TwinComparison } from "./bindings/TwinComparison";
import type { TwinPairs } from "./bindings/TwinPairs";
import type { TwinSide } from "./bindings/TwinSide";
import type { UndoState } from "./bindings/UndoState";
import type { Verification } from "./bindings/Verification";
import type { VillageFigure } from "./bindings/VillageFigure";
import type { UserOutline } from "./bindings/UserOutline";
import type { Village } from "./bindings/Village";
import type { Visit } from "./bindings/Visit";
import { publishChanged } from "./changes";
import { asCommandError } from "./errors";
import type { Home } from "./bindings/Home";
import type { Draft as StoredDraft } from "./bindings/Draft";
import type {
  AddedPhoto,
  AlbumCount,
  ArchiveStart,
  BackupLook,
  BackupOffers,
  BackupPage,
  Changed,
  DecryptedLedger,
  EncryptedLedger,
  ExportRequest,
  Exported,
  ExportedComparison,
  FillRequest,
  FilledForm,
  HandOverDone,
  ImportCounts,
  ImportInfo,
  ImportRowFilter,
  ImportRows,
  ImportSheet,
  LedgerInfo,
  Look,
  MadeLedger,
  Merged,
  PassphraseStrength,
  PhotoSource,
  PreparedPhoto,
  ReportView,
  Restored,
  StartInfo,
  Typed,
  Undone,
  Whereabouts,
  WrittenAlbum,
  WrittenArchive,
} from "./ipc-types";

/** The record type of every kind. */
export interface RecordTypes {
  team: Team;
  support_unit: SupportUnit;
  team_member: TeamMember;
  attendance: Attendance;
  village: Village;
  household: Household;
  visit: Visit;
  issue: Issue;
  programme: Programme;
  application: Application;
  project: Project;
  activity: Activity;
  plan: Plan;
  indicator: Indicator;
  report: Report;
  outline: UserOutline;
  dictionary_item: DictionaryItem;
  attachment: Attachment;
}

export interface Transport {
  call(command: string, args: Record<string, unknown>): Promise<unknown>;
}

let transport: Transport = { call: (command, args) => invoke(command, args) };

/** Exchanges the transport: tests and the pages without a shell have their own. */
export function setTransport(next: Transport): void {
  transport = next;
}

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return (await transport.call(command, args)) as T;
  } catch (thrown) {
    throw asCommandError(thrown);
  }
}

async function callChanging<T extends Changed>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  const answer = await call<T>(command, args);
  publishChanged(answer.changed);
  return answer;
}

// ── ledger ──
export const startInfo = () => call<StartInfo>("start_info");
/** Encrypted where there is a passphrase. */
export const ledgerCreate = (path: string, content: NewLedger, passphrase: string | null) =>
  call<MadeLedger>("ledger_create", { path, new: content, passphrase });
export const ledgerOpen = (path: string, secret: Typed | null = null) =>
  call<LedgerInfo>("ledger_open", { path, secret });
/** What is to be said of a place before a ledger is made there. */
export const placeJudge = (path: string) => call<Whereabouts | null>("place_judge", { path });
export const sampleOpen = () => call<LedgerInfo>("sample_open");
export const memberChoose = (id: Id) => call<LedgerInfo>("member_choose", { id });
/** `anyway`: also where the copy before it fails. */
export const ledgerClose = (anyway: boolean) => call<null>("ledger_close", { anyway });
export const windowClose = (anyway: boolean) => call<null>("window_close", { anyway });
export const chooseLedgerToOpen = () => call<string | null>("choose_ledger_to_open");
export const chooseLedgerToCreate = (suggested: string) =>
  call<string | null>("choose_ledger_to_create", { suggested });
export const chooseFolder = (start: string | null) => call<string | null>("choose_folder", { start });

// ── encryption ──
export const passphraseStrength = (passphrase: string) =>
  call<PassphraseStrength>("passphrase_strength", { passphrase });
/** Seconds until the next try. */
export const unlockWait = (path: string) => call<number>("unlock_wait", { path });
/** Opens a ledger by its recovery key and gives it a new passphrase. */
export const ledgerReset = (path: string, recoveryKey: string, passphrase: string) =>
  call<LedgerInfo>("ledger_reset", { path, recovery_key: recoveryKey, passphrase });
export const passphraseChange = (known: Typed, passphrase: string) =>
  call<null>("passphrase_change", { known, passphrase });
export const recoveryRenew = (known: Typed) => call<string>("recovery_renew", { known });
export const ledgerEncrypt = (passphrase: string) => call<EncryptedLedger>("ledger_encrypt", { passphrase });
export const ledgerDecrypt = (known: Typed) => call<DecryptedLedger>("ledger_decrypt", { known });
export const plainBackupsDrop = () => call<number>("plain_backups_drop");
export const keyFileRecover = (ledger: string) => call<null>("key_file_recover", { ledger });
export const recoveryKeySave = (ledger: string, key: string) =>
  call<string | null>("recovery_key_save", { ledger, key });

// ── lock ──
export const ledgerLock = () => call<null>("ledger_lock");
export const userActive = () => call<null>("user_active");
/** Minutes without a touch after which the window locks; 0: never. */
export const idleMinutes = () => call<number>("idle_minutes");
export const idleMinutesSet = (minutes: number) => call<null>("idle_minutes_set", { minutes });
export const lookGet = () => call<Look>("look");
export const lookSet = (look: Look) => call<null>("look_set", { look });

// ── numbers of people ──
/** Somebody asks to see covered numbers: it is noted, and a list shows them from now on. */
export const numbersShow = (of: NumbersOf) => call<null>("numbers_show", { of });
/** A list's numbers are covered again. */
export const numbersCover = (kind: Kind) => call<null>("numbers_cover", { kind });

// ── what left the ledger, and what helps to find a fault ──
export const exportList = () => call<ExportEntry[]>("export_list");
export const ledgerCheck = () => call<CheckReport>("ledger_check");
export const ledgerRepair = () => call<CheckRepair>("ledger_repair");
export const diagnostics = () => call<string>("diagnostics");
export const diagnosticsSave = () => call<string | null>("diagnostics_save");

// ── backups ──
export const backupList = () => call<BackupPage>("backup_list");
export const backupLook = (path: string) => call<BackupLook>("backup_look", { path });
export const backupNow = () => call<Backup>("backup_now");
/** Carries the present state to the second place; read back and compared when it answers. */
export const backupCarry = () => call<Backup>("backup_carry");
export const chooseBackupPlace = () => call<string | null>("choose_backup_place");
export const backupPlace = (folder: string | null) => call<null>("backup_place", { folder });
export const chooseBackup = () => call<string | null>("choose_backup");
export const backupRestore = (path: string, secret: Typed | null) => call<Restored>("backup_restore", { path, secret });
/** Copies of a ledger that does not open. */
export const backupOffers = (ledger: string) => call<BackupOffers>("backup_offers", { ledger });
export const ledgerRecover = (ledger: string, backup: string, secret: Typed | null) =>
  call<LedgerInfo>("ledger_recover", { ledger, backup, secret });

// ── handing over ──
export const handOverContents = () => call<HandOverContents>("hand_over_contents");
/** Progress and stopping as of lists; `agreed` is a passphrase in place of a code. */
export const handOver = (folder: string, agreed: string | null) => call<HandOverDone>("hand_over", { folder, agreed });
export const handOverCodeSave = (file: string, code: string) =>
  call<string | null>("hand_over_code_save", { file, code });
export const chooseHandOver = () => call<string | null>("choose_hand_over");
export const handOverLook = (path: string) => call<{ by_code: boolean; made_on: string }>("hand_over_look", { path });
export const handOverOpen = (path: string, code: string) => call<HandOverContents>("hand_over_open", { path, code });
export const takeOver = (path: string, code: string, ledger: string, passphrase: string) =>
  call<MadeLedger>("take_over", { path, code, ledger, passphrase });

// ── archive of a year ──
export const archiveStart = () => call<ArchiveStart>("archive_start");
export const archiveCount = (request: ArchiveRequest) => call<ArchiveCount>("archive_count", { request });
/** Progress and stopping as of lists. */
export const archiveExport = (request: ArchiveRequest, folder: string, confirmed: boolean) =>
  call<WrittenArchive>("archive_export", { request, folder, confirmed });

// ── records ──
export const recordBlank = <K extends Kind>(kind: K) => call<RecordTypes[K]>("record_blank", { kind });
export const recordGet = <K extends Kind>(kind: K, id: Id) => call<Stored<RecordTypes[K]>>("record_get", { kind, id });
export const recordList = (kind: Kind, query: ListQuery) => call<ListPage>("record_list", { kind, query });
export const recordLookup = (kind: Kind, lookup: Lookup) => call<RecordTitle[]>("record_lookup", { kind, lookup });
/** The first of every kind, or the next fifty of one. */
export const search = (query: string, kind: Kind | null, offset: number) =>
  call<Found>("search", { query, kind, offset });
export const recordTitles = (records: RecordRef[]) => call<RecordTitle[]>("record_titles", { records });
export const recordDelete = (records: RecordRef[]) => callChanging<Changed>("record_delete", { records });
export const recordRestore = (records: RecordRef[]) => callChanging<Changed>("record_restore", { records });
/** For good: nothing before it can be undone from then on. */
export const recordPurge = (records: RecordRef[]) => callChanging<Changed>("record_purge", { records });
export const personErase = (household: Id, member: Id) => callChanging<Erased>("person_erase", { household, member });
export const recordHistory = (kind: Kind, id: Id) => call<HistoryEntry[]>("record_history", { kind, id });
/** What a record held after an operation, with its numbers whole. */
export const recordAfter = (kind: Kind, id: Id, seq: number) => call<unknown>("record_after", { kind, id, seq });
export const binList = () => call<BinEntry[]>("bin_list");
export const dictionaryItems = () => call<Stored<DictionaryItem>[]>("dictionaries");

/** Stores a record; `stored` is the record that the form was filled from, nothing for a new one. */
export function recordSave<K extends Kind>(
  kind: K,
  stored: { id: Id; version: number } | null,
  draft: RecordTypes[K],
  keep: Kept[] = [],
): Promise<Saved> {
  const request: SaveRequest = { kind, id: stored?.id ?? null, version: stored?.version ?? null, draft, keep };
  return callChanging<Saved>("record_save", { request });
}

// ── lists ──
/** The ids of a list in its order; all of them where the limit is 0. */
export const recordIds = (kind: Kind, query: ListQuery) => call<Id[]>("record_ids", { kind, query });
export const recordRows = (kind: Kind, ids: Id[]) => call<ListRow[]>("record_rows", { kind, ids });
export const columnValues = (kind: Kind, query: ListQuery, column: string) =>
  call<ColumnValues>("column_values", { kind, query, column });
export const savedLists = (kind: Kind) => call<NamedList[]>("saved_lists", { kind });
export const savedListSave = (kind: Kind, id: Id | null, name: string, view: ListView) =>
  call<NamedList>("saved_list_save", { kind, id, name, view });
export const savedListDrop = (id: Id) => call<null>("saved_list_drop", { id });
export const batchChoices = (kind: Kind) => call<BatchField[]>("batch_choices", { kind });
export const batchPreview = (request: BatchRequest) => call<BatchOutcome>("batch_preview", { request });
export async function batchCommit(request: BatchRequest): Promise<BatchOutcome> {
  const outcome = await call<BatchOutcome>("batch_commit", { request });
  if (outcome.done) publishChanged(outcome.kinds);
  return outcome;
}
/** Writes a list as a workbook; answers with where it lies. */
export const listExport = (kind: Kind, query: ListQuery, sheet: ListSheet, folder: string) =>
  call<string>("list_export", { kind, query, sheet, folder });
export const listProgress = () => call<{ done: number; total: number }>("list_progress");
export const listCancel = () => call<null>("list_cancel");
/** Reads ahead what a list may be asked; without a kind, what those may be that are likely opened first. */
export const listPrepare = (kind: Kind | null) => call<null>("list_prepare", { kind });
export const listLeave = (kind: Kind) => call<null>("list_leave", { kind });

// ── duplicates ──
export const twinsLike = (kind: Kind, id: Id | null, draft: unknown) =>
  call<LookAlike[]>("twins_like", { kind, id, draft });
export const twinsPairs = () => call<TwinPairs>("twins_pairs");
export const twinsCount = () => call<number>("twins_count");
/** Says of two households that they are not one, or takes that back. */
export async function twinsDismiss(one: Id, other: Id, areTwo: boolean): Promise<true> {
  await call<null>("twins_dismiss", { one, other, are_two: areTwo });
  return true;
}
export const twinsCompare = (left: TwinSide, right: TwinSide, keep: TwinChoice | null, whole: boolean) =>
  call<TwinComparison>("twins_compare", { left, right, keep, whole });
export const twinsPreview = (request: MergeRequest, whole: boolean) =>
  call<MergePreview>("twins_preview", { request, whole });
export const twinsMerge = (request: MergeRequest) => callChanging<Merged>("twins_merge", { request });

// ── undo ──
export const undo = () => callChanging<Undone>("undo");
export const redo = () => callChanging<Undone>("redo");
export const undoState = () => call<UndoState>("undo_state");

// ── drafts ──
export const draftAll = () => call<StoredDraft[]>("draft_all");
export const draftPut = (key: string, content: string) => call<null>("draft_put", { key, content });
export const draftDrop = (key: string) => call<null>("draft_drop", { key });

// ── quick entry ──
export const quickRead = (asked: Asked) => call<Reading>("quick_read", { asked });

// ── import ──
export const chooseWorkbook = () => call<string | null>("choose_workbook");
export const importOpen = (path: string) => call<ImportInfo>("import_open", { path });
/** Opens what was dropped or pasted; `content` is base64. */
export const importContent = (name: string, content: string) => call<ImportInfo>("import_content", { name, content });
export const importSheet = (sheet: string, kind: Kind | null, head: [number, number] | null) =>
  call<ImportSheet>("import_sheet", { sheet, kind, head });
export const importPreview = (request: ImportRequest) => call<ImportCounts>("import_preview", { request });
export async function importCommit(request: ImportRequest): Promise<ImportCounts> {
  const counts = await call<ImportCounts>("import_commit", { request });
  publishChanged(counts.kinds);
  return counts;
}
export const importRows = (filter: ImportRowFilter, offset: number, limit: number, whole: boolean) =>
  call<ImportRows>("import_rows", { filter, offset, limit, whole });
export const importMarkedCopy = (folder: string | null) => call<string>("import_marked_copy", { folder });
export const importProgress = () => call<{ done: number; total: number }>("import_progress");
export const importCancel = () => call<null>("import_cancel");
export const importClose = () => call<null>("import_close");

// ── photos ──
export const choosePhotos = () => call<string[]>("choose_photos");
/** Makes a photo ready whose record is not stored yet. */
export const photoPrepare = (kind: Kind, source: PhotoSource) => call<PreparedPhoto>("photo_prepare", { kind, source });
/** The photos that wait for their records, also those from before a crash. */
export const photoWaiting = () => call<PreparedPhoto[]>("photo_waiting");
export const photoForget = (tokens: string[]) => call<null>("photo_forget", { tokens });
/** Adds one photo; the caller tells of the change when it suits, as hundreds may come in a row. */
export const attachmentAdd = (owner: RecordRef, source: PhotoSource, batch: Id) =>
  call<AddedPhoto>("attachment_add", { owner, source, batch });
export const attachmentList = (owner: RecordRef) => call<Stored<Attachment>[]>("attachment_list", { owner });
/** A picture as a data address. */
export const attachmentPicture = (id: Id, size: "thumbnail" | "full") =>
  call<string>("attachment_picture", { id, size });
export const attachmentOrder = (owner: RecordRef, ids: Id[]) =>
  callChanging<Changed>("attachment_order", { owner, ids });
export const albumCount = (request: AlbumRequest) => call<AlbumCount>("album_count", { request });
export const albumExport = (request: AlbumRequest, folder: string, name: string) =>
  call<WrittenAlbum>("album_export", { request, folder, name });
export const photoProgress = () => call<{ done: number; total: number }>("photo_progress");
export const photoCancel = () => call<null>("photo_cancel");

// ── plans and templates ──
export const plansCarryOver = (period: string) => callChanging<CarriedOver & Changed>("plans_carry_over", { period });
export const outlineCopy = (name: string) => call<UserOutline>("outline_copy", { name });
export const outlineTry = (draft: UserOutline) => call<OutlineTrial>("outline_try", { draft });
export const outlineChange = (source: string, change: SectionChange) =>
  call<string>("outline_change", { source, change });
export const outlineFigures = () => call<FigureLine[]>("outline_figures");
export const chooseOutline = () => call<string | null>("choose_outline");
export const chooseOutlinePlace = (title: string) => call<string | null>("choose_outline_place", { title });
export const outlineRead = (path: string) => call<UserOutline>("outline_read", { path });
export const outlineWrite = (path: string, draft: UserOutline) => call<null>("outline_write", { path, draft });

// ── home and report ──
export const home = () => call<Home>("home");
export const homeProgress = () => call<HomeProgress[]>("home_progress");
export const templates = () => call<TemplateInfo[]>("templates");
export const reportOpen = (period: string, template: string) =>
  call<Stored<Report>>("report_open", { period, template });
export const reportView = (id: Id) => call<ReportView>("report_view", { id });
/** Answers with the block that was concerned. */
export const reportArrange = (id: Id, arrangement: Arrangement) =>
  callChanging<Changed & { block: string }>("report_arrange", { id, arrangement });
/** The pictures and tables that the text may show. */
export const reportPhotos = (id: Id) => call<PhotoChoice[]>("report_photos", { id });
export const reportTables = (id: Id) => call<string[]>("report_tables", { id });
export const reportFigure = (id: Id, key: string) => call<FigureView>("report_figure", { id, key });
export const reportFigures = (id: Id) => call<FigureLine[]>("report_figures", { id });
export const reportFigureTrend = (id: Id, key: string) => call<FigureTrend | null>("report_figure_trend", { id, key });
/** A figure in each village that has it; empty where there is only one. */
export const reportFigureVillages = (id: Id, key: string) =>
  call<VillageFigure[]>("report_figure_villages", { id, key });
export const reportExport = (id: Id, request: ExportRequest) => call<Exported>("report_export", { id, request });
// ── audit, finalising, comparison ──
export const reportAudit = (id: Id) => call<AuditFinding[]>("report_audit", { id });
/** Numbers of a text that is being written which no figure backs. */
export const reportUnlinked = (id: Id, block: string, runs: Run[]) =>
  call<AuditFinding[]>("report_unlinked", { id, block, runs });
export const reportAcknowledge = (id: Id, finding: string, reason: string) =>
  callChanging<Changed>("report_acknowledge", { id, finding, reason });
export const reportFix = (id: Id, fix: AuditFix) => callChanging<Changed>("report_fix", { id, fix });
export const reportFinalise = (id: Id) => callChanging<Changed>("report_finalise", { id });
export const reportRevise = (id: Id) => callChanging<Changed & { id: Id }>("report_revise", { id });
/** A finalised report against today; a draft against the moment when it was `seen` or `exported`, null if it never was. */
export const reportChanges = (id: Id, mark: "seen" | "exported") =>
  call<Verification | null>("report_changes", { id, mark });
export const reportSeen = (id: Id) => callChanging<Changed>("report_seen", { id });
/** These figures are seen as they stand. */
export const reportAccept = (id: Id, figures: string[]) => callChanging<Changed>("report_accept", { id, figures });
/** `other`: another report; null: the half-year before, as today's records tell it. */
export const reportCompare = (id: Id, other: Id | null) => call<Comparison>("report_compare", { id, other });
export const reportCompareExport = (id: Id, other: Id | null, folder: string) =>
  call<ExportedComparison>("report_compare_export", { id, other, folder });
export const openPath = (path: string) => call<null>("open_path", { path });
export const revealPath = (path: string) => call<null>("reveal_path", { path });

// ── 乡镇自己的表 ──
export const chooseForm = () => call<string | null>("choose_form");
export const formList = () => call<KeptForm[]>("form_list");
export const formAdd = (path: string) => call<KeptForm>("form_add", { path });
/** Adds what was dropped; `content` is base64. */
export const formAddContent = (name: string, content: string) => call<KeptForm>("form_add_content", { name, content });
export const formChange = (id: Id, settings: FormSettings) => call<null>("form_change", { id, settings });
export const formDrop = (id: Id) => call<null>("form_drop", { id });
export const formInspect = (report: Id, form: Id) => call<FormReport>("form_inspect", { report, form });
export const formFill = (request: FillRequest) => call<FilledForm>("form_fill", { request });
export const formStarter = (kind: FormKind, folder: string) => call<string>("form_starter", { kind, folder });
export const formPlaceholders = (report: Id, masking: ReportMasking) =>
  call<Placeholder[]>("form_placeholders", { report, masking });
