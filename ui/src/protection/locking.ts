// The window tells the shell that somebody is there, and locks when the shell asks for it or Ctrl+L is pressed.
import { onBeforeUnmount, onMounted } from "vue";
import { userActive } from "../ipc";
import { lock, session } from "../session";
import { isComposing, keyName } from "../shared/shortcuts";

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

  /** Before anything else: a dialog keeps its other keys to itself, but whoever leaves must be able to lock. */
  function onKey(event: KeyboardEvent): void {
    if (keyName(event) !== "ctrl+l" || isComposing(event) || session.ledger === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) void lock();
  }

  onMounted(() => {
    TOUCHES.forEach((type) => window.addEventListener(type, touched, { passive: true, capture: true }));
    window.addEventListener("keydown", onKey, { capture: true });
    window.addEventListener("zhucun-lock", asked);
  });
  onBeforeUnmount(() => {
    TOUCHES.forEach((type) => window.removeEventListener(type, touched, { capture: true }));
    window.removeEventListener("keydown", onKey, { capture: true });
    window.removeEventListener("zhucun-lock", asked);
  });
}
