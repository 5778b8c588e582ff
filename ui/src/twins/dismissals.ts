// 不是重复, said of a household that is not stored yet: remembered here until it is.
import type { Id } from "../bindings/Id";
import { twinsDismiss } from "../ipc";
import { orShow } from "../shared/messages";

const waiting = new Set<Id>();

export const isWaiting = (other: Id): boolean => waiting.has(other);

export function dismissLater(other: Id): void {
  waiting.add(other);
}

/** A new form, or one that was thrown away: what was said of the last one does not hold. */
export function forgetDismissed(): void {
  waiting.clear();
}

/** The new household is stored: now the pairs have two names. */
export async function storeDismissed(id: Id): Promise<void> {
  const others = [...waiting];
  waiting.clear();
  for (const other of others) await orShow(twinsDismiss(id, other, true));
}
