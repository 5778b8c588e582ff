// Photos: which day they speak for, what a paste brings, and one after the other whatever fails.
import { beforeEach, describe, expect, it } from "vitest";
import { proposedDay } from "../src/attachments/day";
import { freshBatch, named, pastedFiles, pickOfPath } from "../src/attachments/picks";
import { addPhotos, dismiss, photoBatches, stop } from "../src/attachments/queue";
import { onChanged } from "../src/changes";
import { setTransport } from "../src/ipc";

const TODAY = "2026-06-20";
const owner = { kind: "visit" as const, id: "visit" };

describe("the day of the photos", () => {
  it("is proposed where none was taken on the record's own", () => {
    expect(proposedDay(["2026-03-05", "2026-03-05", "2026-03-04", null], TODAY, null, TODAY)).toBe("2026-03-05");
    expect(proposedDay(["2026-03-05", TODAY], TODAY, null, TODAY)).toBeNull();
    expect(proposedDay([null, ""], TODAY, null, TODAY)).toBeNull();
  });

  it("lies within an activity of several days, and never in the future", () => {
    expect(proposedDay(["2026-03-06"], "2026-03-05", "2026-03-07", TODAY)).toBeNull();
    expect(proposedDay(["2027-01-01"], "2026-03-05", null, TODAY)).toBeNull();
  });
});

describe("a paste", () => {
  const clipboard = (text: string, files: File[]) => ({ getData: () => text, files }) as unknown as DataTransfer;
  const picture = new File(["x"], "image.png", { type: "image/png" });

  it("brings pictures, but not those that come beside text or cells", () => {
    expect(pastedFiles(clipboard("", [picture]))).toHaveLength(1);
    expect(pastedFiles(clipboard("一\t二", [picture]))).toHaveLength(0);
    expect(pastedFiles(null)).toHaveLength(0);
  });

  it("names what the browser has no name for", () => {
    expect(named(picture, "粘贴的图片.png").name).toBe("粘贴的图片.png");
    expect(named(new File(["x"], "IMG_1.png"), "粘贴的图片.png").name).toBe("IMG_1.png");
  });
});

describe("the queue", () => {
  beforeEach(() => {
    for (const { id } of [...photoBatches]) dismiss(id);
  });

  const answers = (call: (name: string) => unknown) =>
    setTransport({
      call: (_, args) => {
        const { source } = args as { source: { path: string } };
        return Promise.resolve().then(() => call(source.path));
      },
    });
  const added = { id: "x", known: false, taken_on: null, notes: [], changed: ["attachment"] };
  const settled = async () => {
    while (photoBatches.some(({ state }) => state === "waiting" || state === "running")) {
      await new Promise((next) => setTimeout(next));
    }
  };

  it("keeps the good ones, and says what failed by name", async () => {
    answers((name) => {
      if (name === "坏.jpg") throw { code: "photo_damaged", message: "照片已损坏", findings: [] };
      return { ...added, known: name === "旧.jpg" };
    });
    let told = 0;
    const end = onChanged(() => (told += 1));
    addPhotos(owner, ["甲.jpg", "坏.jpg", "旧.jpg", "乙.jpg"].map(pickOfPath));
    await settled();
    end();
    expect(photoBatches[0]).toMatchObject({ total: 4, done: 4, added: 2, known: 1, state: "finished" });
    expect(photoBatches[0]?.failures).toEqual([{ name: "坏.jpg", message: "照片已损坏" }]);
    expect(told).toBeGreaterThan(0);
  });

  it("stops where it is told to, and what is added stays", async () => {
    let calls = 0;
    answers(() => {
      calls += 1;
      if (calls === 3) stop(photoBatches[0]?.id ?? "");
      return added;
    });
    addPhotos(
      owner,
      Array.from({ length: 200 }, (_, at) => pickOfPath(`${at}.jpg`)),
    );
    await settled();
    await new Promise((next) => setTimeout(next));
    expect(calls).toBe(3);
    expect(photoBatches[0]).toMatchObject({ total: 200, added: 3, state: "stopped" });
  });

  it("names a batch as the core names ids", () => {
    expect(freshBatch()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });
});
