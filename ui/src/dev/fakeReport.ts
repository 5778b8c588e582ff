// An invented report: a few figures counted from the invented records, set on two pages as the core would draw them.
import type { Document } from "../bindings/Document";
import type { FigureView } from "../bindings/FigureView";
import type { RecordRef } from "../bindings/RecordRef";
import type { Report } from "../bindings/Report";
import type { Run } from "../bindings/Run";
import type { Stored } from "../bindings/Stored";
import type { Home } from "../bindings/Home";
import type { HomeProgress } from "../bindings/HomeProgress";
import type { Mark } from "../bindings/Mark";
import type { MarkTarget } from "../bindings/MarkTarget";
import type { PreviewPage } from "../bindings/PreviewPage";
import type { ReportView } from "../ipc-types";
import { TODAY } from "./fakeData";
import type { FakeLedger } from "./fakeTransport";

const SIZE = 16;
const PITCH = 28.95;
const LEFT = 79.4;
const PER_LINE = 28;

interface Count {
  label: string;
  unit: string;
  definition: string;
  records: RecordRef[];
  text?: string;
}

function counts(ledger: FakeLedger, report: Report): Record<string, Count> {
  const refs = <K extends RecordRef["kind"]>(kind: K, keep: (day: string) => boolean = () => true) =>
    ledger
      .all(kind)
      .filter(({ draft }) => keep("day" in draft ? String(draft.day) : report.cutoff))
      .map(({ id }) => ({ kind, id }));
  const within = (day: string) => day >= `${report.period.slice(0, 4)}-01-01` && day <= report.cutoff;
  const visits = refs("visit", within);
  const houses = new Set(
    ledger
      .all("visit")
      .flatMap(({ id, draft }) => (visits.some((visit) => visit.id === id) ? draft.household_ids : [])),
  );
  const households = [...houses].map((id) => ({ kind: "household" as const, id }));
  const issues = refs("issue");
  return {
    "visits.households": {
      label: "走访户数",
      unit: "户",
      definition: "报告期内走访过的农户，一户走访多次只算一户，未联系上的不算。",
      records: households,
    },
    "visits.household_times": {
      label: "走访户次",
      unit: "户次",
      definition: "报告期内每次走访的户数相加。",
      records: visits,
    },
    "coverage.rate": {
      label: "走访覆盖率",
      unit: "%",
      definition: "走访户数占总户数的比例。",
      records: households,
      text: `${Math.round((100 * households.length) / Math.max(1, ledger.all("household").length))}%`,
    },
    "issues.raised": { label: "发现问题", unit: "个", definition: "报告期内提出的问题。", records: issues },
    "projects.count": { label: "项目个数", unit: "个", definition: "本年度实施的项目。", records: refs("project") },
    "activities.count": {
      label: "开展活动",
      unit: "次",
      definition: "报告期内的工作纪实条数。",
      records: refs("activity", within),
    },
    "applications.all.count": {
      label: "补贴申报",
      unit: "人次",
      definition: "报告期内的申报，一人申报两项算两人次。",
      records: refs("application"),
    },
  };
}

const wordsOf = (count: Count) => count.text ?? `${count.records.length}${count.unit}`;

export function figureView(ledger: FakeLedger, report: Report, key: string): FigureView {
  const count = counts(ledger, report)[key] ?? { label: key, unit: "", definition: "", records: [] };
  const records = count.records.flatMap(({ kind, id }) => ledger.title(kind, id));
  return { key, label: count.label, text: wordsOf(count), definition: count.definition, records };
}

type Line = { key: string; level: number; number?: string; words: (string | { figure: string })[] };

const LINES: Line[] = [
  {
    key: "summary",
    level: 0,
    words: [
      "2026年上半年，工作队紧紧围绕四项职责，坚持吃住在村、工作到户，累计走访",
      { figure: "visits.households" },
      "（",
      { figure: "visits.household_times" },
      "），覆盖率",
      { figure: "coverage.rate" },
      "，发现并协调解决群众反映的问题",
      { figure: "issues.raised" },
      "。现将有关情况报告如下。",
    ],
  },
  { key: "party", level: 1, number: "一、", words: ["建强村党组织"] },
  { key: "party.days", level: 2, number: "（一）", words: ["规范组织生活"] },
  {
    key: "party.text",
    level: 0,
    words: [
      "协助村党支部落实“三会一课”和主题党日制度，组织开展各类活动",
      { figure: "activities.count" },
      "，党员参与面不断扩大，党组织的凝聚力进一步增强。",
    ],
  },
  { key: "prosperity", level: 1, number: "二、", words: ["推进强村富民"] },
  {
    key: "prosperity.projects",
    level: 0,
    words: [
      "实施帮扶项目",
      { figure: "projects.count" },
      "，其中茶叶初加工厂房已完成主体工程，龙潭屯饮水管网改造正在施工。帮助群众申报各类补贴",
      { figure: "applications.all.count" },
      "。",
    ],
  },
];

/** A report as the invented ledger composes it. */
export function reportView(ledger: FakeLedger, report: Stored<Report>): ReportView {
  const { draft } = report;
  const figures = counts(ledger, draft);
  const run = (word: Line["words"][number]): Run => {
    if (typeof word === "string") return { text: word };
    const count = figures[word.figure];
    return { text: count ? wordsOf(count) : "", figure: word.figure };
  };
  const blocks: Document["blocks"] = [{ type: "addressee", key: "addressee", text: "云岭乡党委、政府：" }];
  for (const { key, level, number = "", words } of LINES) {
    const edit = draft.edits.find(({ block }) => block === key);
    const runs = edit
      ? edit.runs.map((each) => run(each.figure === undefined ? each.text : { figure: each.figure }))
      : words.map(run);
    if (level === 0) blocks.push({ type: "paragraph", key, runs, edited: edit !== undefined });
    else
      blocks.push({ type: "heading", key, level, runs: [{ text: number + (runs[0]?.text ?? "") }, ...runs.slice(1)] });
  }
  const signer = draft.signer || "云岭乡石门村驻村工作队";
  blocks.push({ type: "annex_list", key: "annexes", items: ["走访台账"] });
  blocks.push({ type: "sign_off", key: "sign_off", name: signer, date: draft.signed_on ?? draft.cutoff });
  const title = ["云岭乡石门村驻村工作队", "2026年上半年工作总结"];
  const table = { unit: null, columns: [], rows: [], total: null };
  const document: Document = {
    properties: { title: title.join(""), author: signer, created: draft.cutoff },
    title,
    blocks,
    annexes: [{ number: 1, title: "走访台账", landscape: true, printed: true, table }],
  };
  return {
    report,
    document,
    preview: { pages: [textPage(document), annexPage(ledger)] },
    notes: ["有3户没有填写户类型，没有计入脱贫户和监测对象", "5月份有1名队员没有填写考勤"],
    replaced: {},
    handles: [],
    left_out: [],
    changed: [],
  };
}

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function drawn(width: number, height: number, texts: string[], marks: Mark[]): PreviewPage {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}pt" height="${height}pt">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>${texts.join("")}</svg>`;
  return { width_pt: width, height_pt: height, svg, marks };
}

const text = (x: number, y: number, words: string, size = SIZE, more = "") =>
  `<text x="${x}" y="${y}" font-family="FangSong, Noto Serif CJK SC, serif" font-size="${size}" ${more}>${escaped(words)}</text>`;

function textPage(document: Document): PreviewPage {
  const texts = document.title.map((line, at) =>
    text(297.6, 130 + at * 32, line, 22, 'text-anchor="middle" font-weight="bold"'),
  );
  const blocks: Mark[] = [];
  const figures: Mark[] = [];
  let row = 3;
  const yOf = (at: number) => 130 + at * PITCH;
  const mark = (x: number, y: number, width: number, height: number, target: MarkTarget): Mark => {
    return { x, y, width, height, target };
  };
  for (const block of document.blocks) {
    if (block.type === "annex_list" || block.type === "table" || block.type === "photos") continue;
    const start = row;
    let column = block.type === "addressee" ? 0 : block.type === "sign_off" ? 14 : 2;
    const runs: Run[] =
      block.type === "addressee"
        ? [{ text: block.text }]
        : block.type === "sign_off"
          ? [{ text: block.name }]
          : block.runs;
    for (const run of runs) {
      if (run.figure !== undefined && column + run.text.length > PER_LINE) [row, column] = [row + 1, 0];
      const from = column;
      for (const char of run.text) {
        if (column >= PER_LINE) [row, column] = [row + 1, 0];
        texts.push(text(LEFT + column * SIZE * 0.97, yOf(row), char));
        column += 1;
      }
      if (run.figure !== undefined) {
        const width = (column - from) * SIZE * 0.97;
        figures.push(mark(LEFT + from * SIZE * 0.97, yOf(row) - 14, width, 18, { type: "figure", value: run.figure }));
      }
    }
    const top = yOf(start) - 14;
    blocks.push(mark(LEFT, top, 435, yOf(row) - top + 4, { type: "block", value: block.key }));
    row += block.type === "sign_off" ? 2 : 1;
  }
  return drawn(595.3, 841.9, texts, [...blocks, ...figures]);
}

function annexPage(ledger: FakeLedger): PreviewPage {
  const texts = [text(99, 95, "附件1"), text(421, 130, "走访台账", 22, 'text-anchor="middle" font-weight="bold"')];
  const marks: Mark[] = [{ x: 370, y: 108, width: 102, height: 28, target: { type: "block", value: "annex.1" } }];
  ledger
    .all("visit")
    .slice(0, 18)
    .forEach(({ id }, at) => {
      const y = 172 + at * 20;
      const title = ledger.title("visit", id)[0]?.title ?? "";
      texts.push(text(104, y, `${at + 1}`, 12), text(140, y, title, 12));
      texts.push(`<path d="M99 ${y + 6}H737" stroke="#000" stroke-width="0.5"/>`);
      marks.push({
        x: 140,
        y: y - 11,
        width: 170,
        height: 15,
        target: { type: "record", value: { kind: "visit", id } },
      });
    });
  return drawn(841.9, 595.3, texts, marks);
}

export function blankReport(period: string, template: string): Report {
  const last = period.endsWith("H1") ? `${period.slice(0, 4)}-06-30` : `${period.slice(0, 4)}-12-31`;
  const rest = {
    masking: "township",
    addressee: "",
    signer: "",
    signed_on: null,
    member_id: null,
    topic: "",
    village_ids: [],
    edits: [],
  } as const;
  const draft = { finalised_on: null, finalised_by: "", fingerprint: "", revises: null, acknowledgements: [] };
  const byHand = { edits: [], own: [], places: [], hidden: [] };
  return { ...rest, ...draft, ...byHand, village_ids: [], period, template, cutoff: last < TODAY ? last : TODAY };
}

export function home(ledger: FakeLedger): Home {
  const wanted = [
    [
      "not_visited",
      "本月未走访的监测对象",
      "每月至少走访一次，走访后记一条就会从这里消失",
      "household",
      { monitored: "1", not_visited_since: `${TODAY.slice(0, 7)}-01` },
    ],
    ["issues_overdue", "超过期限的问题", "办结后在问题里填解决日期", "issue", { overdue_on: TODAY }],
    ["papers", "材料未齐的申报", "收齐材料后把环节改到下一步", "application", { needs_papers: "1" }],
    ["milestones", "逾期的项目节点", "完成的填实际日期，推迟的改计划日期", "project", { overdue_on: TODAY }],
  ] as const;
  const tasks = wanted.flatMap(([key, title, hint, kind, filters]) => {
    const found = ledger.matching(kind, "", filters);
    const records = found.slice(0, 5).flatMap(({ id }) => ledger.title(kind, id));
    return found.length === 0 ? [] : [{ key, title, hint, kind, filters, total: found.length, records }];
  });
  return { period: "2026H1", today: TODAY, tasks };
}

export function homeProgress(ledger: FakeLedger): HomeProgress[] {
  return Object.entries(counts(ledger, blankReport("2026H1", "work-team"))).map(([key, count]) => {
    return { key, label: count.label, text: wordsOf(count) };
  });
}
