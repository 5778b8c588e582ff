// What quick entry hands to a form: once, with the sentence and the fields that it filled.
import { computed, createApp, defineComponent, h, nextTick, ref } from "vue";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setTransport } from "../src/ipc";
import { useQuick } from "../src/quick/quick";
import { router } from "../src/router";
import { createForm } from "../src/shared/form";
import { prefill, prefillTurn, takePrefill } from "../src/shared/prefill";

describe("prefill", () => {
  it("is handed out once, and counts for forms that are open already", () => {
    const before = prefillTurn("visit");
    prefill("visit", { content: "宣传防火" }, { line: "今天走访石老三，宣传防火", fields: ["content"] });
    expect(prefillTurn("visit")).toBe(before + 1);
    expect(takePrefill("activity")).toBeNull();
    expect(takePrefill("visit")?.origin?.line).toBe("今天走访石老三，宣传防火");
    expect(takePrefill("visit")).toBeNull();
  });
});

describe("marks", () => {
  it("a mark goes with the first change of its field", () => {
    const form = createForm(
      ref({ day: "2026-06-19", counters: [{ count: 1 }] }),
      computed(() => "2026-06-20"),
      computed(() => ({ kind: "activity" as const, id: null })),
    );
    form.mark(["day", "counters"]);
    expect([form.marked("day"), form.marked("counters"), form.marked("title")]).toEqual([true, true, false]);
    form.set("counters.0.count", 2);
    expect([form.marked("day"), form.marked("counters")]).toEqual([true, false]);
    form.mark([]);
    expect(form.marked("day")).toBe(false);
  });
});

describe("the line", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("is kept as a draft, and a choice is forgotten when another sentence is begun", async () => {
    const calls: [string, Record<string, unknown>][] = [];
    setTransport({
      call: (command, args) => {
        calls.push([command, args]);
        return Promise.resolve(null);
      },
    });
    let quick!: ReturnType<typeof useQuick>;
    const Host = defineComponent({
      setup() {
        quick = useQuick();
        return () => h("div");
      },
    });
    createApp(Host).use(router).mount(document.createElement("div"));
    quick.text.value = "走访韦建国，核对收入";
    quick.chooseKind("visit");
    quick.choosePerson(
      { from: 2, to: 5, text: "韦建国", why: "same_name", candidates: [], more: 0 },
      "01a2107f-45a9-76c8-aa80-ee2e63291183",
    );
    await nextTick();
    const asked = () => calls.filter(([command]) => command === "quick_read").at(-1)?.[1].asked;
    expect(asked()).toEqual({
      line: "走访韦建国，核对收入",
      kind: "visit",
      chosen: { 韦建国: "01a2107f-45a9-76c8-aa80-ee2e63291183" },
    });
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls.some(([command, args]) => command === "draft_put" && args.key === "quick:line")).toBe(true);
    quick.text.value = "今";
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked()).toEqual({ line: "今", kind: null, chosen: {} });
    quick.text.value = "";
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls.at(-1)?.[0]).toBe("draft_drop");
  });
});
