// An invented ledger in memory, for looking at the pages in a browser and for tests. Never part of the built window.
import type { Transport } from "../ipc";

export function fakeTransport(): Transport {
  return { call: () => Promise.reject(new Error("to be written")) };
}
