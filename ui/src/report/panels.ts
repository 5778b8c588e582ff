// What the side panel of the report shows, one thing on top of the other, and the way back.
import { computed, shallowRef } from "vue";
import type { RecordRef } from "../bindings/RecordRef";
import type { Fresh } from "./blocks";

export type Panel =
  | { type: "figure"; key: string }
  /** `resume`: with what was typed before and not saved. */
  | { type: "block"; key: string; resume?: boolean }
  | { type: "new"; fresh: Fresh; resume?: boolean }
  | { type: "left_out" }
  | { type: "record"; record: RecordRef }
  | { type: "figures" }
  | { type: "settings" }
  | { type: "audit" }
  | { type: "changes" };

export function nameOf(panel: Panel | undefined): string {
  if (panel?.type === "record") return panel.record.id;
  return panel?.type === "figure" || panel?.type === "block" ? panel.key : "";
}

export function usePanels() {
  const stack = shallowRef<Panel[]>([]);
  const top = computed(() => stack.value[stack.value.length - 1]);
  return {
    top,
    canGoBack: computed(() => stack.value.length > 1),
    /** Instead of everything that is open. */
    show: (panel: Panel) => (stack.value = [panel]),
    /** On top, with a way back. */
    push: (panel: Panel) => (stack.value = [...stack.value, panel]),
    back: () => (stack.value = stack.value.slice(0, -1)),
    close: () => (stack.value = []),
  };
}

export type Panels = ReturnType<typeof usePanels>;
