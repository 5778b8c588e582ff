// 一句话记录: the line being typed, what the core understands of it, and the way to the filled form.
// The line is one wherever it is typed, lies among the drafts until its record is saved, and so is never lost.
import { computed, reactive, ref, shallowRef, watch } from "vue";
import { useRouter } from "vue-router";
import type { Choice } from "../bindings/Choice";
import type { Id } from "../bindings/Id";
import type { Kind } from "../bindings/Kind";
import type { Reading } from "../bindings/Reading";
import { useChanged } from "../changes";
import { quickRead, type RecordTypes } from "../ipc";
import { NIL } from "../ipc-types";
import { newRoute } from "../router";
import { dropDraft, keptDraft, putDraft } from "../shared/drafts";
import { orShow } from "../shared/messages";
import { prefill } from "../shared/prefill";
import { CONTENT_KINDS } from "../shared/recordForms";

/** Kinds that a line can become, in the order of their buttons. */
export const QUICK_KINDS = ["visit", "activity", "application", "issue"] as const;
export type QuickKind = (typeof QUICK_KINDS)[number];

const KEY = "quick:line";
const DELAY_MS = 120;

const isOpen = ref(false);
/** The line of the home page while that is shown: Ctrl+J goes there. */
const home = shallowRef<(() => void) | null>(null);
const chosenKind = ref<QuickKind | null>(null);
const chosenPeople = reactive(new Map<string, Id>());

export const quickOverlay = isOpen;

/** Goes to the line on the page, or opens it above the page. */
export function openQuick(): void {
  if (home.value) home.value();
  else isOpen.value = true;
}

export function setHomeLine(focus: (() => void) | null): void {
  home.value = focus;
}

function typed(): string {
  const content = keptDraft(KEY)?.content;
  return typeof content === "string" ? content : "";
}

function type(line: string): void {
  // What was chosen belongs to the sentence that it was chosen for: typing over it begins another.
  if (line.length * 2 < typed().length) {
    chosenKind.value = null;
    chosenPeople.clear();
  }
  if (line === "") void dropDraft(KEY);
  else putDraft(KEY, line);
}

export function useQuick() {
  const router = useRouter();
  const text = computed({ get: typed, set: type });
  const reading = shallowRef<Reading | null>(null);
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function read(): Promise<Reading | null> {
    clearTimeout(timer);
    const mine = ++turn;
    const line = text.value;
    if (line.trim() === "") {
      reading.value = null;
      return null;
    }
    const asked = { line, kind: chosenKind.value as Kind | null, chosen: Object.fromEntries(chosenPeople) };
    const answer = await orShow(quickRead(asked));
    if (mine === turn) reading.value = answer;
    return answer;
  }

  function readSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void read(), DELAY_MS);
  }

  watch(text, readSoon, { immediate: true });
  watch([chosenKind, () => [...chosenPeople]], () => void read());
  useChanged(CONTENT_KINDS, readSoon);

  /** Whether a choice stands open that is more than a suggestion. */
  const isOpenChoice = (choice: Choice) => choice.why !== "sounds_alike";

  function choosePerson(choice: Choice, person: Id | null): void {
    chosenPeople.set(choice.text, person ?? NIL);
  }

  function chooseKind(kind: QuickKind): void {
    chosenKind.value = kind;
  }

  /** Hands the reading to the form of its kind; nothing is saved here. */
  async function open(answer: Reading): Promise<void> {
    if (answer.kind === null || answer.draft === null) return;
    const line = text.value;
    const onSaved = () => {
      if (typed() === line) type("");
    };
    prefill(answer.kind, answer.draft as Partial<RecordTypes[Kind]>, {
      line: line.trim(),
      fields: answer.fields,
      onSaved,
    });
    await router.push(newRoute(answer.kind));
  }

  return { text, reading, chosenKind, read, open, isOpenChoice, choosePerson, chooseKind };
}
