// Kept forms of the ledger: which are there, what is in the chosen one, and filling it.
import { computed, ref, shallowRef, watch } from "vue";
import type { FormReport } from "../bindings/FormReport";
import type { FormSettings } from "../bindings/FormSettings";
import type { KeptForm } from "../bindings/KeptForm";
import { asCommandError } from "../errors";
import { t } from "../i18n";
import {
  chooseForm,
  formAdd,
  formAddContent,
  formChange,
  formDrop,
  formFill,
  formInspect,
  formList,
  formStarter,
  startInfo,
} from "../ipc";
import type { FilledForm, OnExisting } from "../ipc-types";
import { recallChoice, rememberFolder } from "../report/exporting";
import { fileName } from "../shared/files";
import { confirm, orShow, showDone } from "../shared/messages";

/** Failures after which another name helps. */
const IN_THE_WAY = ["export_exists", "export_in_use"];

export interface FillFailure {
  message: string;
  exists: boolean;
  asks: boolean;
}

export function useForms(report: () => string) {
  const forms = shallowRef<KeptForm[]>([]);
  const chosen = ref<string | null>(null);
  const found = shallowRef<FormReport | null>(null);
  const failure = ref<FillFailure | null>(null);
  const done = shallowRef<FilledForm | null>(null);
  const busy = ref(false);
  const folder = ref(recallChoice().folder);
  const form = computed(() => forms.value.find(({ id }) => id === chosen.value) ?? null);
  const open = computed(() => found.value?.findings.some(({ code }) => code !== "note") ?? false);
  let turn = 0;

  async function read(wanted: string | null = chosen.value): Promise<void> {
    forms.value = (await orShow(formList())) ?? [];
    chosen.value = forms.value.find(({ id }) => id === wanted)?.id ?? forms.value[0]?.id ?? null;
    if (folder.value === "") folder.value = (await startInfo().catch(() => null))?.documents ?? "";
  }

  async function inspect(): Promise<void> {
    const mine = ++turn;
    failure.value = null;
    if (chosen.value === null) {
      found.value = null;
      return;
    }
    try {
      const next = await formInspect(report(), chosen.value);
      if (mine === turn) found.value = next;
    } catch (thrown) {
      if (mine !== turn) return;
      found.value = null;
      failure.value = { message: asCommandError(thrown).message, exists: false, asks: false };
    }
  }

  watch([chosen, report], () => {
    done.value = null;
    found.value = null;
    void inspect();
  });

  async function added(work: Promise<KeptForm>): Promise<void> {
    const form = await orShow(work);
    if (form) await read(form.id);
  }

  async function add(): Promise<void> {
    const path = await orShow(chooseForm());
    if (path) await added(formAdd(path));
  }

  const addContent = (name: string, content: string) => added(formAddContent(name, content));

  async function change(changes: Partial<FormSettings>): Promise<void> {
    const now = form.value;
    if (!now) return;
    const settings = { ...now.settings, ...changes };
    if ((await orShow(formChange(now.id, settings).then(() => true))) === null) return;
    forms.value = forms.value.map((each) => (each.id === now.id ? { ...each, settings } : each));
    done.value = null;
    await inspect();
  }

  async function remove(id: string): Promise<void> {
    if (!(await confirm(t("forms.removeTitle"), t("forms.removeText"), t("forms.remove")))) return;
    if ((await orShow(formDrop(id).then(() => true))) !== null) await read();
  }

  async function starter(kind: "docx" | "xlsx"): Promise<string | null> {
    const path = await orShow(formStarter(kind, folder.value));
    if (path) showDone(t("forms.starterSaved", { name: fileName(path) }));
    return path;
  }

  async function fill(existing: OnExisting, leaveOpen: boolean, confirmed: boolean): Promise<void> {
    if (chosen.value === null) return;
    busy.value = true;
    failure.value = null;
    try {
      const request = { report: report(), form: chosen.value, folder: folder.value, existing };
      done.value = await formFill({ ...request, leave_open: leaveOpen, confirmed });
      rememberFolder(folder.value);
    } catch (thrown) {
      const error = asCommandError(thrown);
      const asks = error.code === "export_needs_confirmation";
      failure.value = { message: error.message, exists: IN_THE_WAY.includes(error.code), asks };
    } finally {
      busy.value = false;
    }
  }

  return {
    forms,
    chosen,
    form,
    found,
    open,
    failure,
    done,
    busy,
    folder,
    read,
    inspect,
    add,
    addContent,
    change,
    remove,
    starter,
    fill,
  };
}

export type Forms = ReturnType<typeof useForms>;
