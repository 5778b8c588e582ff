// The text of a paragraph survives editing: runs to nodes and back, headings without numbers, figures of the day.
import { describe, expect, it } from "vitest";
import type { Run } from "../src/bindings/Run";
import { editableBlock, figuresOf, isSame, joined, plainText, refreshed, textOf } from "../src/report/runs";
import { chipBeside, insertRuns, nodesOf, runsOf } from "../src/report/runsDom";

const RUNS: Run[] = [
  { text: "走访" },
  { text: "120户", figure: "visits.households" },
  { text: "300户次", figure: "visits.household_times" },
  { text: "。" },
];

function field(runs: Run[]): HTMLElement {
  const root = document.createElement("div");
  root.append(...nodesOf(runs));
  document.body.append(root);
  return root;
}

describe("runs and nodes", () => {
  it.each([[RUNS], [RUNS.slice(1, 3)], [[{ text: "只有文字" }]], [[]]])("round trip %#", (runs) => {
    expect(runsOf(field(runs))).toEqual(runs);
  });

  it("reads figures from what they are, not from what the browser made of them", () => {
    const root = field(RUNS);
    const chip = root.querySelector<HTMLElement>(".figure-chip");
    if (chip) chip.innerHTML = "1<b>99</b>户";
    expect(runsOf(root)).toEqual(RUNS);
  });

  it("takes foreign elements and breaks as plain text", () => {
    const root = document.createElement("div");
    root.innerHTML = "甲<div><b>乙</b></div>\n丙&nbsp;丁";
    expect(runsOf(root)).toEqual([{ text: "甲乙丙 丁" }]);
  });

  it("finds the chip beside the caret, across the caret holders", () => {
    const root = field(RUNS);
    const [first, second] = [...root.querySelectorAll<HTMLElement>(".figure-chip")];
    const range = document.createRange();
    range.setStart(first?.nextSibling ?? root, 1);
    expect(chipBeside(root, range, -1)).toBe(first);
    expect(chipBeside(root, range, 1)).toBe(second);
    range.setStart(root.firstChild ?? root, 1);
    range.collapse(true);
    expect(chipBeside(root, range, -1)).toBeNull();
    expect(chipBeside(root, range, 1)).toBeNull();
  });

  it("puts a figure into the middle of a text", () => {
    const root = field([{ text: "前后" }]);
    const range = document.createRange();
    range.setStart(root.firstChild ?? root, 1);
    range.collapse(true);
    insertRuns(range, [{ text: "5个", figure: "issues.raised" }]);
    expect(runsOf(root)).toEqual([{ text: "前" }, { text: "5个", figure: "issues.raised" }, { text: "后" }]);
  });
});

describe("runs", () => {
  it("joins plain neighbours and keeps figures apart", () => {
    expect(joined([{ text: "甲" }, { text: "" }, { text: "乙" }, ...RUNS.slice(1, 3)])).toEqual([
      { text: "甲乙" },
      ...RUNS.slice(1, 3),
    ]);
    expect(isSame([{ text: "甲" }, { text: "乙" }], [{ text: "甲乙" }])).toBe(true);
    expect(textOf(RUNS)).toBe("走访120户300户次。");
  });

  it("lists each figure once", () => {
    expect(figuresOf(RUNS, RUNS).map(({ figure }) => figure)).toEqual(["visits.households", "visits.household_times"]);
  });

  it("shows figures of the day in a text that was kept", () => {
    expect(refreshed(RUNS, [{ text: "121户", figure: "visits.households" }]).map(({ text }) => text)).toEqual([
      "走访",
      "121户",
      "300户次",
      "。",
    ]);
  });

  it("makes one line of what was pasted", () => {
    expect(plainText("一是\r\n  修路\t二\u00a0三\u200b")).toBe("一是修路 二 三");
  });
});

describe("editable blocks", () => {
  const heading = (level: number, text: string) =>
    editableBlock({ type: "heading", key: "h", level, runs: [{ text }] });

  it.each([
    [1, "十二、", "推进强村富民"],
    [2, "（三）", "办好实事"],
    [3, "4.", "修通道路"],
    [4, "（5）", "村道硬化"],
  ])("level %i has its number apart", (level, number, text) => {
    expect(heading(level, number + text)).toEqual({ key: "h", level, number, runs: [{ text }] });
  });

  it("takes only the number of the heading's own level", () => {
    expect(heading(1, "一、（一）班子")?.runs).toEqual([{ text: "（一）班子" }]);
    expect(heading(2, "一、标题")).toEqual({ key: "h", level: 2, number: "", runs: [{ text: "一、标题" }] });
  });

  it("leaves out what has no free text", () => {
    expect(editableBlock({ type: "sign_off", key: "s", name: "工作队", date: "2026年6月20日" })).toBeNull();
  });
});
