// Reminders under the header: which were put away until the program is started again, and what they say of a place.
import { reactive } from "vue";
import { t } from "../i18n";
import type { Whereabouts } from "../ipc-types";

export const putAway = reactive(new Set<string>());
export const putAwayPlaces = reactive(new Set<string>());

export function placeWords(place: Whereabouts): string {
  return place.kind === "synced"
    ? t("protection.placeSynced", { name: place.name })
    : t(`protection.place.${place.kind}`);
}
