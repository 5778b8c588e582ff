// A template as a file: out to where the user says, and in as a draft that is looked at before it is stored.
import type { UserOutline } from "../bindings/UserOutline";
import { t } from "../i18n";
import { chooseOutline, chooseOutlinePlace, outlineRead, outlineWrite } from "../ipc";
import { fileName } from "../shared/files";
import { orShow, showDone } from "../shared/messages";

/** A file that was read and waits for the editor. */
let brought: UserOutline | null = null;

export function takeBrought(): UserOutline | null {
  const outline = brought;
  brought = null;
  return outline;
}

/** Reads a file that the user chooses; answers whether there is one to edit now. */
export async function bringFile(): Promise<boolean> {
  const path = await orShow(chooseOutline());
  return path ? bring(path) : false;
}

export async function bring(path: string): Promise<boolean> {
  brought = await orShow(outlineRead(path));
  return brought !== null;
}

export async function sendFile(outline: UserOutline): Promise<void> {
  const path = await orShow(chooseOutlinePlace(outline.title));
  if (!path) return;
  if ((await orShow(outlineWrite(path, outline).then(() => true))) === true) {
    showDone(t("outline.exported", { name: fileName(path) }));
  }
}
