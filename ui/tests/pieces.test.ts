// A piece of a paragraph by its characters: replaced in its runs, and found again among the nodes of its editor.
import { describe, expect, it } from "vitest";
import { rangesOf, withPiece } from "../src/audit/pieces";
import type { Run } from "../src/bindings/Run";
import { nodesOf } from "../src/report/runsDom";

const RUNS: Run[] = [
  { text: "走访农户" },
  { text: "58户", figure: "visits.households" },
  { text: "、337人次，慰问𠮷野等11户。" },
];

describe("withPiece", () => {
  it("puts a figure in place of a typed number", () => {
    const linked = withPiece(RUNS, 8, 13, { text: "337人次", figure: "visits.person_times" });
    expect(linked.map(({ text }) => text)).toEqual(["走访农户", "58户", "、", "337人次", "，慰问𠮷野等11户。"]);
    expect(linked[3]?.figure).toBe("visits.person_times");
  });

  it("counts characters, not code units", () => {
    const text = [...RUNS.map((run) => run.text).join("")];
    const at = text.join("").indexOf("11户");
    const from = [...text.join("").slice(0, at)].length;
    const linked = withPiece(RUNS, from, from + 3, { text: "11户", figure: "visits.condolence.households" });
    expect(linked[3]).toEqual({ text: "11户", figure: "visits.condolence.households" });
    expect(linked[2]?.text).toBe("、337人次，慰问𠮷野等");
  });

  it("makes plain text of what is left of a figure that is cut", () => {
    const cut = withPiece(RUNS, 5, 6, { text: "九" });
    expect(cut[0]).toEqual({ text: "走访农户5九户、337人次，慰问𠮷野等11户。" });
  });
});

describe("rangesOf", () => {
  it("finds the words again, chips and caret holders aside", () => {
    const root = document.createElement("div");
    root.append(...nodesOf(RUNS));
    const [number, figure] = rangesOf(root, [
      { from: 8, to: 13 },
      { from: 4, to: 7 },
    ]);
    expect(number?.toString()).toBe("337人次");
    expect(figure?.toString()).toBe("58户");
    expect(rangesOf(root, [{ from: 90, to: 95 }])).toEqual([]);
  });
});
