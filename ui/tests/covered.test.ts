// Numbers in a form: covered until they are asked for, and never replaced by what covers them.
import { readFileSync } from "node:fs";
import { cleanup, fireEvent, render, screen } from "@testing-library/vue";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { computed, defineComponent, h, nextTick, ref } from "vue";
import { i18n } from "../src/i18n";
import { setTransport } from "../src/ipc";
import CoveredField from "../src/shared/CoveredField.vue";
import { covered } from "../src/shared/covering";
import { createForm, provideForm } from "../src/shared/form";
import { beginning, modesOf } from "../src/shared/list/asked";

let asked: unknown[] = [];
let refuses = false;

beforeEach(() => {
  asked = [];
  refuses = false;
  setTransport({
    call: (command, args) => {
      asked.push([command, args]);
      return refuses ? Promise.reject({ code: "disk_full", message: "磁盘满了", findings: [] }) : Promise.resolve(null);
    },
  });
});
afterEach(cleanup);

/** A form with the telephones of two people. */
function opened(first: string, second = "13900001111") {
  const draft = ref<Record<string, unknown>>({ members: [{ phone: first }, { phone: second }] });
  const form = createForm(
    draft,
    computed(() => "2026-06-20"),
    computed(() => ({ kind: "household" as const, id: "h" })),
  );
  const holder = defineComponent({
    setup() {
      provideForm(form);
      const field = (at: number) =>
        h(CoveredField, {
          path: `members.${at}.phone`,
          value: String(form.get(`members.${at}.phone`) ?? ""),
          label: `电话${at}`,
        });
      return () => [field(0), field(1)];
    },
  });
  render(holder, { global: { plugins: [i18n] } });
  const input = (at: number) => screen.getByLabelText<HTMLInputElement>(new RegExp(`^电话${at}`));
  return { draft, form, input };
}
const settled = () => new Promise((next) => setTimeout(next));
const press = async (name: string) => {
  await fireEvent.click(screen.getByRole("button", { name }));
  await settled();
};

describe("a stored number", () => {
  it("is covered, and typing into it changes nothing", async () => {
    const { form, input } = opened("13812345678");
    expect(input(0).value).toBe("138****5678");
    expect(input(0).readOnly).toBe(true);
    await fireEvent.update(input(0), "138****56789");
    await fireEvent.keyDown(input(0), { key: "Enter" });
    expect(form.get("members.0.phone")).toBe("13812345678");
  });

  it("is shown once it is asked for, which is noted, and can be changed then", async () => {
    const { form, input } = opened("13812345678");
    await press("显示电话0");
    expect(asked).toEqual([
      ["numbers_show", { of: { of: "field", kind: "household", id: "h", field: "members.0.phone" } }],
    ]);
    expect(input(0).value).toBe("13812345678");
    expect(input(1).value).toBe("139****1111");
    await fireEvent.update(input(0), "13812345679");
    expect([input(0).value, form.get("members.0.phone")]).toEqual(["13812345679", "13812345679"]);
    await press("遮住电话0");
    expect(input(0).value).toBe("138****5679");
    expect(asked).toHaveLength(1);
  });

  it("stays covered where it cannot be noted", async () => {
    refuses = true;
    const { input } = opened("13812345678");
    await press("显示电话0");
    expect(input(0).value).toBe("138****5678");
  });

  it("is covered again after saving, and where another row took its place", async () => {
    const { draft, form, input } = opened("13812345678");
    await press("显示电话0");
    form.set("members", [{ phone: "13700002222" }, { phone: "13812345678" }]);
    await nextTick();
    expect([input(0).value, input(1).value]).toEqual(["137****2222", "138****5678"]);
    form.set("members.0.phone", "13812345678");
    await nextTick();
    expect(input(0).value).toBe("13812345678");
    draft.value = JSON.parse(JSON.stringify(draft.value)) as typeof draft.value;
    await nextTick();
    expect(input(0).value).toBe("138****5678");
  });
});

describe("a new number", () => {
  it("is seen while it is typed", async () => {
    const { form, input } = opened("");
    for (const text of ["1", "13", "13812345678"]) {
      await fireEvent.update(input(0), text);
      expect(input(0).value).toBe(text);
    }
    expect(form.get("members.0.phone")).toBe("13812345678");
    await fireEvent.update(input(0), "");
    expect(form.get("members.0.phone")).toBe("");
    expect(asked).toEqual([]);
  });

  it("that the program filled in is covered", async () => {
    const { form, input } = opened("");
    form.set("members.0.phone", "13812345678");
    await nextTick();
    expect(input(0).value).toBe("138****5678");
  });
});

it("numbers are covered by what they are, as the core covers them", () => {
  // The core reads the same table.
  const table = JSON.parse(readFileSync("../tests/fixtures/covered.json", "utf8")) as [string, string, string][];
  for (const [path, number, shown] of table) expect(covered(path, number)).toBe(shown);
});

it("a column of numbers is asked by words: its values are not told", () => {
  const values = [{ value: "", count: 3 }];
  const phones = { column_type: "text" as const, distinct: 9, values, least: null, most: null };
  expect(modesOf(phones)).not.toContain("values");
  expect(beginning(null, phones).mode).toBe("contains");
  const hamlets = { ...phones, distinct: 1, values: [{ value: "上屯", count: 3 }] };
  expect(modesOf(hamlets)).toContain("values");
  expect(beginning(null, hamlets).mode).toBe("values");
});
