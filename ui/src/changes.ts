// Which kinds of record changed: commands tell it, screens that show such records listen and read again.
import { onScopeDispose } from "vue";
import type { Kind } from "./bindings/Kind";

type Listener = (changed: Kind[]) => void;

const listeners = new Set<Listener>();

export function publishChanged(changed: Kind[]): void {
  for (const listener of [...listeners]) listener(changed);
}

/** Calls `listener` after every change; answers with the function that ends it. */
export function onChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The same for the life of a component, and only for changes of the given kinds. */
export function useChanged(kinds: Kind[] | (() => Kind[]), listener: () => void): void {
  const end = onChanged((changed) => {
    const wanted = typeof kinds === "function" ? kinds() : kinds;
    if (changed.some((kind) => wanted.includes(kind))) listener();
  });
  onScopeDispose(end);
}
