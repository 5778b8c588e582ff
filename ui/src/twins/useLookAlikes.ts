// What looks like the record that is being typed, asked for a moment after typing.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";
import type { Household } from "../bindings/Household";
import type { Id } from "../bindings/Id";
import type { LookAlike } from "../bindings/LookAlike";
import type { Project } from "../bindings/Project";
import type { Visit } from "../bindings/Visit";
import { useChanged } from "../changes";
import { twinsLike } from "../ipc";
import type { Draft } from "../shared/paths";

export type TwinKind = "household" | "visit" | "project";

const DELAY_MS = 450;

/** The part of a draft by which a twin is told; nothing while there is not enough of it. */
function clues(kind: TwinKind, draft: Draft): string {
  if (kind === "visit") {
    const { day, mode, household_ids } = draft as unknown as Visit;
    return household_ids.length === 0 ? "" : JSON.stringify([day, mode, household_ids]);
  }
  if (kind === "project") {
    const { name, impl_year, plan_year } = draft as unknown as Project;
    return name.trim() === "" ? "" : JSON.stringify([name, impl_year, plan_year]);
  }
  const { village_id, ext_no, members } = draft as unknown as Household;
  const people = members.map(({ name, relation, id_number, ext_no: number, birth, sex }) => [
    name,
    relation,
    id_number,
    number,
    birth,
    sex,
  ]);
  const isNamed = ext_no !== "" || members.some(({ name, id_number }) => name !== "" || id_number !== "");
  return isNamed ? JSON.stringify([village_id, ext_no, people]) : "";
}

export function useLookAlikes(kind: TwinKind, id: () => Id | null, draft: () => Draft): ShallowRef<LookAlike[]> {
  const found = shallowRef<LookAlike[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;

  async function ask(): Promise<void> {
    const mine = ++turn;
    // A form half typed may not be readable yet; then there is nothing to say about it.
    const answer = await twinsLike(kind, id(), draft()).catch(() => []);
    if (mine === turn) found.value = answer;
  }

  function askSoon(): void {
    clearTimeout(timer);
    turn += 1;
    if (clues(kind, draft()) === "") found.value = [];
    else timer = setTimeout(() => void ask(), DELAY_MS);
  }

  watch(() => clues(kind, draft()), askSoon, { immediate: true });
  useChanged([kind], askSoon);
  onScopeDispose(() => clearTimeout(timer));
  return found;
}
