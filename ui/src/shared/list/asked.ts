// What is asked of a column while its filter is open, and the test that comes of it.
import type { ColumnTest } from "../../bindings/ColumnTest";
import type { ColumnValues } from "../../bindings/ColumnValues";

export type Mode = "contains" | "is" | "values" | "span" | "empty" | "filled";

export interface Asked {
  mode: Mode;
  text: string;
  values: string[];
  from: string;
  to: string;
}

/** A column with at most so many values is asked by choosing among them. */
const FEW = 30;

/** Values that hold a number of somebody are not told. */
const isTold = ({ values, distinct }: ColumnValues) => values.length === distinct;

export function modesOf(found: ColumnValues): Mode[] {
  const { column_type: type, distinct, values } = found;
  switch (type) {
    case "text":
      if (!isTold(found) && values.every(({ value }) => value === "")) return ["contains", "is", "empty", "filled"];
      return ["contains", "is", "values", "empty", "filled"];
    case "several":
      return ["values", "contains", "empty", "filled"];
    case "choice":
      return ["values", "empty", "filled"];
    case "number":
      return distinct <= FEW ? ["span", "values", "empty", "filled"] : ["span", "empty", "filled"];
    case "day":
    case "moment":
      return ["span", "empty", "filled"];
  }
}

function usualMode(found: ColumnValues): Mode {
  const { column_type: type, distinct } = found;
  if (type === "choice" || type === "several") return "values";
  if (type === "text") return distinct <= FEW && isTold(found) ? "values" : "contains";
  return "span";
}

/** The filter as it opens: what is asked already, or what one most likely wants to ask. */
export function beginning(
  test: ColumnTest | null,
  found: ColumnValues | null,
  shown: (value: number) => string = String,
): Asked {
  const asked: Asked = { mode: found ? usualMode(found) : "contains", text: "", values: [], from: "", to: "" };
  const end = (value: number | null) => (value === null ? "" : shown(value));
  if (test === null) return asked;
  switch (test.op) {
    case "contains":
    case "is":
      return { ...asked, mode: test.op, text: test.text };
    case "one_of":
      return { ...asked, mode: "values", values: [...test.values] };
    case "numbers":
      return { ...asked, mode: "span", from: end(test.from), to: end(test.to) };
    case "days":
      return { ...asked, mode: "span", from: test.from ?? "", to: test.to ?? "" };
    default:
      return { ...asked, mode: test.op };
  }
}

/** Null where nothing is asked. */
export function testOf(asked: Asked, isDay: boolean, number: (text: string) => number | null): ColumnTest | null {
  const text = asked.text.trim();
  switch (asked.mode) {
    case "contains":
    case "is":
      return text === "" ? null : { op: asked.mode, text };
    case "values":
      return asked.values.length === 0 ? null : { op: "one_of", values: asked.values };
    case "span": {
      // A cleared calendar gives null, whatever its type says.
      const [from, to] = isDay ? [asked.from || null, asked.to || null] : [number(asked.from), number(asked.to)];
      if (from === null && to === null) return null;
      const [low, high] = from !== null && to !== null && to < from ? [to, from] : [from, to];
      return isDay
        ? { op: "days", from: low as string | null, to: high as string | null }
        : { op: "numbers", from: low as number | null, to: high as number | null };
    }
    default:
      return { op: asked.mode };
  }
}
