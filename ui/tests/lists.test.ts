// Lists: rows fetched around the screen, filters in words, saved looks, chosen rows, and rows copied as a table.
import { describe, expect, it } from "vitest";
import type { ListPage } from "../src/bindings/ListPage";
import type { ListView } from "../src/bindings/ListView";
import type { Column, Filter } from "../src/shared/columns";
import { beginning, modesOf, testOf, type Asked } from "../src/shared/list/asked";
import { copiedTable } from "../src/shared/list/copy";
import { sheetOf } from "../src/shared/list/sheet";
import { choicesAmong } from "../src/shared/list/useBatch";
import { useSelection } from "../src/shared/list/useSelection";
import { looksLike, PLAIN, withCondition } from "../src/shared/list/view";
import { conditionWords, ruleKeys, viewWords } from "../src/shared/list/words";
import { parseNumber } from "../src/shared/numbers";
import { MOST_PAGES, PAGE_SIZE, usePagedRows } from "../src/shared/pagedRows";

const address: Column = { key: "address", label: "columns.address", width: 100 };
const phone: Column = { key: "phone", label: "columns.phone", width: 100 };
const paid: Column = { key: "amount_paid", label: "columns.amount_paid", width: 100, format: "yuan" };
const day: Column = { key: "day", label: "columns.day", width: 100, format: "day" };
const mode: Column = { key: "mode", label: "columns.mode", width: 100, format: { names: "visit.mode" } };
const columns = [address, phone, paid, day, mode];

describe("rows around the screen", () => {
  const TOTAL = 50_000;

  /** Answers when it is told to, and remembers what it was asked. */
  function slowCore() {
    const asked: { page: number; answer: () => Promise<void> }[] = [];
    const fetchPage = (offset: number, limit: number) =>
      new Promise<ListPage>((resolve) => {
        const rows = Array.from({ length: limit }, (_, at) => ({ id: String(offset + at), cells: {} }));
        const answer = async () => {
          resolve({ total: TOTAL, rows, numbers: "none" });
          await new Promise((next) => setTimeout(next));
        };
        asked.push({ page: offset / PAGE_SIZE, answer });
      });
    return { asked, fetchPage, pages: () => asked.map(({ page }) => page) };
  }

  it("what a fast scroll has passed is never asked for", async () => {
    const core = slowCore();
    const rows = usePagedRows(core.fetchPage);
    rows.ensure(0, 40);
    await core.asked[0]?.answer();
    for (let first = 200; first <= 40_000; first += 200) rows.ensure(first, first + 40);
    const passed = core.asked.length;
    expect(passed).toBeLessThanOrEqual(3);
    for (let at = 1; at < core.asked.length; at++) await core.asked[at]?.answer();
    expect(rows.rowAt(40_010)?.id).toBe("40010");
    expect(core.pages()).toContain(201);
    expect(core.pages().length).toBeLessThan(8);
  });

  it("the page ahead is there before it is scrolled to", async () => {
    const core = slowCore();
    const rows = usePagedRows(core.fetchPage);
    rows.ensure(0, 40);
    await core.asked[0]?.answer();
    expect(core.pages()).toEqual([0, 1]);
  });

  it("an answer to an earlier question is dropped, and old rows stay until new ones are here", async () => {
    const core = slowCore();
    const rows = usePagedRows(core.fetchPage);
    rows.ensure(0, 40);
    await core.asked[0]?.answer();
    rows.reload([0, 40]);
    await core.asked[1]?.answer();
    expect(rows.rowAt(200)).toBeUndefined();
    expect(rows.rowAt(0)?.id).toBe("0");
    expect(core.pages().slice(2)).toEqual([0]);
    await core.asked[2]?.answer();
    expect(rows.rowAt(0)?.id).toBe("0");
  });

  it("rows far from the screen are forgotten, those near it are not", async () => {
    const core = slowCore();
    const rows = usePagedRows(core.fetchPage);
    rows.ensure(0, 40);
    await core.asked[0]?.answer();
    let answered = 1;
    for (let page = 1; page <= MOST_PAGES + 10; page++) {
      rows.ensure(page * PAGE_SIZE, page * PAGE_SIZE + 40);
      while (answered < core.asked.length) await core.asked[answered++]?.answer();
    }
    expect(rows.rowAt(0)).toBeUndefined();
    expect(rows.rowAt((MOST_PAGES + 10) * PAGE_SIZE)).toBeDefined();
  });
});

describe("filters of a column", () => {
  const asked = (changes: Partial<Asked>): Asked => ({
    mode: "contains",
    text: "",
    values: [],
    from: "",
    to: "",
    ...changes,
  });
  const yuan = (text: string) => {
    const parsed = parseNumber(text, "yuan");
    return parsed.ok ? parsed.value : null;
  };

  it("ask nothing until something is said", () => {
    expect(testOf(asked({ text: "  " }), false, yuan)).toBeNull();
    expect(testOf(asked({ mode: "values" }), false, yuan)).toBeNull();
    expect(testOf(asked({ mode: "span" }), true, yuan)).toBeNull();
  });

  it("take amounts as they are typed, and a span either way round", () => {
    expect(testOf(asked({ mode: "span", from: "1,000元", to: "" }), false, yuan)).toEqual({
      op: "numbers",
      from: 100000,
      to: null,
    });
    expect(testOf(asked({ mode: "span", from: "9", to: "2" }), false, yuan)).toEqual({
      op: "numbers",
      from: 200,
      to: 900,
    });
    const days = asked({ mode: "span", from: "2026-05-01", to: "2026-03-01" });
    expect(testOf(days, true, yuan)).toEqual({ op: "days", from: "2026-03-01", to: "2026-05-01" });
  });

  it("open as they were left, or as the column is usually asked", () => {
    const values = ["上屯", "中屯", "下屯", ""].map((value) => ({ value, count: 1 }));
    const few = { column_type: "text" as const, distinct: 4, values, least: null, most: null };
    expect(beginning(null, few).mode).toBe("values");
    expect(beginning(null, { ...few, distinct: 4000 }).mode).toBe("contains");
    expect(beginning({ op: "one_of", values: ["上屯"] }, few)).toMatchObject({ mode: "values", values: ["上屯"] });
    expect(modesOf({ ...few, column_type: "choice" })).not.toContain("contains");
  });

  it("are one a column", () => {
    const one = withCondition([], "address", { op: "contains", text: "石门" });
    const two = withCondition(one, "phone", { op: "empty" });
    expect(withCondition(two, "address", { op: "is", text: "上屯" })).toHaveLength(2);
    expect(withCondition(two, "address", null)).toEqual([{ column: "phone", test: { op: "empty" } }]);
  });

  it("read as one would say them", () => {
    const words = (column: string, test: Parameters<typeof conditionWords>[1]["test"]) =>
      conditionWords(columns, { column, test });
    expect(words("address", { op: "contains", text: "石门" })).toBe("住址 含 石门");
    expect(words("phone", { op: "empty" })).toMatch(/为空$/);
    expect(words("mode", { op: "one_of", values: ["phone", ""] })).toMatch(/是 电话、（空白）$/);
    expect(words("amount_paid", { op: "numbers", from: 123450, to: null })).toMatch(/不小于 1234\.5$/);
    expect(words("day", { op: "days", from: null, to: "2026-06-30" })).toMatch(/2026-06-30 止$/);
  });
});

describe("a look", () => {
  const narrowed: ListView = { ...PLAIN, filters: { monitored: "1", hamlet: "" } };

  it("is known again, whatever is empty in it", () => {
    expect(looksLike(narrowed, { ...PLAIN, filters: { monitored: "1" } })).toBe(true);
    expect(looksLike({ ...narrowed, columns: ["head"] }, { ...PLAIN, filters: { monitored: "1" } })).toBe(true);
    expect(looksLike({ ...narrowed, columns: ["head"] }, { ...narrowed, columns: ["phone"] })).toBe(false);
    expect(looksLike({ ...narrowed, text: "石" }, narrowed)).toBe(false);
  });

  it("is told in words, with names in place of ids", () => {
    const filters: Filter[] = [
      { kind: "record", key: "visitor", label: "filters.visitor", of: "team_member" },
      { kind: "days", key: "days", label: "filters.days" },
    ];
    const view = {
      ...PLAIN,
      text: "茶叶",
      filters: { visitor: "id-1", from: "2026-06-01", to: "2026-06-20", has_problem: "1" },
    };
    expect(ruleKeys(filters, view.filters)).toEqual(["has_problem"]);
    expect(viewWords(columns, filters, view, new Map([["id-1", "韦明"]]))).toEqual([
      "搜索“茶叶”",
      "走访人 韦明",
      "日期 2026-06-01 至 2026-06-20",
      "发现了问题",
    ]);
  });
});

describe("chosen rows", () => {
  const ids = Array.from({ length: 30_000 }, (_, at) => `r${at}`);
  const setUp = () => {
    const asked: [number, number][] = [];
    // Only the first rows have been read.
    const selection = useSelection(
      () => ids.length,
      (index) => (index < 200 ? ids[index] : undefined),
      async (offset, count) => {
        asked.push([offset, count]);
        return ids.slice(offset, count === 0 ? undefined : offset + count);
      },
    );
    return { selection, asked };
  };

  it("are a stretch from the last one to here, also over rows that were never read", async () => {
    const { selection, asked } = setUp();
    selection.toggle(3);
    await selection.stretchTo(7);
    expect([...selection.selected.value]).toEqual(["r3", "r4", "r5", "r6", "r7"]);
    expect(asked).toEqual([]);
    await selection.stretchTo(20_000);
    expect(selection.count.value).toBe(19_998);
  });

  it("come in the list's order, however they were clicked", async () => {
    const { selection } = setUp();
    [9, 2, 5].forEach(selection.toggle);
    expect(await selection.inOrder(undefined)).toEqual(["r2", "r5", "r9"]);
    await selection.all();
    expect(selection.isAll.value).toBe(true);
    await selection.toggleAll();
    expect(await selection.inOrder("r4")).toEqual(["r4"]);
  });
});

describe("copied rows", () => {
  const row = {
    id: "1",
    cells: { address: "上屯\t3号", phone: "990101198001011234", amount_paid: 123450, mode: "phone" },
  };

  it("are cells for WPS and Excel: numbers to sum, everything else text", () => {
    const { text, html } = copiedTable([address, phone, paid, mode], [row]);
    const [head, line] = text.split("\r\n");
    expect(head?.split("\t")).toHaveLength(4);
    expect(line?.split("\t")).toEqual(["上屯 3号", "990101198001011234", "1234.5", "电话"]);
    expect(html).toContain(`<td style="mso-number-format:'\\@'">990101198001011234</td>`);
    expect(html).toContain("<td>1234.5</td>");
  });

  it("never bring a formula or a tag", () => {
    const { text, html } = copiedTable([address], [{ id: "1", cells: { address: '=cmd|"<b>"' } }]);
    expect(text.split("\r\n")[1]).toBe(`'=cmd|"<b>"`);
    expect(html).toContain("=cmd|&quot;&lt;b&gt;&quot;");
  });
});

describe("a sheet and a change of many", () => {
  it("the sheet says what narrows it and names its codes", () => {
    const sheet = sheetOf("走访台账", ["方式 电话"], [day, mode]);
    expect(sheet.notes).toEqual(["筛选：方式 电话"]);
    expect(sheet.columns[1]?.names.in_person).toBe("面对面");
    expect(sheet.columns[0]?.format).toBe("day");
  });

  it("offers only fields that the core allows, with a control fit for many", () => {
    const groups = [
      {
        key: "basic",
        label: "groups.basic" as const,
        fields: [
          { key: "hamlet", label: "columns.hamlet" as const, control: { kind: "text" as const } },
          { key: "address", label: "columns.address" as const, control: { kind: "text" as const } },
        ],
      },
    ];
    const choices = choicesAmong(groups, [{ path: "hamlet", how: "set" }]);
    expect(choices.map(({ field }) => field.key)).toEqual(["hamlet"]);
  });
});
