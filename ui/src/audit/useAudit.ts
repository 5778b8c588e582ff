// 数字核对 of the open report: run again after each composition, answered, mended.
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from "vue";
import type { AuditFinding } from "../bindings/AuditFinding";
import type { AuditFix } from "../bindings/AuditFix";
import { reportAcknowledge, reportAudit, reportFix } from "../ipc";
import type { ReportView } from "../ipc-types";
import { orShow } from "../shared/messages";

/** The pages are drawn first; the audit may come a moment later. */
const SETTLE_MS = 300;

export function useAudit(view: Readonly<Ref<ReportView | null>>) {
  const findings = shallowRef<AuditFinding[]>([]);
  /** Whether the findings are those of the pages on screen. */
  const current = ref(false);
  const id = computed(() => view.value?.report.id ?? null);
  const open = computed(() => findings.value.filter(({ acknowledged }) => acknowledged === null));
  const count = (severity: AuditFinding["severity"]) => open.value.filter((each) => each.severity === severity).length;
  const errors = computed(() => count("error"));
  const warnings = computed(() => count("warning"));

  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;

  async function run(): Promise<void> {
    clearTimeout(timer);
    const report = id.value;
    if (report === null) return;
    const mine = ++turn;
    const found = await reportAudit(report).catch(() => null);
    if (mine !== turn || found === null) return;
    findings.value = found;
    current.value = true;
  }

  watch(view, () => {
    current.value = false;
    clearTimeout(timer);
    timer = setTimeout(() => void run(), SETTLE_MS);
  });
  onScopeDispose(() => clearTimeout(timer));

  async function acknowledge(finding: AuditFinding, reason: string): Promise<boolean> {
    return id.value !== null && (await orShow(reportAcknowledge(id.value, finding.id, reason))) !== null;
  }

  async function mend(fix: AuditFix): Promise<boolean> {
    return id.value !== null && (await orShow(reportFix(id.value, fix))) !== null;
  }

  return { findings, current, errors, warnings, run, acknowledge, mend };
}

export type Audit = ReturnType<typeof useAudit>;
