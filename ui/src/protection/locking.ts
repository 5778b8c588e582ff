// The window tells the shell that somebody is there, and locks when the shell asks for it.
import { onBeforeUnmount, onMounted } from "vue";
import { userActive } from "../ipc";
import { lock, session } from "../session";

/** Often enough for minutes. */
const TELL_MS = 15_000;
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

export function useLocking(): void {
  let told = 0;

  function touched(): void {
    const now = Date.now();
    if (session.ledger?.encrypted !== true || Math.abs(now - told) < TELL_MS) return;
    told = now;
    void userActive().catch(() => undefined);
  }

  const asked = () => void lock();

  onMounted(() => {
    TOUCHES.forEach((type) => window.addEventListener(type, touched, { passive: true, capture: true }));
    window.addEventListener("zhucun-lock", asked);
  });
  onBeforeUnmount(() => {
    TOUCHES.forEach((type) => window.removeEventListener(type, touched, { capture: true }));
    window.removeEventListener("zhucun-lock", asked);
  });
}
