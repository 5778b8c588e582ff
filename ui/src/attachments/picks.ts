// What was chosen, dropped or pasted, before it is read: a file is opened only when its turn comes.
import type { PhotoSource } from "../ipc-types";
import { fileName } from "../shared/files";

export interface Pick {
  name: string;
  source: () => Promise<PhotoSource>;
}

export function pickOfPath(path: string): Pick {
  return { name: fileName(path), source: () => Promise.resolve({ path }) };
}

export function pickOfFile(file: File): Pick {
  return { name: file.name, source: async () => ({ content: [file.name, await base64Of(file)] }) };
}

/** The browser's own way to base64 keeps the window awake with files of many megabytes. */
function base64Of(file: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => failed(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(file);
  });
}

export function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer !== null && [...transfer.types].includes("Files");
}

/** What a paste brings: pictures alone; copied text or cells that have a picture beside them are text. */
export function pastedFiles(clipboard: DataTransfer | null): File[] {
  if (clipboard === null || clipboard.getData("text/plain") !== "") return [];
  return [...clipboard.files];
}

/** The name that a picture from the clipboard gets: browsers call them all the same. */
export function named(file: File, name: string): File {
  return /^image\.\w+$/.test(file.name) ? new File([file], name, { type: file.type }) : file;
}

/** An id like the core's; a batch holds together what comes in one go. */
export function freshBatch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
