// The window's addresses: one page a record type, `/visits/:id` opens a record beside its list.
import { createRouter, createWebHashHistory, type RouteLocationRaw, type RouteRecordRaw } from "vue-router";
import type { Kind } from "./bindings/Kind";
import type { RecordRef } from "./bindings/RecordRef";
import { session } from "./session";

/** Where records of a kind are listed and opened. */
const PLACES: Record<Kind, string> = {
  visit: "/visits",
  household: "/households",
  application: "/applications",
  project: "/projects",
  activity: "/activities",
  issue: "/issues",
  report: "/report",
  team: "/settings/team",
  team_member: "/settings/members",
  support_unit: "/settings/units",
  attendance: "/settings/attendance",
  village: "/settings/villages",
  programme: "/settings/programmes",
  dictionary_item: "/settings/dictionary",
  plan: "/settings/plans",
  indicator: "/settings/indicators",
  attachment: "/settings/photos",
  outline: "/settings/outlines",
};

/** The list of a kind, narrowed by filters of its `record_list`. */
export function listRoute(kind: Kind, filters: Record<string, string> = {}): RouteLocationRaw {
  return { path: PLACES[kind], query: filters };
}

/** The page that shows a record: for the records behind a figure, in pickers, in tasks. */
export function routeOf(record: RecordRef): RouteLocationRaw {
  return record.kind === "team" ? PLACES.team : `${PLACES[record.kind]}/${record.id}`;
}

/** An empty form of a kind. */
export function newRoute(kind: Kind): RouteLocationRaw {
  return `${PLACES[kind]}/new`;
}

const settings: RouteRecordRaw[] = [
  { path: "", redirect: "/settings/team" },
  { path: "team", component: () => import("./team/TeamPage.vue") },
  { path: "members/:id?", component: () => import("./team/TeamMemberPage.vue"), props: true },
  { path: "units/:id?", component: () => import("./team/SupportUnitPage.vue"), props: true },
  { path: "attendance/:id?", component: () => import("./attendance/AttendancePage.vue"), props: true },
  { path: "villages/:id?", component: () => import("./villages/VillagePage.vue"), props: true },
  { path: "programmes/:id?", component: () => import("./programmes/ProgrammePage.vue"), props: true },
  { path: "dictionary/:id?", component: () => import("./dictionary/DictionaryPage.vue"), props: true },
  { path: "plans/:id?", component: () => import("./plans/PlanPage.vue"), props: true },
  { path: "indicators/:id?", component: () => import("./indicators/IndicatorPage.vue"), props: true },
  { path: "twins", redirect: "/households/twins" },
  { path: "photos/:id?", component: () => import("./attachments/PhotosPage.vue"), props: true },
  { path: "outlines/:id?", component: () => import("./outlines/OutlinesPage.vue"), props: true },
  { path: "protection", component: () => import("./protection/ProtectionPage.vue") },
  { path: "backups", component: () => import("./backups/BackupsPage.vue") },
  { path: "exports", component: () => import("./exports/ExportLogPage.vue") },
  { path: "look", component: () => import("./look/LookPage.vue") },
  { path: "help", component: () => import("./help/HelpPage.vue") },
  { path: "bin", component: () => import("./bin/BinPage.vue") },
];

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/start", component: () => import("./start/StartPage.vue"), meta: { bare: true } },
    { path: "/", redirect: "/home" },
    { path: "/home", component: () => import("./home/HomePage.vue") },
    { path: "/visits/:id?", component: () => import("./visits/VisitPage.vue"), props: true },
    { path: "/households/twins", component: () => import("./twins/TwinsPage.vue") },
    { path: "/households/:id?", component: () => import("./households/HouseholdPage.vue"), props: true },
    { path: "/applications/:id?", component: () => import("./applications/ApplicationPage.vue"), props: true },
    { path: "/projects/:id?", component: () => import("./projects/ProjectPage.vue"), props: true },
    { path: "/activities/:id?", component: () => import("./activities/ActivityPage.vue"), props: true },
    { path: "/issues/:id?", component: () => import("./issues/IssuePage.vue"), props: true },
    { path: "/import", component: () => import("./import/ImportPage.vue") },
    { path: "/report/:id?", component: () => import("./report/ReportPage.vue"), props: true },
    { path: "/report/:id/compare", component: () => import("./audit/ComparePage.vue"), props: true },
    { path: "/forms/:report", component: () => import("./forms/FormsPage.vue"), props: true },
    { path: "/settings", component: () => import("./settings/SettingsPage.vue"), children: settings },
    { path: "/:rest(.*)*", redirect: "/home" },
  ],
});

// Without an open ledger there is only the start page; a locked one keeps its address, to go on there.
router.beforeEach((to) => {
  if (session.ledger === null && session.locked === null && to.path !== "/start") return "/start";
  return true;
});
