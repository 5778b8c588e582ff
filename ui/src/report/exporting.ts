// Exporting as the user meets it: what was chosen last time, and what became of it.
import { computed, reactive, ref } from "vue";
import { asCommandError } from "../errors";
import { chooseFolder, reportExport, startInfo } from "../ipc";
import type { ExportedFile, ExportFormat, OnExisting } from "../ipc-types";

export const FORMATS: readonly ExportFormat[] = ["docx", "pdf", "xlsx"];
/** Failures after which another name helps. */
const IN_THE_WAY = ["export_exists", "export_in_use"];
const MEMORY = "zhucunji.export";

interface Choice {
  folder: string;
  formats: ExportFormat[];
}

/** The choice of last time; anything that is not one is forgotten. */
export function recallChoice(): Choice {
  try {
    const { folder, formats } = JSON.parse(localStorage.getItem(MEMORY) ?? "{}") as Partial<Choice>;
    const known = Array.isArray(formats) ? FORMATS.filter((format) => formats.includes(format)) : [];
    return { folder: typeof folder === "string" ? folder : "", formats: known.length > 0 ? known : ["docx", "pdf"] };
  } catch {
    return { folder: "", formats: ["docx", "pdf"] };
  }
}

function remember(choice: Choice): void {
  try {
    localStorage.setItem(MEMORY, JSON.stringify(choice));
  } catch {
    // A full or forbidden storage costs only the memory of the folder.
  }
}

export function useExporting(report: () => string) {
  const choice = reactive(recallChoice());
  const busy = ref(false);
  const files = ref<ExportedFile[]>([]);
  /** What went wrong; `exists` if a file of that name is in the way and the report may be written beside it. */
  const failure = ref<{ message: string; exists: boolean } | null>(null);
  const ready = computed(() => choice.folder !== "" && choice.formats.length > 0);

  async function start(): Promise<void> {
    files.value = [];
    failure.value = null;
    if (choice.folder === "") choice.folder = (await startInfo().catch(() => null))?.documents ?? "";
  }

  async function choose(): Promise<boolean> {
    try {
      const folder = await chooseFolder(choice.folder || null);
      if (folder === null) return false;
      choice.folder = folder;
      failure.value = null;
      return true;
    } catch (thrown) {
      failure.value = { message: asCommandError(thrown).message, exists: false };
      return false;
    }
  }

  async function run(existing: OnExisting): Promise<void> {
    busy.value = true;
    failure.value = null;
    try {
      // Always in the same order, however they were ticked.
      const formats = FORMATS.filter((format) => choice.formats.includes(format));
      files.value = (await reportExport(report(), choice.folder, formats, existing)).files;
      remember({ folder: choice.folder, formats });
    } catch (thrown) {
      const error = asCommandError(thrown);
      failure.value = { message: error.message, exists: IN_THE_WAY.includes(error.code) };
    } finally {
      busy.value = false;
    }
  }

  return { choice, busy, files, failure, ready, start, choose, run };
}
