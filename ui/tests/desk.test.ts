// Sheets on the desk: sizes, what is near, places that survive a change of zoom; marks in reading order.
import { describe, expect, it } from "vitest";
import { deskHeight, GAP, layOut, MARGIN, nearSheets, pageInSight, placeAt, scrollTopOf } from "../src/report/desk";
import { findBlock, orderedMarks } from "../src/report/marks";
import type { Mark } from "../src/bindings/Mark";
import type { PreviewPage } from "../src/bindings/PreviewPage";

const PORTRAIT = { width_pt: 600, height_pt: 900 };
const LANDSCAPE = { width_pt: 900, height_pt: 600 };

describe("desk", () => {
  it("fits each page to the width, whichever way it lies", () => {
    const sheets = layOut([PORTRAIT, LANDSCAPE], "fit", 648);
    expect(sheets.map(({ width, height }) => [width, height])).toEqual([
      [600, 900],
      [600, 400],
    ]);
    expect(sheets[1]?.top).toBe(MARGIN + 900 + GAP);
    expect(deskHeight(sheets)).toBe(MARGIN + 900 + GAP + 400 + MARGIN);
  });

  it("does not blow a page up on a wide screen, and is as large as paper at 100 %", () => {
    expect(layOut([PORTRAIT], "fit", 4000)[0]?.width).toBe(1200);
    expect(layOut([PORTRAIT], 1, 4000)[0]?.width).toBe(800);
  });

  it("keeps the place through zooming", () => {
    const before = layOut(Array(20).fill(PORTRAIT), "fit", 648);
    const after = layOut(Array(20).fill(PORTRAIT), 2, 648);
    const place = placeAt(before, 5000);
    expect(placeAt(after, scrollTopOf(after, place)).page).toBe(place.page);
    expect(scrollTopOf(before, place)).toBeCloseTo(5000);
  });

  it("keeps to the last page when there are fewer", () => {
    const sheets = layOut([PORTRAIT], "fit", 648);
    expect(scrollTopOf(sheets, { page: 7, fraction: 0 })).toBe(MARGIN);
    expect(scrollTopOf([], { page: 0, fraction: 0 })).toBe(0);
  });

  it("draws a few of 300 pages", () => {
    const sheets = layOut(Array(300).fill(PORTRAIT), "fit", 648);
    const [first, last] = nearSheets(sheets, 90000, 600);
    expect(last - first).toBeLessThan(4);
    expect(pageInSight(sheets, 90000, 600)).toBeGreaterThanOrEqual(first);
    expect(nearSheets(sheets, 0, 600)[0]).toBe(0);
  });
});

describe("marks", () => {
  const mark = (x: number, y: number, target: Mark["target"]): Mark => ({ x, y, width: 10, height: 10, target });
  const block = mark(10, 100, { type: "block", value: "p1" });
  const figure = mark(80, 101, { type: "figure", value: "a" });
  const next = mark(10, 130, { type: "block", value: "p2" });
  const table = mark(0, 0, { type: "block", value: "annex.1" });

  it("come in reading order, without blocks that lead nowhere", () => {
    const uses = new Map([
      ["p1", "text"],
      ["p2", "text"],
    ] as const);
    expect(orderedMarks([table, next, block, figure], uses)).toEqual([block, figure, next]);
  });

  it("tell where a block stands", () => {
    const pages: PreviewPage[] = [
      { ...PORTRAIT, svg: "", marks: [] },
      { ...PORTRAIT, svg: "", marks: [figure, next] },
    ];
    expect(findBlock(pages, "p2")).toEqual({ page: 1, fraction: 130 / 900 });
    expect(findBlock(pages, "p3")).toBeNull();
  });
});
