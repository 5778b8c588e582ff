// How far a ledger has come: whether there is anything yet that pages could show.
import { ref } from "vue";
import type { Kind } from "../bindings/Kind";
import { useChanged } from "../changes";
import { recordList } from "../ipc";

async function anyOf(kind: Kind): Promise<boolean> {
  return (await recordList(kind, { text: "", filters: {}, sort: null, offset: 0, limit: 1 })).total > 0;
}

/** Whether there are records of each kind; null until it is known. */
export function useAny<K extends Kind>(kinds: readonly K[]) {
  const any = ref<Record<K, boolean> | null>(null);

  async function read(): Promise<void> {
    // Not knowing must never hide a page: a failure here is told by whatever reads the page itself.
    const found = await Promise.all(kinds.map((kind) => anyOf(kind).catch(() => true)));
    any.value = Object.fromEntries(kinds.map((kind, at) => [kind, found[at] ?? true])) as Record<K, boolean>;
  }

  void read();
  useChanged([...kinds], () => void read());
  return any;
}
