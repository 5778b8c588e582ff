// Where the sheets lie on the desk: their sizes at a zoom, what is in sight, and a place that survives zooming and reloading.
import type { PreviewPage } from "../bindings/PreviewPage";

/** CSS pixels to a point at 100 %. */
const PX_PER_PT = 96 / 72;
/** Wider than this a fitted page is harder to read, not easier. */
const MOST_FITTED = 1.5;

export const MARGIN = 24;
export const GAP = 20;

/** `fit`: as wide as the desk; otherwise a factor. */
export type Zoom = "fit" | number;
export const ZOOMS: readonly Zoom[] = ["fit", 0.75, 1, 1.25, 1.5, 2];

export interface Sheet {
  top: number;
  width: number;
  height: number;
  /** Pixels a point. */
  scale: number;
}

export interface Place {
  page: number;
  /** Of the page's height; may lie in the gap below it. */
  fraction: number;
}

type Paper = Pick<PreviewPage, "width_pt" | "height_pt">;

function scaleOf(page: Paper, zoom: Zoom, room: number): number {
  if (zoom !== "fit") return zoom * PX_PER_PT;
  return Math.min(Math.max(room - 2 * MARGIN, 200) / page.width_pt, MOST_FITTED * PX_PER_PT);
}

export function layOut(pages: readonly Paper[], zoom: Zoom, room: number): Sheet[] {
  let top = MARGIN;
  return pages.map((page) => {
    const scale = scaleOf(page, zoom, room);
    const sheet = { top, scale, width: Math.round(page.width_pt * scale), height: Math.round(page.height_pt * scale) };
    top += sheet.height + GAP;
    return sheet;
  });
}

export function deskHeight(sheets: readonly Sheet[]): number {
  const last = sheets[sheets.length - 1];
  return last ? last.top + last.height + MARGIN : 0;
}

export function placeAt(sheets: readonly Sheet[], scrollTop: number): Place {
  const after = sheets.findIndex((sheet) => sheet.top > scrollTop);
  const page = Math.max(0, (after < 0 ? sheets.length : after) - 1);
  const sheet = sheets[page];
  return { page, fraction: sheet ? (scrollTop - sheet.top) / sheet.height : 0 };
}

export function scrollTopOf(sheets: readonly Sheet[], place: Place): number {
  const sheet = sheets[Math.min(place.page, sheets.length - 1)];
  return sheet ? Math.max(0, sheet.top + place.fraction * sheet.height) : 0;
}

/** First and last sheet that is in sight or within a screen of it; `after` lies behind the last one. */
export function nearSheets(sheets: readonly Sheet[], scrollTop: number, height: number): [number, number] {
  const from = scrollTop - height;
  const until = scrollTop + 2 * height;
  const first = sheets.findIndex((sheet) => sheet.top + sheet.height >= from);
  const after = sheets.findIndex((sheet) => sheet.top > until);
  return [Math.max(0, first), (after < 0 ? sheets.length : after) - 1];
}

/** The page that lies across the middle of the screen. */
export function pageInSight(sheets: readonly Sheet[], scrollTop: number, height: number): number {
  return placeAt(sheets, scrollTop + height / 2).page;
}

/** Reports are left and come back to: where each was last read. */
export const placeMemory = new Map<string, Place>();
