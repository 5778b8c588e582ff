// Duplicates: reasons and values in words, and what a comparison asks the core to merge.
import { afterEach, expect, test } from "vitest";
import type { TwinComparison } from "../src/bindings/TwinComparison";
import type { TwinRow } from "../src/bindings/TwinRow";
import { setTransport } from "../src/ipc";
import { isLikely, reasonText } from "../src/twins/reasons";
import { useMerge } from "../src/twins/useMerge";
import { rowLabel, rowText } from "../src/twins/values";

afterEach(() => setTransport({ call: () => Promise.reject(new Error("no transport")) }));

const person = { at: 0, name: "石老三", is_likely: true };

test("reasons name their people, and a namesake is none", () => {
  expect(reasonText({ kind: "same_id_number", persons: [person] })).toBe("石老三 身份证号相同");
  expect(reasonText({ kind: "same_id_number", persons: [] })).toBe("身份证号相同");
  expect(isLikely([{ kind: "namesake", persons: [person] }])).toBe(false);
  expect(isLikely([{ kind: "namesake", persons: [person] }, { kind: "same_number" }])).toBe(true);
});

test("values read as in the household's form", () => {
  expect(rowLabel("address")).toBe("住址");
  expect(rowLabel("incomes.2025")).toBe("2025年收入");
  expect(rowLabel("people.2.id_number")).toBe("证件号码");
  expect(rowText("address", "", new Map())).toBe("");
  expect(rowText("water_safe", true, new Map())).toBe("是");
  expect(rowText("hamlet", "下屯", new Map())).toBe("下屯");
  expect(rowText("village_id", "v", new Map([["v", "石门村"]]))).toBe("石门村");
  const types = [{ code: "dibao", from_day: "2024-01-01", to_day: null }];
  expect(rowText("types", types, new Map())).toBe("dibao（2024-01-01 起）");
  const income = { year: 2025, wage: 123_400, business: 0, property: 0, dibao: 0, tekun: 0, pension: 0, ecology: 0 };
  const rest = { family_planning: 0, other_transfer: 0, expense: 0 };
  expect(rowText("incomes.2025", { ...income, ...rest }, new Map())).toBe("工资性收入1,234.00元");
});

const row = (key: string, left: unknown, right: unknown): TwinRow => ({
  key,
  left,
  right,
  differs: left !== right,
  choice: "left",
  can_both: false,
});
const head = (id: string, count: number) => ({
  id,
  version: 2,
  title: "石老三",
  note: "石门村",
  updated_at: null,
  referring: [{ kind: "visit" as const, count }],
});
const title = (id: string) => ({ kind: "application" as const, id, title: "危房改造", note: "", day: null });
const comparison: TwinComparison = {
  left: head("a", 3),
  right: head("b", 1),
  keep: "left",
  rows: [row("address", "1号", "2号"), row("phone", "1", "1")],
  people: [{ key: "people.0", left: 0, right: 0, paired_by: "name", rows: [row("people.0.phone", "", "139")] }],
  clashes: [{ left: title("x"), right: title("y"), discard: "y", member: "m", person: "people.0" }],
  both_visited: 0,
};

test("a whole side is taken where the two differ, and nowhere else", async () => {
  const asked: unknown[] = [];
  setTransport({
    call: (command, args) => {
      if (command === "twins_preview") asked.push(args.request);
      return Promise.resolve(command === "twins_compare" ? comparison : []);
    },
  });
  const side = (id: string) => ({ id, version: null, draft: null });
  const merge = useMerge(side("a"), side("b"));
  await merge.read();
  merge.takeAll("right");
  await merge.look();
  expect(asked[0]).toMatchObject({
    keep: "left",
    left: { id: "a", version: 2 },
    choices: { address: "right", "people.0.phone": "right" },
    discard: ["y"],
  });
  expect(Object.keys(merge.choices)).not.toContain("phone");
  merge.choices["people.0"] = "both";
  await merge.look();
  expect(asked[1]).toMatchObject({ discard: [] });
});
