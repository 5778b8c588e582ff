// The reports of one half-year and kind: the finalised one, its revisions; and the seal of the one that is open.
import { computed, ref, watch, type Ref } from "vue";
import { t } from "../i18n";
import { recordLookup } from "../ipc";
import type { ReportView } from "../ipc-types";

export function useVersions(view: Readonly<Ref<ReportView | null>>) {
  const draft = computed(() => view.value?.report.draft ?? null);
  const seal = computed(() => {
    const report = draft.value;
    if (!report || report.finalised_on === null) return null;
    return { day: report.finalised_on, name: report.finalised_by, fingerprint: report.fingerprint };
  });
  const versions = ref<{ id: string; label: string }[]>([]);
  watch(view, async (now) => {
    const report = now?.report.draft;
    if (!report) return;
    const filters = { period: report.period, template: report.template };
    const found = await recordLookup("report", { text: "", filters, limit: 20 }).catch(() => []);
    if (view.value !== now) return;
    // Ids grow with time: the first report of the half-year stands first.
    const sorted = [...found].sort((a, b) => (a.id < b.id ? -1 : 1));
    versions.value = sorted.map(({ id, note }, at) => ({ id, label: t("audit.nth", { number: at + 1, state: note }) }));
  });
  return { seal, versions };
}
