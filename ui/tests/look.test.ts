// Light and dark: what is written can be read on what it stands on (WCAG 2.1 AA), and letters have an end on both sides.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resized } from "../src/look/look";

const css = readFileSync("src/styles/app.css", "utf8");

/** The colours that a rule sets. */
function colours(selector: string): Map<string, string> {
  const begin = css.indexOf(`${selector} {`);
  const block = css.slice(begin, css.indexOf("}", begin));
  return new Map(
    [...block.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", colour = ""]) => [name, colour]),
  );
}

const light = colours(".on-paper");
const dark = new Map([...light, ...colours("html.dark")]);

/** Relative luminance (WCAG 2.1). */
function luminance(colour: string): number {
  const part = (at: number) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const SURFACES = ["--zc-page", "--zc-surface", "--zc-sunken", "--el-fill-color-blank", "--el-bg-color-overlay"];
const WORDS = [
  "--el-text-color-primary",
  "--el-text-color-regular",
  "--el-text-color-secondary",
  "--el-color-primary",
  "--el-color-primary-dark-2",
  "--el-color-danger",
  "--el-color-danger-dark-2",
  "--el-color-warning",
];
const PAIRS: [string, string][] = [
  ...SURFACES.flatMap((surface) => WORDS.map((word): [string, string] => [word, surface])),
  ["--el-text-color-placeholder", "--el-fill-color-blank"],
  ["--el-disabled-text-color", "--el-disabled-bg-color"],
  ["--el-text-color-primary", "--zc-selected"],
  ["--el-color-primary-dark-2", "--el-color-primary-light-9"],
  ["--el-color-danger", "--el-color-danger-light-9"],
  ["--el-color-danger-dark-2", "--el-color-danger-light-9"],
  ["--el-color-warning", "--el-color-warning-light-9"],
  ["--el-color-info", "--el-color-info-light-9"],
  ["--el-text-color-regular", "--el-color-warning-light-9"],
  ["--el-text-color-primary", "--zc-found"],
  ["--zc-on-accent", "--el-color-primary"],
  ["--zc-on-accent", "--el-color-danger"],
  ["--zc-on-accent-quiet", "--el-color-primary"],
  ["--zc-on-nav", "--zc-nav"],
  ["--zc-on-nav-quiet", "--zc-nav"],
  ["--el-color-primary-dark-2", "--zc-nav-here"],
  ...["day", "person", "place", "category", "amount", "trouble"].map((sort): [string, string] => [
    `--zc-on-${sort}`,
    `--zc-${sort}`,
  ]),
];

describe("the window's colours", () => {
  it.each([
    ["light", light],
    ["dark", dark],
  ])("can be read in the %s window", (_, palette) => {
    const hard = PAIRS.map(([word, ground]) => {
      const [above, below] = [palette.get(word), palette.get(ground)];
      const told = above && below ? contrast(above, below) : 0;
      return `${word} on ${ground}: ${told.toFixed(2)}`;
    }).filter((line) => Number(line.split(": ")[1]) < 4.5);
    expect(hard).toEqual([]);
  });

  it("have a dark one for every light one but paper's", () => {
    const own = colours("html.dark");
    const missing = [...light.keys()].filter((name) => !own.has(name));
    expect(missing).toEqual(["--zc-paper", "--zc-paper-line", "--zc-marker"]);
  });

  it("stand in one place, but for what lies on paper and on photos", () => {
    const elsewhere = readdirSync("src", { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".vue") && /#[0-9a-f]{3,8}\b/i.test(styleOf(join("src", file))))
      .map((file) => file.split(/[\\/]/).at(-1));
    expect(elsewhere.sort()).toEqual(["PhotoSection.vue", "PhotoTile.vue", "PhotoViewer.vue"]);
  });
});

function styleOf(file: string): string {
  const text = readFileSync(file, "utf8");
  return text.slice(text.indexOf("<style"));
}

describe("the letters", () => {
  it("grow and shrink by a step and end on both sides", () => {
    expect(resized("standard", 1)).toBe("large");
    expect(resized("large", 1)).toBe("largest");
    expect(resized("largest", 1)).toBe("largest");
    expect(resized("standard", -1)).toBe("standard");
  });
});
