// Numbers of people in a list: covered by the core, shown whole once somebody asks for them; the core notes who.
import { computed, ref } from "vue";
import type { Kind } from "../../bindings/Kind";
import type { ListNumbers } from "../../bindings/ListNumbers";
import type { ListPage } from "../../bindings/ListPage";
import type { ListQuery } from "../../bindings/ListQuery";
import { numbersCover, numbersShow } from "../../ipc";
import { orShow } from "../messages";

export function useNumbers(kind: Kind, query: () => ListQuery, reload: () => void) {
  /** What the list's pages said so far: one page may hold no number while another does. */
  const numbers = ref<ListNumbers>("none");
  const isWhole = computed(() => numbers.value === "whole");

  function noted(page: ListPage): ListPage {
    if (page.numbers !== "none") numbers.value = page.numbers;
    return page;
  }

  async function toggle(): Promise<void> {
    const asked = isWhole.value ? numbersCover(kind) : numbersShow({ of: "list", kind, query: query() });
    if ((await orShow(asked.then(() => true))) === null) return;
    // Covered, no page of theirs may be left to say otherwise.
    if (isWhole.value) numbers.value = "covered";
    reload();
  }

  return { numbers, isWhole, noted, toggle };
}
