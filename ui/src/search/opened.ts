// The one search of the window: whether it is open, and what was typed last. Nothing of it is kept when the program ends.
import { readonly, ref, watch } from "vue";
import { search as ask } from "../ipc";
import { session } from "../session";
import { showFailure } from "../shared/messages";
import { createSearch } from "./search";

const open = ref(false);

export const searchIsOpen = readonly(open);
export const search = createSearch(ask, showFailure);

export function openSearch(): void {
  open.value = session.ledger !== null;
}

export function closeSearch(): void {
  open.value = false;
}

// Names typed in one ledger are not shown in another.
watch(
  () => session.ledger?.path,
  () => {
    search.reset();
    closeSearch();
  },
);
