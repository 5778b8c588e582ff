// Small pictures, asked for when they come into sight and kept as long as there is room.
import type { Id } from "../bindings/Id";
import { attachmentPicture } from "../ipc";

const MOST = 600;
const kept = new Map<string, Promise<string>>();

/** The small picture of a photo in one of its turns. */
export function thumbnail(id: Id, turned: number): Promise<string> {
  const key = `${id} ${turned}`;
  const known = kept.get(key);
  if (known) return known;
  const asked = attachmentPicture(id, "thumbnail");
  asked.catch(() => kept.delete(key));
  kept.set(key, asked);
  if (kept.size > MOST) {
    for (const oldest of kept.keys()) {
      kept.delete(oldest);
      break;
    }
  }
  return asked;
}

const waiting = new WeakMap<Element, () => void>();
const observer =
  typeof IntersectionObserver === "undefined"
    ? null
    : new IntersectionObserver(
        (entries) => {
          for (const { isIntersecting, target } of entries) {
            if (!isIntersecting) continue;
            waiting.get(target)?.();
            forget(target);
          }
        },
        { rootMargin: "200px" },
      );

/** Calls once, when the element comes near the screen. */
export function whenSeen(element: Element, then: () => void): void {
  if (observer === null) return then();
  waiting.set(element, then);
  observer.observe(element);
}

export function forget(element: Element): void {
  waiting.delete(element);
  observer?.unobserve(element);
}
