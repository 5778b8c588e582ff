// Another record that a form looks at, such as the programme of an application; read again when it changes.
import { shallowRef, watch, type ShallowRef } from "vue";
import type { Id } from "../bindings/Id";
import type { Kind } from "../bindings/Kind";
import { useChanged } from "../changes";
import { recordGet, type RecordTypes } from "../ipc";
import { NIL } from "../ipc-types";

/** The records of the given ids, those that can be read, in their order. */
export function useRecords<K extends Kind>(kind: K, ids: () => Id[]): ShallowRef<{ id: Id; draft: RecordTypes[K] }[]> {
  const records = shallowRef<{ id: Id; draft: RecordTypes[K] }[]>([]);
  let turn = 0;

  async function read(): Promise<void> {
    const mine = ++turn;
    const wanted = ids().filter((id) => id !== "" && id !== NIL);
    const found = await Promise.all(wanted.map((id) => recordGet(kind, id).catch(() => null)));
    if (mine === turn) records.value = found.flatMap((each) => (each ? [{ id: each.id, draft: each.draft }] : []));
  }

  watch(() => ids().join(), read, { immediate: true });
  useChanged([kind], () => void read());
  return records;
}
