// What a hand-over's contents are called on screen.
import type { HandOverContents } from "../bindings/HandOverContents";
import { sizeOf } from "../backups/words";
import { t } from "../i18n";

/** Counts, period and what is unfinished, a line each. */
export function linesOf(contents: HandOverContents): string[] {
  const { counts, open, from, until, photo_bytes: bytes } = contents;
  const applications = open.applications.reduce(
    (sum, each) => sum + each.collecting + each.submitted + each.approved + each.returned,
    0,
  );
  const plans = open.plans.reduce((sum, { count }) => sum + count, 0);
  const unfinished = { issues: open.issues, applications, projects: open.projects.length, plans };
  return [
    counts.map(({ label, count }) => t("handover.count", { label, count })).join("、"),
    from && until ? t("handover.span", { from, until }) : "",
    bytes > 0 ? t("handover.photos", { size: sizeOf(bytes) }) : "",
    Object.values(unfinished).some((count) => count > 0) ? t("handover.unfinished", unfinished) : "",
  ].filter(Boolean);
}
