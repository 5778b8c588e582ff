// How the invented ledger lists and names its records; what the core does in SQL.
import type { Kind } from "../bindings/Kind";
import type { RecordTypes } from "../ipc";
import type { Cells } from "../shared/columns";
import type { FakeLedger } from "./fakeTransport";

export interface Named {
  title: string;
  note: string;
  day: string | null;
  cells: Cells;
}

type Listed = { [K in Kind]: (ledger: FakeLedger, draft: RecordTypes[K], id: string) => Partial<Named> };

const head = (ledger: FakeLedger, id: string | null) =>
  ledger.find("household", id)?.members.find((member) => member.relation === "head")?.name ?? "";
const village = (ledger: FakeLedger, id: string | null) => ledger.find("village", id)?.name ?? "";
const member = (ledger: FakeLedger, id: string | null) => ledger.find("team_member", id)?.name ?? "";
const label = (ledger: FakeLedger, dictionary: string, code: string) =>
  ledger.all("dictionary_item").find(({ draft }) => draft.dictionary === dictionary && draft.code === code)?.draft
    .label ?? code;
const last = <T>(list: T[]): T | undefined => list[list.length - 1];

export const LISTED: Listed = {
  team: (_, draft) => ({ title: draft.name, cells: { name: draft.name } }),
  support_unit: (_, draft) => ({ title: draft.name, note: draft.contact, cells: { ...draft } }),
  team_member: (ledger, draft) => ({
    title: draft.name,
    note: label(ledger, "member_role", draft.role),
    cells: {
      ...flat(draft),
      village: village(ledger, draft.village_id),
      support_unit: ledger.find("support_unit", draft.support_unit_id)?.name ?? "",
    },
  }),
  attendance: (ledger, draft) => ({
    title: `${member(ledger, draft.team_member_id)} ${draft.month}`,
    cells: { ...draft, member: member(ledger, draft.team_member_id) },
  }),
  village: (_, draft) => ({
    title: draft.name,
    note: draft.township,
    cells: {
      ...flat(draft),
      hamlets: draft.hamlets.join("、"),
      households: last(draft.years)?.households ?? null,
      population: last(draft.years)?.population ?? null,
    },
  }),
  household: (ledger, draft, id) => ({
    title: draft.members.find(({ relation }) => relation === "head")?.name ?? "（未填户主）",
    note: village(ledger, draft.village_id) + draft.hamlet,
    cells: {
      ...flat(draft),
      head: draft.members[0]?.name ?? "",
      village: village(ledger, draft.village_id),
      types: draft.types.map(({ code }) => label(ledger, "household_type", code)).join("、"),
      persons: draft.members.length,
      last_visit: ledger.lastVisit(id),
    },
  }),
  visit: (ledger, draft) => ({
    title: `${draft.day} 走访${head(ledger, draft.household_ids[0] ?? null)}`,
    note: draft.content,
    day: draft.day,
    cells: {
      ...flat(draft),
      households: draft.household_ids.map((id) => head(ledger, id)).join("、"),
      household_count: draft.household_ids.length,
      purposes: draft.purposes.map((code) => label(ledger, "visit_purpose", code)).join("、"),
      visitors: draft.visitor_ids.map((id) => member(ledger, id)).join("、"),
    },
  }),
  issue: (ledger, draft) => ({
    title: draft.title,
    note: head(ledger, draft.household_id),
    day: draft.raised_on,
    cells: {
      ...flat(draft),
      household: head(ledger, draft.household_id),
      village: village(ledger, draft.village_id),
      owner: member(ledger, draft.owner_id) || draft.owner,
    },
  }),
  programme: (ledger, draft, id) => ({
    title: draft.name,
    note: draft.year === null ? "" : `${draft.year}年`,
    cells: {
      ...flat(draft),
      applications: ledger.all("application").filter((each) => each.draft.programme_id === id).length,
    },
  }),
  application: (ledger, draft) => {
    const house = ledger.find("household", draft.household_id);
    const person = house?.members.find(({ id }) => id === draft.member_id)?.name;
    const programme = ledger.find("programme", draft.programme_id)?.name ?? "";
    return {
      title: `${programme} ${person ?? head(ledger, draft.household_id)}`,
      note: `${draft.year}年${draft.term} ${draft.step}`,
      day: draft.applied_on,
      cells: {
        ...flat(draft),
        programme,
        applicant: person ?? head(ledger, draft.household_id),
        head: head(ledger, draft.household_id),
        village: village(ledger, house?.village_id ?? null),
      },
    };
  },
  project: (ledger, draft) => ({
    title: draft.name,
    note: village(ledger, draft.village_id) + draft.place,
    cells: {
      ...flat(draft),
      village: village(ledger, draft.village_id),
      progress: last(draft.progress)?.progress ?? null,
      last_milestone: label(ledger, "milestone", last(draft.milestones.filter(({ actual }) => actual))?.code ?? ""),
      next_due: draft.milestones.find(({ actual }) => !actual)?.planned ?? null,
      open_blockers: draft.blockers.filter(({ solved_on }) => !solved_on).length,
    },
  }),
  activity: (ledger, draft) => ({
    title: draft.title,
    note: label(ledger, "activity_type", draft.type_code),
    day: draft.day,
    cells: {
      ...flat(draft),
      village: village(ledger, draft.village_id),
      counters: draft.counters.map(({ subject, count, unit }) => `${subject}${count}${unit}`).join("、"),
    },
  }),
  plan: (ledger, draft) => ({
    title: draft.title,
    note: draft.target,
    cells: { ...flat(draft), village: village(ledger, draft.village_id) },
  }),
  indicator: (ledger, draft) => ({
    title: draft.name,
    note: draft.category,
    cells: { ...flat(draft), reached: null, village: village(ledger, draft.village_id) },
  }),
  outline: (_, draft) => ({ title: draft.title, cells: flat(draft) }),
  report: (_, draft) => ({ title: draft.period }),
  attachment: (_, draft) => ({
    title: draft.title || draft.file_name,
    note: draft.place,
    day: draft.taken_on,
    cells: flat(draft),
  }),
  dictionary_item: (_, draft) => ({ title: draft.label, note: draft.dictionary, cells: flat(draft) }),
};

/** The plain values of a record. */
function flat(draft: object): Cells {
  const plain = Object.entries(draft).filter(([, value]) => value === null || typeof value !== "object");
  return Object.fromEntries(plain) as Cells;
}

type Condition = (draft: Record<string, unknown>, value: string, ledger: FakeLedger, id: string) => boolean;

const same =
  (key: string): Condition =>
  (draft, value) =>
    String(draft[key]) === value;
const includes =
  (key: string): Condition =>
  (draft, value) =>
    (draft[key] as string[]).includes(value);
const dayOf = (draft: Record<string, unknown>) => String(draft.day ?? draft.raised_on ?? draft.applied_on ?? "");

/** The filters that the pages use. */
export const CONDITIONS: Record<string, Condition> = {
  village: same("village_id"),
  hamlet: same("hamlet"),
  type: (draft, value) => (draft.types as { code: string }[]).some(({ code }) => code === value),
  not_visited_since: (_, value, ledger, id) => (ledger.lastVisit(id) ?? "") < value,
  from: (draft, value) => dayOf(draft) >= value,
  to: (draft, value) => dayOf(draft) <= value,
  purpose: includes("purposes"),
  visitor: includes("visitor_ids"),
  participant: includes("participant_ids"),
  household: (draft, value) =>
    draft.household_id === value || ((draft.household_ids as string[] | undefined)?.includes(value) ?? false),
  programme: same("programme_id"),
  member: same("team_member_id"),
  unfinished: (draft) => draft.status === "open" || draft.status === "handling",
  overdue_on: (draft, value) =>
    (draft.milestones as { planned: string | null; actual: string | null }[] | undefined)?.some(
      ({ planned, actual }) => actual === null && planned !== null && planned < value,
    ) ||
    ((draft.status === "open" || draft.status === "handling") &&
      typeof draft.due_on === "string" &&
      draft.due_on < value),
  monitored: (draft) => draft.identified_on !== null,
  needs_papers: (draft) => draft.stage === "collecting" || draft.stage === "returned",
  blocked: (draft) => (draft.blockers as unknown[] | undefined)?.length !== 0,
  fund_source: (draft, value) => (draft.funds as { source: string }[]).some(({ source }) => source === value),
};

export const otherwise = same;
