// Invented records of a mountain village, for looking at the pages. Names, numbers and places are made up.
import items from "../../../src-tauri/core/src/dictionary/items.json";
import programmes from "../../../src-tauri/core/src/dictionary/programmes.json";
import type { Activity } from "../bindings/Activity";
import type { Application } from "../bindings/Application";
import type { Attendance } from "../bindings/Attendance";
import type { DictionaryItem } from "../bindings/DictionaryItem";
import type { Household } from "../bindings/Household";
import type { Indicator } from "../bindings/Indicator";
import type { Issue } from "../bindings/Issue";
import type { Kind } from "../bindings/Kind";
import type { Member } from "../bindings/Member";
import type { Plan } from "../bindings/Plan";
import type { Programme } from "../bindings/Programme";
import type { Project } from "../bindings/Project";
import type { SupportUnit } from "../bindings/SupportUnit";
import type { Team } from "../bindings/Team";
import type { TeamMember } from "../bindings/TeamMember";
import type { Village } from "../bindings/Village";
import type { Visit } from "../bindings/Visit";
import { blankMember } from "../households/fields";
import { NIL } from "../ipc-types";
import type { RecordTypes } from "../ipc";

export const TODAY = "2026-06-18";

let counter = 0;

export function freshId(): string {
  counter += 1;
  return `01900000-0000-7000-8000-${String(counter).padStart(12, "0")}`;
}

/** The same numbers at every start. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

const roll = dice(7);
const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
const dayOf = (back: number) => new Date(Date.UTC(2026, 5, 18 - back)).toISOString().slice(0, 10);

const SURNAMES = "石韦黄覃莫罗蓝陆农梁潘吴龙杨欧阳单曾解".split("");
const GIVEN = [
  "老三",
  "秀英",
  "建国",
  "桂花",
  "小龙",
  "美兰",
  "志强",
  "凤英",
  "德福",
  "春梅",
  "永康",
  "丽华",
  "阿妹",
  "金生",
];
const HAMLETS = ["上石屯", "下石屯", "龙潭屯", "坡脚屯"];

type Drafts = { [K in Kind]: { id: string; draft: RecordTypes[K] }[] };

function add<K extends Kind>(drafts: Drafts, kind: K, draft: RecordTypes[K]): string {
  const id = freshId();
  drafts[kind].push({ id, draft });
  return id;
}

export function blankVisit(): Visit {
  return {
    day: TODAY,
    mode: "in_person",
    persons_met: 1,
    other_visitors: [],
    contact_id: null,
    content: "",
    food: "",
    clothing: "",
    education: "",
    medical: "",
    housing: "",
    water: "",
    problem: "",
    gift: "",
    gift_fen: null,
    unreached_reason: "",
    next_action: "",
    household_ids: [],
    visitor_ids: [],
    purposes: ["routine"],
  };
}

export function blankHousehold(village: string): Household {
  return {
    village_id: village,
    hamlet: "",
    ext_no: "",
    address: "",
    phone: "",
    poverty_exit_year: null,
    identified_on: null,
    risk_cleared_on: null,
    clear_mode: "",
    helper_id: null,
    helper: "",
    helper_unit: "",
    housing_level: "",
    water_safe: null,
    toilet: null,
    road: null,
    power: null,
    broadcast: null,
    sensitive: false,
    note: "",
    types: [{ code: "general", from_day: null, to_day: null }],
    risks: [],
    incomes: [],
    members: [{ ...(blankMember() as Member), relation: "head" }],
  };
}

export function blankApplication(): Application {
  return {
    programme_id: NIL,
    year: 2026,
    term: "",
    batch: "",
    household_id: NIL,
    member_id: null,
    quantity: null,
    applied_on: null,
    approved_on: null,
    paid_on: null,
    amount_applied: null,
    amount_approved: null,
    amount_paid: null,
    documents_ready: [],
    notice_from: null,
    notice_to: null,
    payee_name: "",
    payee_bank: "",
    payee_account: "",
    step: "",
    stage: "collecting",
    reason: "",
    note: "",
    history: [],
  };
}

export function blankIssue(): Issue {
  return {
    title: "",
    source: "self",
    type_code: "",
    raised_on: TODAY,
    village_id: null,
    household_id: null,
    project_id: null,
    visit_id: null,
    owner_id: null,
    owner: "",
    due_on: null,
    status: "open",
    solved_on: null,
    closed_on: null,
    reason: "",
    evidence: "",
    measures: [],
  };
}

export function blankProject(village: string): Project {
  return {
    name: "",
    category: "",
    village_id: village,
    place: "",
    duty: "prosperity",
    pool_source: "",
    plan_year: null,
    impl_year: 2026,
    support_unit_id: null,
    budget: null,
    arrived: null,
    appropriated: null,
    paid: null,
    settled: null,
    audited: null,
    owner_unit: "",
    builder: "",
    contract_no: "",
    contract_amount: null,
    beneficiary_households: null,
    beneficiary_persons: null,
    income_effect: "",
    asset_class: "",
    asset_owner: "",
    asset_keeper: "",
    asset_yearly_income: null,
    summary: "",
    funds: [],
    payments: [],
    progress: [],
    milestones: [],
    sub_works: [],
    blockers: [],
    notices: [],
  };
}

export function blankActivity(village: string | null): Activity {
  return {
    type_code: "",
    title: "",
    village_id: village,
    day: TODAY,
    to_day: null,
    place: "",
    organiser: "",
    outlet: "",
    duty: "",
    approximate: false,
    summary: "",
    other_participants: [],
    items: [],
    counters: [],
    participant_ids: [],
    documents: [],
  };
}

function household(village: string, helper: string): Household {
  const surname = pick(SURNAMES);
  const kind = roll();
  const types = [{ code: kind < 0.4 ? "lifted" : "general", from_day: null, to_day: null }];
  if (kind > 0.88) types.push({ code: "dibao", from_day: null, to_day: null });
  const monitored = kind > 0.36 && kind < 0.4;
  if (monitored) types.push({ code: "unstable_lifted", from_day: null, to_day: null });
  const person = (relation: string): Member => ({
    ...(blankMember() as Member),
    id: freshId(),
    name: surname + pick(GIVEN),
    relation,
    bank_name: relation === "head" ? "云岭农商行" : "",
    bank_number: relation === "head" ? "6217000000000000000" : "",
  });
  return {
    ...blankHousehold(village),
    hamlet: pick(HAMLETS),
    address: `${pick(HAMLETS)}${Math.ceil(roll() * 90)}号`,
    phone: `138${String(Math.floor(roll() * 1e8)).padStart(8, "0")}`,
    types,
    poverty_exit_year: kind < 0.4 ? 2018 : null,
    identified_on: monitored ? "2025-03-12" : null,
    risks: monitored ? ["illness"] : [],
    helper_id: roll() < 0.5 ? helper : null,
    members: ["head", "spouse", "son"].slice(0, 1 + Math.floor(roll() * 3)).map(person),
  };
}

/** Everything the invented ledger holds. */
export function invented(households: number): Drafts {
  const drafts: Drafts = {
    team: [],
    support_unit: [],
    team_member: [],
    attendance: [],
    village: [],
    household: [],
    visit: [],
    issue: [],
    programme: [],
    application: [],
    project: [],
    activity: [],
    plan: [],
    indicator: [],
    report: [],
    outline: [],
    dictionary_item: [],
    attachment: [],
  };
  addPlaces(drafts);
  const village = drafts.village[0]?.id ?? "";
  const team = drafts.team_member.map(({ id }) => id);
  for (let at = 0; at < households; at++) add(drafts, "household", household(village, team[0] ?? ""));
  if (households > 0) addWork(drafts, village, team);
  return drafts;
}

function addPlaces(drafts: Drafts): void {
  const place = { province: "桂南省", city: "百岭市", county: "云山县", township: "云岭乡" };
  add(drafts, "team", {
    ...place,
    name: "云岭乡石门村驻村工作队",
    addressee: "云岭乡党委、政府",
    note: "",
  } satisfies Team);
  const unit = add(drafts, "support_unit", {
    name: "百岭市水利局",
    contact: "周工",
    phone: "0776-2830011",
    note: "",
  } satisfies SupportUnit);
  const village = add(drafts, "village", {
    ...place,
    name: "石门村",
    code: "451025203007",
    summary: "石门村位于云岭乡西北部，距乡政府十二公里，辖四个自然屯。",
    hamlets: HAMLETS,
    years: [
      {
        year: 2025,
        as_of: "2025-12-31",
        households: 412,
        population: 1687,
        resident_population: 980,
        party_members: 46,
        farmland: 123450,
        forest: 985000,
        collective_income: 18650000,
        per_capita_income: 1523400,
      },
    ],
  } satisfies Village);
  const roles = ["first_secretary", "leader", "member"];
  ["罗文斌", "农小燕", "梁志远"].forEach((name, at) => {
    const id = add(drafts, "team_member", {
      name,
      role: roles[at] ?? "member",
      village_id: village,
      support_unit_id: unit,
      group_name: "",
      duty: at === 0 ? "党建、全面工作" : "走访、资料",
      phone: `1390776000${at}`,
      politics: "member",
      from_day: "2025-05-06",
      to_day: null,
    } satisfies TeamMember);
    for (let month = 1; month <= 5; month++) {
      const days: Attendance = {
        team_member_id: id,
        month: `2026-0${month}`,
        on_duty: 20 + at,
        leave: at,
        trip: 1,
        note: "",
      };
      add(drafts, "attendance", days);
    }
  });
  const empty = { role: "", duty: "", units: [], sort: 0, valid_from: null, valid_to: null, note: "" };
  (items as Partial<DictionaryItem>[]).forEach((item, at) =>
    add(drafts, "dictionary_item", { ...empty, sort: at * 10, ...item } as DictionaryItem),
  );
  (programmes as Programme[]).forEach((programme) => add(drafts, "programme", programme));
}

function addWork(drafts: Drafts, village: string, team: string[]): void {
  const houses = drafts.household.map(({ id }) => id);
  const contents = [
    "了解春耕备耕和务工去向，提醒防火",
    "核对收入，填写帮扶手册",
    "询问低保金到账情况，宣传医保缴费",
    "动员参加养蜂培训",
  ];
  for (let at = 0; at < 320; at++) {
    const mode = pick(["in_person", "in_person", "in_person", "phone", "video", "not_reached"] as const);
    add(drafts, "visit", {
      ...blankVisit(),
      day: dayOf(Math.floor(at / 2)),
      mode,
      content: mode === "not_reached" ? "" : pick(contents),
      unreached_reason: mode === "not_reached" ? "外出务工，电话未接" : "",
      persons_met: mode === "not_reached" ? 0 : 2,
      purposes: [pick(["routine", "policy", "income_check", "condolence"])],
      household_ids: roll() < 0.1 ? [pick(houses), houses[1] ?? "", houses[2] ?? ""] : [pick(houses)],
      visitor_ids: [pick(team)],
      problem: roll() < 0.06 ? "屋后水沟堵塞，雨季有隐患" : "",
    });
  }
  const titles = [
    "龙潭屯饮水管老化漏水",
    "低保金未按时到账",
    "村道塌方影响出行",
    "孩子助学金材料缺户口页",
    "灶房电线老化",
  ];
  for (let at = 0; at < 24; at++) {
    const status = pick(["open", "handling", "solved", "closed"] as const);
    const done = status === "solved" || status === "closed";
    add(drafts, "issue", {
      ...blankIssue(),
      title: pick(titles),
      type_code: pick(["water", "subsidy", "road", "safety"]),
      source: pick(["visit", "self", "meeting"]),
      raised_on: dayOf(at * 6 + 4),
      due_on: dayOf(at * 6 - 24),
      village_id: village,
      household_id: pick(houses),
      owner_id: pick(team),
      status,
      solved_on: done ? dayOf(at * 6) : null,
      closed_on: status === "closed" ? dayOf(at * 6 - 1) : null,
      measures: [{ day: dayOf(at * 6 + 2), text: "到现场查看并联系乡水利站" }],
    });
  }
  for (let at = 0; at < 90; at++) {
    const programme = pick(drafts.programme);
    const step = pick(programme.draft.steps);
    const house = pick(drafts.household);
    const amount = programme.draft.rates[0]?.amount ?? 50000;
    const approved = step.stage === "approved" || step.stage === "paid";
    add(drafts, "application", {
      ...blankApplication(),
      programme_id: programme.id,
      household_id: house.id,
      member_id: programme.draft.per_household ? null : (house.draft.members[0]?.id ?? null),
      term: programme.draft.terms[0] ?? "",
      step: step.name,
      stage: step.stage,
      applied_on: step.stage === "collecting" ? null : dayOf(at),
      approved_on: approved ? dayOf(Math.floor(at / 2)) : null,
      amount_applied: amount,
      amount_approved: approved ? amount : null,
      amount_paid: step.stage === "paid" ? amount : null,
      paid_on: step.stage === "paid" ? dayOf(Math.floor(at / 3)) : null,
      documents_ready: programme.draft.documents.slice(0, 2),
    });
  }
  addProjects(drafts, village);
  addActivities(drafts, village, team);
}

function addProjects(drafts: Drafts, village: string): void {
  const names = [
    "上石屯护栏工程",
    "塌方步道修复",
    "茶叶初加工厂房",
    "龙潭屯饮水管网改造",
    "村级文化广场",
    "养蜂合作社设备",
  ];
  names.forEach((name, at) => {
    const budget = [5000000, 5000000, 130000000, 32560000, 18000000, 9600000][at] ?? 1000000;
    add(drafts, "project", {
      ...blankProject(village),
      name,
      category: pick(["industry", "infrastructure", "public_service"]),
      place: pick(HAMLETS),
      budget,
      arrived: budget,
      appropriated: Math.round(budget / 2),
      paid: Math.round(budget / 4),
      funds: [{ source: at < 2 ? "first_secretary" : "county", amount: budget, note: "" }],
      progress: [{ day: dayOf(30), progress: (at + 2) * 1200, note: "" }],
      milestones: [
        { code: "sited", planned: null, actual: "2026-02-10", document_no: "", note: "" },
        { code: "approved", planned: "2026-03-31", actual: "2026-04-02", document_no: "云发改〔2026〕12号", note: "" },
        { code: "started", planned: "2026-06-01", actual: null, document_no: "", note: "" },
      ],
      blockers: at === 2 ? [{ raised_on: "2026-05-20", text: "用地手续未批", solved_on: null }] : [],
    });
  });
}

function addActivities(drafts: Drafts, village: string, team: string[]): void {
  const kinds: [string, string, string, number][] = [
    ["party_day", "“学条例、守纪律”主题党日", "人次", 32],
    ["training", "茶叶加工技术培训", "人次", 46],
    ["sanitation", "整村清洁行动", "人次", 85],
    ["consumption_aid", "田螺产销对接", "斤", 5000],
    ["publicity", "森林防火入户宣传", "份", 300],
    ["culture", "春节游园活动", "人次", 200],
    ["news", "《石门村的养蜂人》", "篇", 1],
  ];
  for (let at = 0; at < 40; at++) {
    const [type_code, title, unit, count] = kinds[at % kinds.length] ?? kinds[0] ?? ["other", "", "次", 1];
    add(drafts, "activity", {
      ...blankActivity(village),
      type_code,
      title,
      day: dayOf(at * 4),
      place: pick(["村委会", "龙潭屯篮球场", "茶山"]),
      organiser: at % 3 === 0 ? "百岭市水利局" : "",
      counters:
        unit === "篇"
          ? [{ subject: "", unit, count }]
          : [
              { subject: "", unit: "场", count: 1 },
              { subject: unit === "斤" ? "田螺" : "", unit, count },
            ],
      approximate: unit === "斤",
      participant_ids: team.slice(0, 2),
      summary: "村两委和工作队共同组织，群众反映良好。",
    });
  }
  const plan: Plan = {
    period: "2026H2",
    title: "抓好产业发展",
    text: "推动茶叶初加工厂房年内投产，组织两期技术培训。",
    target: "带动三十户增收",
    due_on: "2026-12-20",
    duty: "prosperity",
    village_id: village,
    status: "open",
    indicator: "",
    result: "",
    carried_from: null,
  };
  const indicator: Indicator = {
    category: "产业发展",
    name: "茶园面积",
    unit: "亩",
    period: "2026H1",
    village_id: village,
    planned: 120_000,
    actual: 118_000,
    base: 109_600,
    base_kind: "last_year",
    note: "",
  };
  add(drafts, "indicator", indicator);
  add(drafts, "plan", plan);
  add(drafts, "plan", { ...plan, title: "补齐饮水短板", text: "完成龙潭屯管网改造。", target: "", duty: "service" });
}
