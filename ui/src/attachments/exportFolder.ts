// Where photos were exported to last time.
const MEMORY = "zhucunji.album";

export function recallFolder(): string {
  try {
    return localStorage.getItem(MEMORY) ?? "";
  } catch {
    return "";
  }
}

export function rememberFolder(folder: string): void {
  try {
    localStorage.setItem(MEMORY, folder);
  } catch {
    // A full or forbidden storage costs only the memory of the folder.
  }
}
