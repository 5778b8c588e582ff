// A notice of something done, with the way to take it back beside it; gone as soon as anything else is done.
import { ElMessage } from "element-plus";
import { h } from "vue";
import { onChanged } from "../changes";
import { t } from "../i18n";

const DURATION_MS = 15_000;

let closeLast = (): void => undefined;

export function showUndoable(text: string, undo: () => void): void {
  closeLast();
  let isOpen = true;
  const takeBack = (): void => {
    // A notice that fades away can still be hit.
    if (!isOpen) return;
    close();
    undo();
  };
  const button = { type: "button", class: "undo-toast-button", "data-testid": "toast-undo", onClick: takeBack };
  const message = h("span", [h("span", text), h("button", button, t("app.undo"))]);
  const shown = ElMessage({ message, type: "success", duration: DURATION_MS, showClose: true });
  // Undo takes the last thing back: after another change that is no longer this one.
  const end = onChanged(() => close());
  const close = (): void => {
    isOpen = false;
    end();
    shown.close();
  };
  closeLast = close;
}
