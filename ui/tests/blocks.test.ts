// Blocks of the page: what can be done with them, which one lies at a height, and how the draft of a new one is named.
import { describe, expect, it } from "vitest";
import type { BlockHandle } from "../src/bindings/BlockHandle";
import type { Mark } from "../src/bindings/Mark";
import { entriesOf, freshKey, freshOf } from "../src/report/blocks";
import { blockAt } from "../src/report/marks";

const handle = (over: Partial<BlockHandle>): BlockHandle => ({
  block: "b",
  level: 0,
  number: "",
  own: false,
  up: true,
  down: true,
  section: 0,
  heading_level: 2,
  ...over,
});

describe("the menu of a block", () => {
  it("offers only what is possible", () => {
    const entries = entriesOf(handle({ up: false }), "paragraph");
    expect(entries.find(({ action }) => action === "up")?.enabled).toBe(false);
    expect(entries.filter(({ enabled }) => !enabled)).toHaveLength(1);
    const edit = (own: boolean, type: "table" | "photos") =>
      entriesOf(handle({ own }), type).some(({ action }) => action === "edit");
    expect([edit(false, "table"), edit(true, "table"), edit(true, "photos")]).toEqual([false, true, true]);
  });

  it("says that a heading takes its section along", () => {
    const labels = entriesOf(handle({ level: 1 }), "heading").map(({ label }) => label);
    expect(labels).toContain("report.block.upSection");
    expect(labels).toContain("report.block.leaveOutHeading");
  });
});

describe("the block at a height", () => {
  const mark = (value: string, y: number, height: number, type: "block" | "figure" = "block") =>
    ({ x: 0, y, width: 100, height, target: { type, value } }) as Mark;
  const marks = [mark("one", 10, 20), mark("two", 31, 40), mark("figure", 35, 10, "figure"), mark("sign_off", 90, 10)];
  const known = new Map([
    ["one", 1],
    ["two", 1],
  ]);
  const at = (y: number) => blockAt(marks, y, known)?.target.value ?? null;

  it("is found wherever the pointer is on its lines, and where two touch it is the nearer one", () => {
    expect([at(15), at(36), at(70)]).toEqual(["one", "two", "two"]);
    expect([at(30), at(31)]).toEqual(["one", "two"]);
  });

  it("is nothing between blocks and on those that cannot be arranged", () => {
    expect([at(5), at(80), at(95)]).toEqual([null, null, null]);
  });
});

describe("the draft of a new block", () => {
  it("is named by its place and found by its name", () => {
    for (const fresh of [
      { beside: "project.1>2", before: false, kind: "text", level: 0 } as const,
      { beside: "own.7", before: true, kind: "text", level: 3 } as const,
    ]) {
      expect(freshOf(freshKey(fresh))).toEqual(fresh);
    }
    expect(freshOf("visits.overview")).toBeNull();
  });
});
