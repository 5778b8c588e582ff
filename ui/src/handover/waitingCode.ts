// A hand-over code that nobody has said to be noted waits in the ledger: what locks or closes the window does not lose it.
import type { HandOverDone } from "../ipc-types";
import { draftDrop } from "../ipc";
import { dropDraft, keptDraft } from "../shared/drafts";

const KEY = "handover:code";

/** The code that was on the window when it was locked or closed. */
export function waitingCode(): HandOverDone | null {
  return (keptDraft(KEY)?.content as HandOverDone | null | undefined) ?? null;
}

/** It is noted. */
export async function forgetCode(): Promise<void> {
  await dropDraft(KEY);
  // One that was shown but now was put there by the core, and is not known to the page.
  await draftDrop(KEY).catch(() => undefined);
}
