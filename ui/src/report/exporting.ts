// Exporting as the user meets it: what was chosen last time, and what became of it.
import { computed, reactive, ref, watch } from "vue";
import { asCommandError } from "../errors";
import { reportExport, startInfo } from "../ipc";
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

/** The folder in which the user last saved something. */
export function rememberFolder(folder: string): void {
  remember({ ...recallChoice(), folder });
}

export function useExporting(report: () => string) {
  const choice = reactive(recallChoice());
  const busy = ref(false);
  const files = ref<ExportedFile[]>([]);
  /** 核对稿: every figure with its number, and the table that proves it. */
  const review = ref(false);
  /** 照片册 of the period beside the report. */
  const photos = ref(false);
  /** Whether the finished files were read again and nothing unmasked was found; nothing where 内部 masks nothing. */
  const unmasked = ref<number | null>(null);
  const notes = ref<string[]>([]);
  /** What went wrong; `exists` if a file of that name is in the way, `asks` if an unmasked export wants a yes. */
  const failure = ref<{ message: string; exists: boolean; asks: boolean } | null>(null);
  let confirmed = false;
  const ready = computed(() => {
    const formats = choice.formats.filter((format) => !(review.value && format === "xlsx"));
    return choice.folder !== "" && formats.length > 0;
  });

  async function start(): Promise<void> {
    files.value = [];
    failure.value = null;
    confirmed = false;
    if (choice.folder === "") choice.folder = (await startInfo().catch(() => null))?.documents ?? "";
  }

  // What was in the way lies in the folder chosen before.
  watch(
    () => choice.folder,
    () => (failure.value = null),
  );

  async function run(existing: OnExisting): Promise<void> {
    busy.value = true;
    failure.value = null;
    try {
      // Always in the same order, however they were ticked.
      const formats = FORMATS.filter((format) => choice.formats.includes(format));
      // 核对稿 has no sheets of its own: its workbook would be the report's once more.
      const wanted = review.value ? formats.filter((format) => format !== "xlsx") : formats;
      const request = {
        folder: choice.folder,
        formats: wanted,
        existing,
        review: review.value,
        photos: photos.value,
        confirmed,
      };
      const done = await reportExport(report(), request);
      files.value = done.files;
      unmasked.value = done.unmasked;
      notes.value = done.notes;
      remember({ folder: choice.folder, formats });
    } catch (thrown) {
      const error = asCommandError(thrown);
      const asks = error.code === "export_needs_confirmation";
      failure.value = { message: error.message, exists: IN_THE_WAY.includes(error.code), asks };
    } finally {
      busy.value = false;
    }
  }

  /** An unmasked export, meant and said so. */
  async function runUnmasked(): Promise<void> {
    confirmed = true;
    await run("ask");
  }

  return { choice, review, photos, busy, files, unmasked, notes, failure, ready, start, run, runUnmasked };
}
