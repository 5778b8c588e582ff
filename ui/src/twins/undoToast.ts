// A notice of something done, with the way to take it back beside it; gone as soon as anything else is done.
import { ElMessage } from "element-plus";
import { h } from "vue";
import { onChanged } from "../changes";
import { t } from "../i18n";

let closeLast = (): void => undefined;

export function showUndoable(text: string, undo: () => void): void {
  closeLast();
  const message = h("span", [
    h("span", text),
    h(
      "button",
      {
        type: "button",
        class: "undo-toast-button",
        "data-testid": "toast-undo",
        onClick: () => {
          closeLast();
          undo();
        },
      },
      t("app.undo"),
    ),
  ]);
  const shown = ElMessage({ message, type: "success", duration: 10_000, showClose: true });
  // Undo takes the last thing back: after another change that is no longer this one.
  const end = onChanged(() => closeLast());
  closeLast = () => {
    end();
    closeLast = () => undefined;
    shown.close();
  };
}
