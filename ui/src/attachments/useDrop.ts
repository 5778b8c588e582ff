// Files dragged over a part of the window, or pasted while it is open.
import { onBeforeUnmount, onMounted, ref, type Ref } from "vue";
import { isTextField } from "../shared/shortcuts";
import { hasFiles, pastedFiles } from "./picks";

export function useDrop(part: () => HTMLElement | null, take: (files: File[]) => void): { isOver: Ref<boolean> } {
  const isOver = ref(false);
  let depth = 0;
  let target: HTMLElement | null = null;

  function enter(event: DragEvent): void {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    depth += 1;
    isOver.value = true;
  }

  function over(event: DragEvent): void {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    isOver.value = true;
  }

  function leave(event: DragEvent): void {
    depth = Math.max(0, depth - 1);
    const to = event.relatedTarget;
    if (depth === 0 || !(to instanceof Node && target?.contains(to))) end();
  }

  function end(): void {
    depth = 0;
    isOver.value = false;
  }

  function drop(event: DragEvent): void {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    end();
    take([...(event.dataTransfer?.files ?? [])]);
  }

  function paste(event: ClipboardEvent): void {
    const files = pastedFiles(event.clipboardData);
    if (event.defaultPrevented || files.length === 0) return;
    // A field of another part of the window keeps what is pasted into it.
    if (isTextField(event.target) && !target?.contains(event.target as Node)) return;
    event.preventDefault();
    take(files);
  }

  onMounted(() => {
    target = part();
    target?.addEventListener("dragenter", enter);
    target?.addEventListener("dragover", over);
    target?.addEventListener("dragleave", leave);
    target?.addEventListener("drop", drop);
    window.addEventListener("paste", paste);
  });
  onBeforeUnmount(() => {
    target?.removeEventListener("dragenter", enter);
    target?.removeEventListener("dragover", over);
    target?.removeEventListener("dragleave", leave);
    target?.removeEventListener("drop", drop);
    window.removeEventListener("paste", paste);
  });

  return { isOver };
}
