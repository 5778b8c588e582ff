// Values between what is kept, typed and read: numbers, half-years, days, filters, and the findings of a form.
import { computed, ref } from "vue";
import { describe, expect, it } from "vitest";
import { cellText, isRemembered, keysOf, type Filter } from "../src/shared/columns";
import { longDay, weekdayOf } from "../src/shared/days";
import { createForm } from "../src/shared/form";
import { formatForEditing, formatForReading, parseNumber } from "../src/shared/numbers";
import { firstDays, halfYears, periodLabel, periodSpan } from "../src/shared/periods";
import { rebased } from "../src/shared/rebase";
import { recallChoice } from "../src/report/exporting";

describe("numbers", () => {
  it.each([
    ["1,234.5", "yuan", 123450],
    ["１２．３４元", "yuan", 1234],
    ["0.29", "yuan", 29],
    ["130万元", "wan", 130000000],
    ["", "int", null],
    ["-0", "int", 0],
    ["12 户", "int", 12],
  ] as const)("reads %s as %s", (text, format, value) => {
    expect(parseNumber(text, format)).toEqual({ ok: true, value });
  });

  it.each([
    ["1.234", "yuan", "shape"],
    ["十二", "int", "shape"],
    ["1.0", "int", "shape"],
    ["99999999999999999999", "yuan", "size"],
  ] as const)("refuses %s", (text, format, fault) => {
    expect(parseNumber(text, format)).toEqual({ ok: false, fault });
  });

  it.each(["yuan", "wan", "percent", "int", "hundredths"] as const)(
    "what is shown for editing reads back: %s",
    (format) => {
      for (const value of [0, 5, 10, 99, 100, 123456, 100000001]) {
        expect(parseNumber(formatForEditing(value, format), format)).toEqual({ ok: true, value });
      }
    },
  );

  it("reads well", () => {
    expect(formatForReading(123456789, "yuan")).toBe("1,234,567.89");
    expect(formatForReading(-5, "yuan")).toBe("-0.05");
    expect(formatForReading(130000000, "wan")).toBe("130.00");
    expect(formatForReading(null, "int")).toBe("");
  });
});

describe("half-years and days", () => {
  it("have names and spans", () => {
    expect(periodLabel("2026H1")).toBe("2026年上半年");
    expect(periodSpan("2026H2")).toEqual(["2026-07-01", "2026-12-31"]);
    expect(periodSpan("2026")).toBeNull();
  });

  it("offer the years around, and what was chosen long ago", () => {
    expect(halfYears("2026-06-18")).toHaveLength(8);
    expect(halfYears("2026-06-18", "2019H2")[0]).toBe("2019H2");
  });

  it("know first days across the year's end", () => {
    expect(firstDays("2026-01-15")).toEqual({
      month: "2026-01-01",
      quarter: "2025-11-01",
      half: "2026-01-01",
      year: "2026-01-01",
    });
    expect(firstDays("2026-08-31").half).toBe("2026-07-01");
  });

  it("know weekdays without a clock", () => {
    for (let back = 0; back < 1500; back++) {
      const day = new Date(Date.UTC(2028, 2, 5 - back));
      expect(weekdayOf(day.toISOString().slice(0, 10))).toBe(day.getUTCDay());
    }
    expect(longDay("2026-06-18")).toBe("2026年6月18日 星期四");
  });
});

describe("lists", () => {
  const choice: Filter = { kind: "choice", key: "stage", label: "filters.stage", choices: () => [] };

  it("know the keys of a filter and what may be remembered", () => {
    expect(keysOf({ kind: "days", key: "days", label: "filters.days" })).toEqual(["from", "to"]);
    expect(isRemembered(choice)).toBe(true);
    expect(isRemembered({ ...choice, forget: true })).toBe(false);
    expect(isRemembered({ kind: "record", key: "household", label: "filters.household", of: "household" })).toBe(false);
  });

  it("write cells", () => {
    const column = { key: "budget", label: "columns.budget", width: 1, format: "wan" } as const;
    expect(cellText(column, { budget: 5000000 })).toBe("5.00");
    expect(cellText(column, { budget: null })).toBe("");
  });
});

describe("forms", () => {
  const form = () =>
    createForm(
      ref({ name: "", members: [{ phone: "1" }] }),
      computed(() => "2026-06-18"),
      computed(() => ({ kind: "household" as const, id: null })),
    );
  const finding = (field: string) => ({ severity: "hard" as const, code: "x", field, message: `${field}!` });

  it("forget what was wrong with a value once it is another", () => {
    const state = form();
    state.findings.value = [finding("name"), finding("members.0.phone")];
    expect(state.troubled("members")).toBe(true);
    state.set("members.0.phone", "2");
    expect(state.get("members.0.phone")).toBe("2");
    expect(state.messages("members.0.phone")).toEqual([]);
    expect(state.messages("name")).toEqual(["name!"]);
  });

  it("say first what cannot be read", () => {
    const state = form();
    state.findings.value = [finding("name")];
    state.setUnreadable("name", "请填整数");
    expect(state.messages("name")).toEqual(["请填整数"]);
    state.setUnreadable("name", null);
    expect(state.messages("name")).toEqual(["name!"]);
  });
});

describe("the export of last time", () => {
  it.each([
    ['{"folder":"D:\\\\报告","formats":["xlsx","docx","exe"]}', { folder: "D:\\报告", formats: ["docx", "xlsx"] }],
    ["nonsense", { folder: "", formats: ["docx", "pdf"] }],
    ["null", { folder: "", formats: ["docx", "pdf"] }],
  ])("is read from %s", (text, choice) => {
    localStorage.setItem("zhucunji.export", text);
    expect(recallChoice()).toEqual(choice);
  });
});

describe("what was typed while a record was being stored", () => {
  const row = (name: string, id: number | null = null) => ({ id, name });
  const sent = { title: "走访", members: [row("石老三"), row("潘七")], note: "" };
  const stored = { title: "走访", members: [row("石老三", 1), row("潘七", 2)], note: "" };
  const lay = (typed: unknown) => rebased(sent, typed, stored);

  it("is nothing: the stored record stands", () => {
    expect(lay({ ...sent })).toEqual(stored);
  });
  it("stays, beside what the core has made of the rest", () => {
    expect(lay({ ...sent, note: "又说" })).toEqual({ ...stored, note: "又说" });
  });
  it.each([
    ["changed", [row("石老三"), row("潘小七")], [row("石老三", 1), row("潘小七", 2)]],
    ["added", [...sent.members, row("韦小妹")], [...stored.members, row("韦小妹")]],
    ["removed", [row("潘七")], [row("潘七", 2)]],
    ["moved", [row("潘七"), row("石老三")], [row("潘七", 2), row("石老三", 1)]],
  ])("a row %s keeps the ids of the stored ones", (_, members, kept) => {
    expect(lay({ ...sent, members })).toEqual({ ...stored, members: kept });
  });
});
