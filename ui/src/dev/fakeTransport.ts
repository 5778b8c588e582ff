// An invented ledger in memory, for looking at the pages in a browser and for tests. Never part of the built window.
import type { Asked } from "../bindings/Asked";
import type { DictionaryItem } from "../bindings/DictionaryItem";
import type { Found } from "../bindings/Found";
import type { Failure } from "../bindings/Failure";
import type { Finding } from "../bindings/Finding";
import type { HistoryEntry } from "../bindings/HistoryEntry";
import type { Kind } from "../bindings/Kind";
import type { ColumnTest } from "../bindings/ColumnTest";
import type { ColumnValues } from "../bindings/ColumnValues";
import type { ListPage } from "../bindings/ListPage";
import type { ListQuery } from "../bindings/ListQuery";
import type { Lookup } from "../bindings/Lookup";
import type { Meta } from "../bindings/Meta";
import type { NumbersOf } from "../bindings/NumbersOf";
import type { Reading } from "../bindings/Reading";
import type { RecordRef } from "../bindings/RecordRef";
import type { RecordTitle } from "../bindings/RecordTitle";
import type { SaveRequest } from "../bindings/SaveRequest";
import type { Stored } from "../bindings/Stored";
import type { Visit } from "../bindings/Visit";
import type { RecordTypes, Transport } from "../ipc";
import type { Cells } from "../shared/columns";
import { covered } from "../shared/covering";
import type { Draft as StoredDraft } from "../bindings/Draft";
import { NIL, type ExportFormat, type ExportRequest, type LedgerInfo, type OnExisting } from "../ipc-types";
import {
  blankActivity,
  blankApplication,
  blankHousehold,
  blankIssue,
  blankProject,
  blankVisit,
  freshId,
  invented,
  TODAY,
} from "./fakeData";
import { blankReport, figureView, home, homeProgress, reportView } from "./fakeReport";
import { CONDITIONS, LISTED, otherwise, type Named } from "./fakeLists";

type Args = Record<string, unknown>;
type AnyStored = Stored<RecordTypes[Kind]>;

const INFO: LedgerInfo = {
  path: "/home/user/文档/云岭乡石门村驻村工作队台账.zcj",
  name: "云岭乡石门村驻村工作队台账",
  team: "云岭乡石门村驻村工作队",
  township: "云岭乡",
  is_sample: true,
  encrypted: false,
  whereabouts: null,
  taken_over: null,
  missed: null,
  member: null,
  today: TODAY,
  due_period: "2026H1",
};

function refuse(code: string, message: string, findings: Finding[] = []): never {
  throw { code, message, findings } satisfies Failure;
}

interface Step {
  name: string;
  changed: Kind[];
  before: Map<string, AnyStored | undefined>;
  after: Map<string, AnyStored | undefined>;
}

export class FakeLedger {
  private readonly records = new Map<Kind, Map<string, AnyStored>>();
  private readonly histories = new Map<string, HistoryEntry[]>();
  private readonly past: Step[] = [];
  private readonly future: Step[] = [];
  readonly drafts = new Map<string, StoredDraft>();
  /** The list whose numbers are shown. */
  whole: Kind | null = null;
  private visits: Map<string, string> | null = null;

  constructor(households: number) {
    for (const [kind, entries] of Object.entries(invented(households)) as [
      Kind,
      { id: string; draft: RecordTypes[Kind] }[],
    ][]) {
      this.records.set(kind, new Map(entries.map(({ id, draft }) => [id, { id, meta: meta(1), draft }])));
    }
  }

  /** Live records of a kind. */
  all<K extends Kind>(kind: K): Stored<RecordTypes[K]>[] {
    const live = [...(this.records.get(kind)?.values() ?? [])].filter(
      ({ meta: { deleted_at } }) => deleted_at === null,
    );
    return live as Stored<RecordTypes[K]>[];
  }

  find<K extends Kind>(kind: K, id: string | null): RecordTypes[K] | undefined {
    return id === null ? undefined : (this.records.get(kind)?.get(id)?.draft as RecordTypes[K] | undefined);
  }

  stored(kind: Kind, id: string): AnyStored {
    return this.records.get(kind)?.get(id) ?? refuse("not_found", "没有找到这条记录，可能已被彻底删除");
  }

  lastVisit(household: string): string | null {
    if (this.visits === null) {
      this.visits = new Map();
      for (const { draft } of this.all("visit")) {
        for (const id of draft.household_ids) {
          if ((this.visits.get(id) ?? "") < draft.day) this.visits.set(id, draft.day);
        }
      }
    }
    return this.visits.get(household) ?? null;
  }

  named(kind: Kind, { id, draft, meta: envelope }: AnyStored): Named {
    const list = LISTED[kind] as (ledger: FakeLedger, draft: unknown, id: string) => Partial<Named>;
    const named = { title: "", note: "", day: null, cells: {}, ...list(this, draft, id) };
    return { ...named, cells: { ...named.cells, updated_at: envelope.updated_at } };
  }

  title(kind: Kind, id: string): RecordTitle[] {
    const record = this.records.get(kind)?.get(id);
    if (!record) return [];
    const { title, note, day } = this.named(kind, record);
    return [{ kind, id, title, note, day }];
  }

  matching(kind: Kind, text: string, filters: Record<string, string>): AnyStored[] {
    const wanted = Object.entries(filters).filter(([, value]) => value !== "");
    return (this.all(kind) as AnyStored[]).filter(({ id, draft }) => {
      const content = draft as unknown as Record<string, unknown>;
      const fits = wanted.every(([key, value]) => (CONDITIONS[key] ?? otherwise(key))(content, value, this, id));
      return (
        fits &&
        (text === "" || JSON.stringify(draft).includes(text) || this.title(kind, id)[0]?.title.includes(text) === true)
      );
    });
  }

  list(kind: Kind, query: ListQuery) {
    const found = this.matching(kind, query.text.trim(), query.filters as Record<string, string>)
      .map((record) => ({
        id: record.id,
        ...this.named(kind, record),
      }))
      .filter(({ cells }) =>
        (query.conditions ?? []).every(({ column, test }) => fulfils(cells[column] ?? null, test)),
      );
    const column = query.sort?.column;
    if (column !== undefined) {
      const sign = query.sort?.descending ? -1 : 1;
      const key = (row: Named) => String(row.cells[column] ?? "");
      found.sort((a, b) => sign * key(a).localeCompare(key(b), "zh", { numeric: true }));
    } else if (found[0]?.day) found.sort((a, b) => (b.day ?? "").localeCompare(a.day ?? ""));
    const rows = found.slice(query.offset, query.offset + (query.limit || 200)).map(({ id, cells }) => ({ id, cells }));
    return { total: found.length, rows };
  }

  /** A page of a list, with telephones covered until they are asked for. */
  page(kind: Kind, query: ListQuery): ListPage {
    const { total, rows } = this.list(kind, query);
    const holds = rows.some(({ cells }) => typeof cells.phone === "string");
    if (!holds || this.whole === kind) return { total, rows, numbers: holds ? "whole" : "none" };
    const cover = (cells: Cells) => ({ ...cells, phone: covered("phone", String(cells.phone ?? "")) });
    return { total, rows: rows.map(({ id, cells }) => ({ id, cells: cover(cells) })), numbers: "covered" };
  }

  /** Changes records as one step that can be undone. */
  change(name: string, changes: [Kind, string, AnyStored | undefined][]): Kind[] {
    const step: Step = {
      name,
      changed: [...new Set(changes.map(([kind]) => kind))],
      before: new Map(),
      after: new Map(),
    };
    for (const [kind, id, next] of changes) {
      const before = this.records.get(kind)?.get(id);
      step.before.set(`${kind} ${id}`, before);
      step.after.set(`${kind} ${id}`, next);
      const entry = { name, at: new Date().toISOString(), device: "笔记本", member_id: null };
      const history = (this.histories.get(id) ?? []).map((earlier) => ({ ...earlier, is_latest: false }));
      const now = {
        seq: history.length + 1,
        is_latest: true,
        before: before?.draft ?? null,
        after: next?.draft ?? null,
      };
      this.histories.set(id, [...history, { ...entry, ...now }]);
    }
    this.apply(step.after);
    this.past.push(step);
    this.future.length = 0;
    return step.changed;
  }

  private apply(states: Map<string, AnyStored | undefined>): void {
    this.visits = null;
    for (const [key, state] of states) {
      const [kind = "", id = ""] = key.split(" ");
      const table = this.records.get(kind as Kind);
      if (state) table?.set(id, state);
      else table?.delete(id);
    }
  }

  step(from: "past" | "future") {
    const step = this[from].pop() ?? refuse("nothing_to_undo", "没有可以撤销的操作");
    this[from === "past" ? "future" : "past"].push(step);
    this.apply(from === "past" ? step.before : step.after);
    return { name: step.name, changed: step.changed };
  }

  undoState() {
    const name = (steps: Step[]) => steps[steps.length - 1]?.name ?? null;
    return { undo: name(this.past), redo: name(this.future) };
  }

  history(id: string): HistoryEntry[] {
    return this.histories.get(id) ?? [];
  }

  bin() {
    return [...this.records].flatMap(([kind, table]) =>
      [...table.values()].flatMap((record) => {
        const { deleted_at } = record.meta;
        return deleted_at === null ? [] : [{ kind, id: record.id, title: this.named(kind, record).title, deleted_at }];
      }),
    );
  }
}

function meta(version: number, deleted_at: string | null = null): Meta {
  const at = "2026-06-18T08:30:00Z";
  const by = { created_by: null, created_device: "笔记本", updated_by: null, updated_device: "笔记本" };
  return { version, created_at: at, updated_at: at, ...by, origin: "typed", deleted_at };
}

/** A few of the core's rules, so that findings can be seen. */
function check({ kind, draft, keep }: SaveRequest): void {
  const findings: Finding[] = [];
  const hard = (field: string, message: string) =>
    findings.push({ severity: "hard", code: "required", field, message });
  const soft = (code: string, field: string, message: string) => {
    const kept = keep.some((each) => each.code === code && each.field === field && each.reason !== "");
    if (!kept) findings.push({ severity: "soft", code, field, message });
  };
  if (kind === "visit") checkVisit(draft as Visit, hard, soft);
  if (kind === "household") {
    (draft as RecordTypes["household"]).members.forEach((member, at) => {
      if (member.name === "") hard(`members.${at}.name`, "请填写姓名");
      if (member.relation === "") hard(`members.${at}.relation`, "请选择与户主关系");
      const { id_number } = member;
      if (id_number !== "" && id_number.length !== 18) hard(`members.${at}.id_number`, "身份证号应为18位，请核对");
      else if (id_number.endsWith("1")) {
        soft("id_check_digit", `members.${at}.id_number`, "身份证号末位校验码不符，请对照证件核对");
      }
    });
  }
  if ((kind === "issue" || kind === "activity" || kind === "plan") && (draft as { title: string }).title === "") {
    hard("title", "请填写事项");
  }
  const refused = findings.filter(({ severity }) => severity === "hard").length;
  if (refused > 0) refuse("refused", `有${refused}处填写不正确，请按提示修改后再保存`, findings);
  if (findings.length > 0) refuse("needs_reason", `有${findings.length}处需要核对`, findings);
}

function checkVisit(
  visit: Visit,
  hard: (field: string, message: string) => void,
  soft: (code: string, field: string, message: string) => void,
): void {
  if (visit.household_ids.length === 0) hard("household_ids", "请至少填写一项走访户");
  if (visit.purposes.length === 0) hard("purposes", "请至少填写一项走访内容");
  if (visit.visitor_ids.length === 0 && visit.other_visitors.length === 0) hard("visitor_ids", "请至少填写一名走访人");
  if (visit.mode === "not_reached" && visit.unreached_reason === "") hard("unreached_reason", "未联系上的，请填写原因");
  const needs = [visit.food, visit.clothing, visit.education, visit.medical, visit.housing, visit.water];
  if (needs.includes("problem") && visit.problem === "")
    hard("problem", "查出问题，请写明是什么问题，保存后转入问题台账");
  if (visit.mode !== "not_reached" && visit.persons_met === 0) {
    soft("nobody_met", "persons_met", "已联系上，走访人次却为0，请核对");
  }
}

function blank(ledger: FakeLedger, kind: Kind): unknown {
  const village = ledger.all("village")[0]?.id ?? NIL;
  const blanks: Partial<Record<Kind, () => unknown>> = {
    visit: () => ({
      ...blankVisit(),
      visitor_ids: ledger
        .all("team_member")
        .slice(0, 1)
        .map(({ id }) => id),
    }),
    household: () => blankHousehold(village),
    application: blankApplication,
    issue: () => ({ ...blankIssue(), village_id: village }),
    project: () => blankProject(village),
    activity: () => blankActivity(village),
    attendance: () => ({ team_member_id: NIL, month: TODAY.slice(0, 7), on_duty: 0, leave: 0, trip: 0, note: "" }),
    programme: () => ({
      ...emptied(ledger.all("programme")[0]?.draft ?? {}),
      unit: "人",
      steps: [
        { name: "收集材料", stage: "collecting" },
        { name: "村级评议", stage: "submitted" },
        { name: "县级审批", stage: "approved" },
        { name: "已发放", stage: "paid" },
      ],
    }),
    team_member: () => ({ ...emptied(ledger.all("team_member")[0]?.draft ?? {}), role: "member", from_day: TODAY }),
    plan: () => ({ ...emptied(ledger.all("plan")[0]?.draft ?? {}), period: "2026H2", status: "open" }),
    indicator: () => ({ ...emptied(ledger.all("indicator")[0]?.draft ?? {}), period: "2026H1" }),
    village: () => ({ ...emptied(ledger.all("village")[0]?.draft ?? {}), township: "云岭乡" }),
    support_unit: () => emptied(ledger.all("support_unit")[0]?.draft ?? {}),
    dictionary_item: () =>
      ({ ...emptied(ledger.all("dictionary_item")[0]?.draft ?? {}), sort: 1000 }) as DictionaryItem,
  };
  return blanks[kind]?.() ?? {};
}

/** The same shape with nothing in it; days and numbers become null. */
function emptied(draft: object): object {
  const isDay = /_on$|_day$|^year$|^cap$|_days$|_id$|^valid_/;
  return Object.fromEntries(
    Object.entries(draft).map(([key, value]) => {
      if (Array.isArray(value)) return [key, []];
      if (typeof value === "boolean") return [key, false];
      return [key, isDay.test(key) || typeof value === "number" ? null : ""];
    }),
  );
}

const NAMES: Partial<Record<Kind, string>> = { visit: "走访", household: "农户", issue: "问题", application: "申报" };
const nameOf = (kind: Kind) => NAMES[kind] ?? "记录";

function save(ledger: FakeLedger, request: SaveRequest) {
  check(request);
  const { kind } = request;
  const id = request.id ?? freshId();
  const version = request.id === null ? 1 : ledger.stored(kind, id).meta.version + 1;
  const draft = JSON.parse(JSON.stringify(request.draft)) as RecordTypes[Kind];
  const next: AnyStored = { id, meta: { ...meta(version), updated_at: new Date().toISOString() }, draft };
  const changes: [Kind, string, AnyStored][] = [[kind, id, next]];
  if (kind === "visit" && request.id === null && (draft as Visit).problem !== "") {
    const issue = { ...blankIssue(), title: (draft as Visit).problem, source: "visit", visit_id: id };
    const issueId = freshId();
    changes.push(["issue", issueId, { id: issueId, meta: meta(1), draft: issue }]);
  }
  return { id, changed: ledger.change(`${request.id === null ? "新增" : "修改"}${nameOf(kind)}`, changes) };
}

function setDeleted(ledger: FakeLedger, records: RecordRef[], deleted: boolean) {
  const at = deleted ? new Date().toISOString() : null;
  const changes = records.map(({ kind, id }): [Kind, string, AnyStored] => {
    const record = ledger.stored(kind, id);
    return [kind, id, { ...record, meta: { ...record.meta, deleted_at: at } }];
  });
  const kind = records[0]?.kind ?? "visit";
  return { changed: ledger.change(`${deleted ? "删除" : "恢复"}${nameOf(kind)}`, changes) };
}

const template = (name: string, title: string, subject = "team") => {
  return { name, title, own: false, subject, masking: "township", purpose: "" };
};
const TEMPLATES = [template("work-team", "驻村工作队半年总结"), template("personal", "个人半年小结", "member")];

/** The latest report of a half-year and template, or a new one. */
function openReport(ledger: FakeLedger, period: string, template: string) {
  const found = ledger.all("report").find(({ draft }) => draft.period === period && draft.template === template);
  if (found) return found;
  const id = freshId();
  ledger.change("新建报告", [["report", id, { id, meta: meta(1), draft: blankReport(period, template) }]]);
  return ledger.stored("report", id);
}

type StoredReport = Stored<RecordTypes["report"]>;

function exportReport(folder: string, formats: ExportFormat[], existing: OnExisting, before: Set<string>) {
  const files = formats.map((format) => ({ format, path: `${folder}/石门村驻村工作队2026年上半年工作总结.${format}` }));
  const there = files.find(({ path }) => before.has(path));
  if (there && existing === "ask") {
    refuse("export_exists", `文件夹里已有同名文件，可以替换，或另存为“石门村驻村工作队2026年上半年工作总结（2）”`);
  }
  files.forEach(({ path }) => before.add(path));
  return { files, unmasked: 0, notes: [] };
}

/** Without a core nothing is understood: the kind is asked for and the text carried over. */
function readLine({ line, kind }: Asked): Reading {
  return {
    kind,
    draft: kind === null ? null : { [kind === "visit" ? "content" : "title"]: line },
    pieces: [],
    choices: [],
    fields: [],
    rest: null,
    notes: [],
    knows_people: true,
  };
}

const SEARCHED: Kind[] = ["household", "issue", "project", "programme", "application", "activity", "visit"];

/** The lists' own search stands in for the core's index. */
function fakeSearch(ledger: FakeLedger, query: string, only: Kind | null, offset: number): Found {
  const groups = SEARCHED.filter((kind) => only === null || kind === only).map((kind) => {
    const found = ledger.matching(kind, query, {});
    const page = found.slice(offset, offset + (only === null ? 5 : 50));
    const titles = page.flatMap(({ id }) => ledger.title(kind, id));
    const hits = titles.map((title) => ({
      ...title,
      field: "title",
      label: "内容",
      snippet: [{ text: title.title, found: true }],
    }));
    return { kind, hits, total: found.length, more: false };
  });
  return { groups: groups.filter(({ hits }) => hits.length > 0) };
}

export interface FakeOptions {
  households?: number;
  open?: boolean;
}

export function fakeTransport(options: FakeOptions = {}): Transport {
  const ledger = new FakeLedger(options.households ?? 412);
  let open = options.open ?? true;
  const enter = () => {
    open = true;
    return INFO;
  };
  const recent = [
    { path: INFO.path, name: INFO.name, missing: false },
    { path: "/media/user/优盘/旧台账.zcj", name: "旧台账", missing: true },
  ];
  const folder = "/home/user/文档";
  const exported = new Set<string>();
  const commands: Record<string, (args: Args) => unknown> = {
    start_info: () => ({
      documents: folder,
      suggested: `${folder}/驻村台账.zcj`,
      recent,
      open: open ? INFO : null,
      locked: null,
    }),
    place_judge: () => null,
    passphrase_strength: () => ({ level: 3, label: "较强", advice: "" }),
    // The invented disk never confirms, so that what is said then can be seen.
    ledger_encrypt: () => ({
      ledger: { ...INFO, encrypted: true },
      recovery_key: "23456-789AB-CDEFG-HJKMN-PQRST-UVWXY",
      plain_backups: 0,
      is_confirmed: false,
    }),
    plain_backups: () => 0,
    idle_minutes: () => 10,
    look: () => ({ colours: new URLSearchParams(location.search).get("colours") ?? "light", letters: "standard" }),
    look_set: () => null,
    ledger_create: () => ({ ledger: enter(), recovery_key: null }),
    ledger_open: enter,
    sample_open: enter,
    ledger_close: () => {
      open = false;
      return null;
    },
    choose_ledger_to_open: () => INFO.path,
    choose_ledger_to_create: ({ suggested }) => suggested,
    record_blank: ({ kind }) => blank(ledger, kind as Kind),
    record_get: ({ kind, id }) => ledger.stored(kind as Kind, id as string),
    record_save: ({ request }) => save(ledger, request as SaveRequest),
    record_list: ({ kind, query }) => ledger.page(kind as Kind, query as ListQuery),
    record_lookup: ({ kind, lookup }) => {
      const { text, filters, limit } = lookup as Lookup;
      const found = ledger.matching(kind as Kind, text.trim(), filters as Record<string, string>);
      return found.slice(0, limit || 50).flatMap(({ id }) => ledger.title(kind as Kind, id));
    },
    search: ({ query, kind, offset }) => fakeSearch(ledger, query as string, kind as Kind | null, offset as number),
    record_ids: ({ kind, query }) =>
      ledger.list(kind as Kind, { ...(query as ListQuery), limit: 1_000_000 }).rows.map(({ id }) => id),
    record_rows: ({ kind, ids }) => {
      const all = ledger.list(kind as Kind, { ...PLAIN_QUERY, limit: 1_000_000 }).rows;
      return (ids as string[]).flatMap((id) => all.filter((row) => row.id === id));
    },
    column_values: ({ kind, query, column }) => valuesOf(ledger, kind as Kind, query as ListQuery, column as string),
    saved_lists: () => [],
    saved_list_save: ({ name, view }) => ({ id: crypto.randomUUID(), name, shipped: false, view }),
    saved_list_drop: () => null,
    batch_choices: () => [],
    list_progress: () => ({ done: 0, total: 0 }),
    list_cancel: () => null,
    list_prepare: () => null,
    list_leave: () => {
      ledger.whole = null;
      return null;
    },
    numbers_show: ({ of }) => {
      const asked = of as NumbersOf;
      if (asked.of === "list") ledger.whole = asked.kind;
      return null;
    },
    numbers_cover: () => {
      ledger.whole = null;
      return null;
    },
    record_after: ({ id, seq }) => ledger.history(id as string).find((entry) => entry.seq === seq)?.after ?? null,
    record_titles: ({ records }) => (records as RecordRef[]).flatMap(({ kind, id }) => ledger.title(kind, id)),
    record_delete: ({ records }) => setDeleted(ledger, records as RecordRef[], true),
    record_restore: ({ records }) => setDeleted(ledger, records as RecordRef[], false),
    record_history: ({ id }) => ledger.history(id as string),
    bin_list: () => ledger.bin(),
    dictionaries: () => ledger.all("dictionary_item"),
    twins_like: () => [],
    twins_count: () => 0,
    twins_pairs: () => ({ open: [], dismissed: [], left_out: 0 }),
    undo: () => ledger.step("past"),
    redo: () => ledger.step("future"),
    undo_state: () => ledger.undoState(),
    draft_all: () => [...ledger.drafts.values()],
    draft_put: ({ key, content }) => {
      ledger.drafts.set(key as string, {
        key: key as string,
        content: content as string,
        saved_at: new Date().toISOString(),
      });
      return null;
    },
    draft_drop: ({ key }) => {
      ledger.drafts.delete(key as string);
      return null;
    },
    quick_read: ({ asked }) => readLine(asked as Asked),
    home: () => home(ledger),
    home_progress: () => homeProgress(ledger),
    templates: () => TEMPLATES,
    report_open: ({ period, template }) => openReport(ledger, period as string, template as string),
    report_view: ({ id }) => reportView(ledger, ledger.stored("report", id as string) as StoredReport),
    report_figure: ({ id, key }) =>
      figureView(ledger, (ledger.stored("report", id as string) as StoredReport).draft, key as string),
    report_export: ({ request }) => {
      const { folder: to, formats, existing } = request as ExportRequest;
      return exportReport(to, formats, existing, exported);
    },
    report_figure_villages: () => [],
    report_photos: () => [],
    report_tables: () => [],
    report_audit: () => [],
    report_unlinked: () => [],
    report_changes: () => null,
    report_seen: () => ({ changed: ["report"] }),
    report_accept: () => ({ changed: ["report"] }),
    form_list: () => [],
    form_placeholders: () => [],
    choose_folder: () => `${folder}/报告`,
    reveal_path: () => null,
    open_path: () => null,
    attachment_list: () => [],
    choose_photos: () => [],
    album_count: () => ({ photos: 0, bytes: 0 }),
  };
  return {
    call(command, args) {
      const run = commands[command];
      const answer = new Promise((resolve) =>
        resolve(run ? run(args) : refuse("unknown", `还没有这个命令：${command}`)),
      );
      // What crosses to the window is a copy, as it is with a real shell.
      return answer.then((value) => JSON.parse(JSON.stringify(value ?? null)) as unknown);
    },
  };
}

const PLAIN_QUERY: ListQuery = { text: "", filters: {}, sort: null, offset: 0, limit: 0 };

/** The core's test of a column, as far as the invented pages need it. */
function fulfils(value: string | number | null, test: ColumnTest): boolean {
  const text = String(value ?? "");
  switch (test.op) {
    case "contains":
      return text.includes(test.text);
    case "is":
      return text.split("、").includes(test.text);
    case "one_of":
      return text.split("、").some((word) => test.values.includes(word));
    case "numbers":
      return value !== null && Number(value) >= (test.from ?? -Infinity) && Number(value) <= (test.to ?? Infinity);
    case "days":
      return text !== "" && text.slice(0, 10) >= (test.from ?? "") && text.slice(0, 10) <= (test.to ?? "9999");
    case "empty":
      return text === "";
    case "filled":
      return text !== "";
  }
}

function valuesOf(ledger: FakeLedger, kind: Kind, query: ListQuery, column: string): ColumnValues {
  const conditions = (query.conditions ?? []).filter((condition) => condition.column !== column);
  const { rows } = ledger.list(kind, { ...query, conditions, sort: null, offset: 0, limit: 1_000_000 });
  const counts = new Map<string, number>();
  for (const { cells } of rows) {
    for (const word of String(cells[column] ?? "").split("、")) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const values = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  return { column_type: "text", distinct: values.length, values, least: null, most: null };
}
