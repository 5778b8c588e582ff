// Work over many rows: how far it is, and stopping it.
import { onScopeDispose, ref } from "vue";
import { asCommandError } from "../../errors";
import { listCancel, listProgress } from "../../ipc";

const POLL = 200;

export interface Progress {
  done: number;
  total: number;
}

export function useLongWork() {
  const busy = ref(false);
  const progress = ref<Progress>({ done: 0, total: 0 });
  const failure = ref<string | null>(null);
  let timer: ReturnType<typeof setInterval> | undefined;
  onScopeDispose(() => clearInterval(timer));

  async function work<T>(run: () => Promise<T>): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    failure.value = null;
    progress.value = { done: 0, total: 0 };
    timer = setInterval(
      () =>
        void listProgress().then(
          (now) => (progress.value = now),
          () => undefined,
        ),
      POLL,
    );
    try {
      return await run();
    } catch (thrown) {
      failure.value = asCommandError(thrown).message;
      return null;
    } finally {
      clearInterval(timer);
      busy.value = false;
    }
  }

  return { busy, progress, failure, work, stop: () => void listCancel() };
}
