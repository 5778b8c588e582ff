// What is typed stays: while a record is being stored or read anew, and where a caption was not left yet.
import { fireEvent, render, screen } from "@testing-library/vue";
import { createApp, defineComponent, h } from "vue";
import { afterEach, expect, it, vi } from "vitest";
import PhotoCaption from "../src/attachments/PhotoCaption.vue";
import type { Attachment } from "../src/bindings/Attachment";
import type { Stored } from "../src/bindings/Stored";
import { publishChanged } from "../src/changes";
import { i18n } from "../src/i18n";
import { setTransport } from "../src/ipc";
import { keptDraft } from "../src/shared/drafts";
import { useRecordEditor } from "../src/shared/recordEditor";

const ID = "0190a0a0-0000-7000-8000-000000000001";
const close: (() => void)[] = [];

afterEach(() => {
  close.splice(0).forEach((each) => each());
  setTransport({ call: () => Promise.reject(new Error("no transport")) });
});

/** A core that holds one household of one member, and lets something happen while it is at work. */
function core(happens: Record<string, () => void>) {
  let version = 1;
  let held = { note: "", members: [{ id: 7, name: "石老三" }] as { id: number | null; name: string }[] };
  setTransport({
    call: (command, args) => {
      const now = JSON.parse(JSON.stringify(held)) as typeof held;
      if (command === "record_save") {
        const { draft } = args.request as { draft: typeof held };
        held = { ...draft, members: draft.members.map((row, at) => ({ ...row, id: at + 7 })) };
        version += 1;
      }
      happens[command]?.();
      if (command === "record_blank") return Promise.resolve({ note: "", members: [] });
      if (command === "record_get") return Promise.resolve({ id: ID, draft: now, meta: { version, deleted_at: null } });
      return Promise.resolve(command === "record_save" ? { id: ID, changed: ["household"] } : null);
    },
  });
}

async function open(id: string | null) {
  let editor!: ReturnType<typeof useRecordEditor>;
  const Host = defineComponent({
    setup() {
      editor = useRecordEditor(
        "household",
        id,
        () => "2026-06-20",
        () => undefined,
      );
      return () => h("i");
    },
  });
  const app = createApp(Host);
  app.mount(document.createElement("div"));
  close.push(() => app.unmount());
  await vi.waitUntil(() => editor.ready.value);
  return editor;
}

it("what is typed while a stored record is saved is kept, on the rows as they were stored", async () => {
  const happens: Record<string, () => void> = {};
  core(happens);
  const editor = await open(ID);
  editor.form.set("members", [...(editor.draft.value.members as unknown[]), { id: null, name: "潘七" }]);
  happens.record_save = () => editor.form.set("note", "又说");
  await editor.save();
  expect(editor.draft.value).toEqual({
    note: "又说",
    members: [
      { id: 7, name: "石老三" },
      { id: 8, name: "潘七" },
    ],
  });
  expect(editor.dirty.value).toBe(true);
  expect(keptDraft(`household:${ID}`)?.content).toMatchObject({ draft: { note: "又说" }, version: 2 });
  delete happens.record_save;
  await editor.save();
  expect([editor.dirty.value, keptDraft(`household:${ID}`)]).toEqual([false, undefined]);
});

it("of a new record it becomes a change of the one that was stored, not a second record", async () => {
  const happens: Record<string, () => void> = {};
  core(happens);
  const editor = await open(null);
  editor.form.set("members", [{ id: null, name: "潘七" }]);
  happens.record_save = () => editor.form.set("note", "又说");
  happens.draft_drop = () => editor.form.set("note", "又说一句");
  await editor.save();
  expect(editor.stored.value).toEqual({ id: ID, version: 2 });
  expect(keptDraft("household:new")).toBeUndefined();
  const kept = keptDraft(`household:${ID}`)?.content;
  expect(kept).toEqual({ draft: { note: "又说一句", members: [{ id: 7, name: "潘七" }] }, version: 2 });
});

it("what is typed while another form's change is read stays as well", async () => {
  const happens: Record<string, () => void> = {};
  core(happens);
  const editor = await open(ID);
  happens.record_get = () => editor.form.set("note", "又说");
  publishChanged(["household"]);
  await vi.waitUntil(() => editor.dirty.value && keptDraft(`household:${ID}`) !== undefined);
  expect(editor.draft.value.note).toBe("又说");
});

it("a caption that is written and not stored stands there again, until it is stored", async () => {
  setTransport({ call: () => Promise.resolve(null) });
  const draft = { title: "", taken_on: null, taken_at: "", place: "", people: "", category: "", bytes: 1 };
  const photo = { id: "photo", draft, meta: { version: 1 } } as unknown as Stored<Attachment>;
  const opened = () => render(PhotoCaption, { props: { photo }, global: { plugins: [i18n] } });
  const place = () => screen.getByTestId<HTMLInputElement>("caption-place");
  const settled = () => new Promise((next) => setTimeout(next));
  const first = opened();
  await fireEvent.update(place(), "上屯");
  expect(keptDraft("attachment:photo")?.content).toMatchObject({ place: "上屯" });
  await settled();
  first.unmount();
  const again = opened();
  expect(place().value).toBe("上屯");
  await again.rerender({ photo: { ...photo, draft: { ...draft, place: "上屯" } } });
  expect(keptDraft("attachment:photo")).toBeUndefined();
  await settled();
  again.unmount();
});
