// A notice of something done, with the way to take it back beside it.
import { ElMessage } from "element-plus";
import { h } from "vue";
import { t } from "../i18n";

export function showUndoable(text: string, undo: () => void): void {
  const message = h("span", { class: "undo-toast" }, [
    h("span", text),
    h(
      "button",
      {
        type: "button",
        class: "undo-toast-button",
        "data-testid": "toast-undo",
        onClick: () => {
          shown.close();
          undo();
        },
      },
      t("app.undo"),
    ),
  ]);
  const shown = ElMessage({ message, type: "success", duration: 10_000, showClose: true });
}
