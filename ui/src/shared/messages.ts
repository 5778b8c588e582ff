// Short notices at the top of the window, and the question before something is removed.
import { ElMessage, ElMessageBox } from "element-plus";
import { asCommandError } from "../errors";
import { t } from "../i18n";

/** Below the header, and clicks go through it: what passes by is in nobody's way. */
export function showDone(text: string): void {
  ElMessage({
    message: text,
    type: "success",
    duration: 2200,
    grouping: true,
    offset: 60,
    customClass: "passing-notice",
  });
}

/** A failure stays longer: it says what to do. */
export function showFailure(thrown: unknown): void {
  ElMessage({
    message: asCommandError(thrown).message,
    type: "error",
    duration: 8000,
    showClose: true,
    grouping: true,
  });
}

/** What must not pass unread stays until it is put away. */
export function showWarning(text: string): void {
  ElMessage({ message: text, type: "warning", duration: 0, showClose: true, grouping: true });
}

/** Runs a command; a failure is shown and answered with null. */
export async function orShow<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (thrown) {
    showFailure(thrown);
    return null;
  }
}

/** Asks before something that the user may not mean; the safe button has the focus. */
export async function confirm(title: string, text: string, verb: string): Promise<boolean> {
  const answer = await ElMessageBox.confirm(text, title, {
    confirmButtonText: verb,
    cancelButtonText: t("common.cancel"),
    autofocus: false,
    closeOnClickModal: false,
  }).catch(() => "cancel");
  return answer === "confirm";
}

/** Asks which of two is meant; null where neither is. */
export async function chooseOf(
  title: string,
  text: string,
  first: string,
  second: string,
): Promise<"first" | "second" | null> {
  const answer = await ElMessageBox.confirm(text, title, {
    confirmButtonText: first,
    cancelButtonText: second,
    distinguishCancelAndClose: true,
    autofocus: false,
    closeOnClickModal: false,
  }).catch((how: unknown) => how);
  if (answer === "confirm") return "first";
  return answer === "cancel" ? "second" : null;
}
