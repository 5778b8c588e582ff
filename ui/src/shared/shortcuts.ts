// Keys of the window: one listener, the part opened last answers first, and never while an input method composes.
import { onBeforeUnmount, onMounted } from "vue";

/** Whether a key belongs to an input method that is choosing characters. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Answers false to leave the key to somebody else. */
export type KeyHandler = (event: KeyboardEvent) => boolean | void;

const stack: Record<string, KeyHandler>[] = [];

/** Name of a key with its modifiers, such as `ctrl+shift+z`. */
export function keyName(event: KeyboardEvent): string {
  const modifiers = [
    event.ctrlKey || event.metaKey ? "ctrl" : "",
    event.shiftKey ? "shift" : "",
    event.altKey ? "alt" : "",
  ];
  return [...modifiers.filter(Boolean), event.key.toLowerCase()].join("+");
}

/** Whether typing goes into the element, which then has an undo of its own. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement || target.isContentEditable) return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type) && !target.readOnly
  );
}

function shown(selector: string): boolean {
  return [...document.querySelectorAll<HTMLElement>(selector)].some((element) => element.getClientRects().length > 0);
}

/** A dialog answers every key itself; an opened drop-down those without Ctrl. */
function keptByOverlay(name: string): boolean {
  return shown(".el-overlay") || (!name.startsWith("ctrl+") && shown(".el-select__popper, .el-picker__popper"));
}

function onKey(event: KeyboardEvent): void {
  const name = keyName(event);
  if (isComposing(event) || event.defaultPrevented || keptByOverlay(name)) return;
  for (const handlers of [...stack].reverse()) {
    const handler = handlers[name];
    if (handler && handler(event) !== false) {
      event.preventDefault();
      return;
    }
  }
}

/** Answers keys while the component is on screen. */
export function useShortcuts(handlers: Record<string, KeyHandler>): void {
  onMounted(() => {
    if (stack.length === 0) window.addEventListener("keydown", onKey);
    stack.push(handlers);
  });
  onBeforeUnmount(() => {
    stack.splice(stack.indexOf(handlers), 1);
    if (stack.length === 0) window.removeEventListener("keydown", onKey);
  });
}
