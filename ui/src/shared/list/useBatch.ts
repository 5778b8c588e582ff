// 批量修改 as the user meets it: which fields get which values, what would come of it, and doing it.
import { computed, reactive, ref, shallowRef } from "vue";
import type { BatchAction } from "../../bindings/BatchAction";
import type { BatchField } from "../../bindings/BatchField";
import type { BatchOutcome } from "../../bindings/BatchOutcome";
import type { BatchRequest } from "../../bindings/BatchRequest";
import type { Kind } from "../../bindings/Kind";
import { batchChoices, batchCommit, batchPreview, recordBlank } from "../../ipc";
import { NIL } from "../../ipc-types";
import type { Control, Field, Group } from "../fields";
import { createForm } from "../form";
import { orShow } from "../messages";
import { valueAt, type Draft } from "../paths";
import { useLongWork } from "./useLongWork";

/** One change: a field, and for lists whether entries are added or taken out. */
export interface Line {
  path: string;
  action: BatchAction;
}

export interface Choice {
  field: Field;
  how: BatchField["how"];
}

/** The control that gives many records their value. */
function controlOf(field: Field, how: BatchField["how"]): Control {
  if (field.many) return field.many;
  if (how === "dated" && field.control.kind === "table") {
    const code = field.control.groups.flatMap((group) => group.fields).find(({ key }) => key === "code")?.control;
    if (code?.kind === "dictionary") return { kind: "dictionaries", dictionary: code.dictionary };
  }
  return field.control;
}

/** Fields that the core lets be changed in many records, as the form has them and in its order. */
export function choicesAmong(groups: Group[], allowed: BatchField[]): Choice[] {
  return groups
    .flatMap((group) => group.fields)
    .flatMap((field) => {
      const how = allowed.find(({ path }) => path === field.key)?.how;
      return how === undefined ? [] : [{ field: { ...field, control: controlOf(field, how) }, how }];
    });
}

/** Where the form keeps a line's value: lists apart from each other, so that one may be added to and taken from. */
export function placeOf({ path, action }: Line): string {
  return action === "set" ? path : `${action}_${path}`;
}

function isMissing(value: unknown, choice: Choice | undefined): boolean {
  if (choice?.how !== "set") return !Array.isArray(value) || value.length === 0;
  return choice.field.required === true && (value === null || value === "" || value === NIL || value === undefined);
}

export function useBatch(kind: () => Kind, groups: () => Group[], ids: () => string[], day: () => string) {
  const choices = shallowRef<Choice[]>([]);
  const lines = ref<Line[]>([]);
  const draft = ref<Draft>({});
  const reason = ref("");
  const on = ref(day());
  const outcome = shallowRef<BatchOutcome | null>(null);
  const long = useLongWork();
  const form = createForm(
    draft,
    computed(day),
    computed(() => ({ kind: kind(), id: null })),
  );

  const choiceOf = (path: string) => choices.value.find(({ field }) => field.key === path);
  const left = computed(() =>
    choices.value.filter(
      ({ field, how }) => lines.value.filter(({ path }) => path === field.key).length < (how === "set" ? 1 : 2),
    ),
  );
  const ready = computed(
    () =>
      lines.value.length > 0 &&
      form.unreadable.size === 0 &&
      lines.value.every((line) => !isMissing(valueAt(draft.value, placeOf(line)), choiceOf(line.path))),
  );
  /** Dated facts and steps hold from a day. */
  const needsDay = computed(() =>
    lines.value.some(({ path }) => choiceOf(path)?.how === "dated" || path === "step" || path === "status"),
  );

  async function start(): Promise<void> {
    lines.value = [];
    outcome.value = null;
    reason.value = "";
    on.value = day();
    long.failure.value = null;
    form.unreadable.clear();
    const found = await orShow(Promise.all([batchChoices(kind()), recordBlank(kind())]));
    if (!found) return;
    choices.value = choicesAmong(groups(), found[0]);
    draft.value = reactive({ ...(found[1] as unknown as Draft) });
  }

  function add(path: string): void {
    const how = choiceOf(path)?.how;
    const taken = lines.value.some((line) => line.path === path && line.action === "add");
    const action: BatchAction = how === "set" ? "set" : taken ? "remove" : "add";
    lines.value = [...lines.value, { path, action }];
    if (action !== "set") form.set(placeOf({ path, action }), []);
    outcome.value = null;
  }

  function setAction(at: number, action: BatchAction): void {
    const line = lines.value[at];
    if (!line || lines.value.some((other) => other.path === line.path && other.action === action)) return;
    const value = valueAt(draft.value, placeOf(line));
    lines.value = lines.value.map((each, place) => (place === at ? { ...each, action } : each));
    form.set(placeOf({ ...line, action }), value);
  }

  function remove(at: number): void {
    const line = lines.value[at];
    if (line) form.setUnreadable(placeOf(line), null);
    lines.value = lines.value.filter((_, place) => place !== at);
    outcome.value = null;
  }

  const request = (skipRefused: boolean): BatchRequest => ({
    kind: kind(),
    ids: ids(),
    changes: lines.value.map((line) => ({
      path: line.path,
      action: line.action,
      value: valueAt(draft.value, placeOf(line)) ?? null,
    })),
    day: on.value,
    reason: reason.value.trim(),
    skip_refused: skipRefused,
  });

  async function preview(): Promise<void> {
    outcome.value = await long.work(() => batchPreview(request(false)));
  }

  /** Does it, to all or to those that the rules let. */
  async function commit(): Promise<BatchOutcome | null> {
    const done = await long.work(() => batchCommit(request((outcome.value?.refused ?? 0) > 0)));
    if (done && !done.done) outcome.value = done;
    return done?.done ? done : null;
  }

  return {
    choices,
    choiceOf,
    lines,
    left,
    form,
    ready,
    needsDay,
    on,
    reason,
    outcome,
    start,
    add,
    setAction,
    remove,
    preview,
    commit,
    ...long,
  };
}
