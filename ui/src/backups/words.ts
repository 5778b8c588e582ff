// What the pages of copies say: moments, sizes, what a copy holds, and how it differs from now.
import dayjs from "dayjs";
import { ElMessage } from "element-plus";
import type { BackupCounts } from "../bindings/BackupCounts";
import { t } from "../i18n";
import type { BackupLook } from "../ipc-types";

export const COUNTED = ["households", "people", "visits", "applications", "projects"] as const;

export const momentOf = (at: string) => dayjs(at).format("YYYY-MM-DD HH:mm");

export function sizeOf(bytes: number): string {
  const mega = bytes / 1024 / 1024;
  return mega >= 1 ? `${mega.toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

export function contentOf(counts: BackupCounts): string {
  return t("backups.counts", { ...counts });
}

/** What the ledger has more or less than the copy. */
export function differenceOf({ counts, now }: BackupLook): string {
  const by = COUNTED.map((key) => ({ key, gap: now[key] - counts[key] }));
  const words = (gaps: typeof by) =>
    gaps.map(({ key, gap }) => t(`backups.units.${key}`, { count: Math.abs(gap) })).join("、");
  const more = by.filter(({ gap }) => gap > 0);
  const less = by.filter(({ gap }) => gap < 0);
  const said = [
    more.length > 0 ? t("backups.more", { what: words(more) }) : "",
    less.length > 0 ? t("backups.less", { what: words(less) }) : "",
  ].filter(Boolean);
  if (said.length > 0) return said.join("，");
  // After a restore other operations bear the same numbers: fewer now says nothing of how many came since.
  const since = now.last_operation - counts.last_operation;
  return since > 0 ? t("backups.sameSince", { count: since }) : t("backups.same");
}

/** The work is done, but there is no copy from before it. */
export function tellBackupFailed(why: string | null): void {
  if (why === null) return;
  ElMessage({ message: t("backups.failedBefore", { why }), type: "warning", duration: 8000, showClose: true });
}
