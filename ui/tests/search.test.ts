// The search: it waits for a pause, throws stale answers away, and walks through what was found.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Found } from "../src/bindings/Found";
import type { FoundGroup } from "../src/bindings/FoundGroup";
import type { Kind } from "../src/bindings/Kind";
import { createSearch, type Ask } from "../src/search/search";

function group(kind: Kind, count: number, total = count, more = false): FoundGroup {
  const hits = Array.from({ length: count }, (_, at) => ({
    kind,
    id: `${kind} ${at}`,
    title: "石老三",
    note: "",
    day: null,
    field: "name",
    label: "姓名",
    snippet: [],
  }));
  return { kind, hits, total, more };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("search", () => {
  it("asks once after a pause, and at once for nothing", async () => {
    const ask = vi.fn<Ask>().mockResolvedValue({ groups: [group("household", 2)] });
    const search = createSearch(ask, () => undefined);
    for (const text of ["s", "sl", "sls "]) search.type(text);
    await vi.advanceTimersByTimeAsync(100);
    expect(ask.mock.calls).toEqual([["sls", null, 0]]);
    expect(search.entries.value).toHaveLength(2);
    search.type("");
    await vi.advanceTimersByTimeAsync(0);
    expect(search.entries.value).toHaveLength(0);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("throws away the answer to an older question", async () => {
    const answers: ((found: Found) => void)[] = [];
    const search = createSearch(
      () => new Promise((done) => answers.push(done)),
      () => undefined,
    );
    search.type("石");
    await vi.advanceTimersByTimeAsync(100);
    search.type("石老");
    await vi.advanceTimersByTimeAsync(100);
    answers[1]?.({ groups: [group("visit", 1)] });
    answers[0]?.({ groups: [group("household", 9)] });
    await vi.advanceTimersByTimeAsync(0);
    expect([search.answered.value, search.entries.value.length]).toEqual(["石老", 1]);
  });

  it("walks around the entries, and unfolds a kind in place", async () => {
    const ask = vi.fn<Ask>().mockResolvedValue({ groups: [group("household", 5, 70, true), group("visit", 1)] });
    const search = createSearch(ask, () => undefined);
    search.type("石");
    await vi.advanceTimersByTimeAsync(100);
    expect(search.entries.value).toHaveLength(7);
    expect(search.entries.value[5]).toMatchObject({ type: "more", left: 65, atLeast: true });
    search.step(-1);
    expect(search.active.value).toBe(6);
    search.step(1);
    search.move(5);
    expect(search.chosen.value?.type).toBe("more");
    ask.mockResolvedValue({ groups: [group("household", 50, 70)] });
    await search.more("household");
    expect(search.active.value).toBe(5);
    expect(search.entries.value).toHaveLength(52);
    ask.mockResolvedValue({ groups: [group("household", 20, 70)] });
    await search.more("household");
    expect(ask.mock.calls.slice(1)).toEqual([
      ["石", "household", 0],
      ["石", "household", 50],
    ]);
    expect(search.entries.value.filter(({ type }) => type === "more")).toHaveLength(0);
  });

  it("tells of a failure and keeps what was found", async () => {
    const failed = vi.fn();
    const ask = vi.fn<Ask>().mockResolvedValueOnce({ groups: [group("visit", 1)] });
    const search = createSearch(ask, failed);
    search.type("石");
    await vi.advanceTimersByTimeAsync(100);
    ask.mockRejectedValueOnce(new Error("读不出来"));
    search.type("石老");
    await vi.advanceTimersByTimeAsync(100);
    expect(failed).toHaveBeenCalledOnce();
    expect(search.entries.value).toHaveLength(1);
  });
});
