// What the parts of one form share: the draft, its findings by field, and the way to a field that needs mending.
import { computed, inject, provide, reactive, ref, type InjectionKey, type Ref } from "vue";
import type { Finding } from "../bindings/Finding";
import type { Id } from "../bindings/Id";
import type { Kind } from "../bindings/Kind";
import { isWithin, setValueAt, valueAt, type Draft } from "./paths";

/** Which record a form is filled with; one that is not stored yet has no id. */
export interface FormRecord {
  kind: Kind;
  id: Id | null;
}

export interface FormState {
  draft: Ref<Draft>;
  day: Ref<string>;
  record: Ref<FormRecord>;
  get(path: string): unknown;
  set(path: string, value: unknown): void;
  /** Messages at exactly this field. */
  messages(path: string): string[];
  /** Whether this field or one inside it has a message. */
  troubled(path: string): boolean;
  /** A text that cannot be read as the field's value; null clears it. */
  setUnreadable(path: string, message: string | null): void;
  unreadable: Map<string, string>;
  findings: Ref<Finding[]>;
  /** Field to open and go to. */
  target: Ref<{ path: string; turn: number } | null>;
  goTo(path: string): void;
  /** Marks fields as filled in by the program, for the user to look at; a change takes the mark away. */
  mark(paths: readonly string[]): void;
  marked(path: string): boolean;
}

const KEY: InjectionKey<FormState> = Symbol("form");

export function createForm(draft: Ref<Draft>, day: Ref<string>, record: Ref<FormRecord>): FormState {
  const findings = ref<Finding[]>([]);
  const unreadable = reactive(new Map<string, string>());
  const marks = reactive(new Set<string>());
  const target = ref<{ path: string; turn: number } | null>(null);
  const byField = computed(() => {
    const map = new Map<string, string[]>();
    for (const { field, message } of findings.value) map.set(field, [...(map.get(field) ?? []), message]);
    return map;
  });
  const messages = (path: string) => {
    const typed = unreadable.get(path);
    return typed === undefined ? (byField.value.get(path) ?? []) : [typed];
  };
  return {
    draft,
    day,
    record,
    findings,
    unreadable,
    target,
    messages,
    get: (path) => valueAt(draft.value, path),
    set: (path, value) => {
      setValueAt(draft.value, path, value);
      marks.delete(path.split(".")[0] ?? path);
      // What was wrong with the old value says nothing about the new one.
      findings.value = findings.value.filter((finding) => finding.field !== path);
    },
    troubled: (path) => [...byField.value.keys(), ...unreadable.keys()].some((field) => isWithin(field, path)),
    setUnreadable: (path, message) => {
      if (message === null) unreadable.delete(path);
      else unreadable.set(path, message);
    },
    goTo: (path) => {
      target.value = { path, turn: (target.value?.turn ?? 0) + 1 };
    },
    mark: (paths) => {
      marks.clear();
      paths.forEach((path) => marks.add(path));
    },
    marked: (path) => marks.has(path),
  };
}

export function provideForm(form: FormState): void {
  provide(KEY, form);
}

export function useForm(): FormState {
  const form = inject(KEY);
  if (!form) throw new Error("a field outside a form");
  return form;
}
