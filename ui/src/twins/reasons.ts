// Why two records may be the same, in words.
import type { TwinReason } from "../bindings/TwinReason";
import { t } from "../i18n";

/** A reason in a few words; its people by name. */
export function reasonText(reason: TwinReason): string {
  const who = "persons" in reason ? reason.persons.map((person) => person.name).join("、") : "";
  switch (reason.kind) {
    case "same_id_number":
      return who === "" ? t("twins.reasons.someIdNumber") : t("twins.reasons.sameIdNumber", { who });
    case "same_number":
      return t("twins.reasons.sameNumber");
    case "same_person_number":
      return t("twins.reasons.samePersonNumber", { who });
    case "same_head_same_village":
      return t("twins.reasons.sameHead", { who });
    case "same_person_same_village":
      return t("twins.reasons.samePerson", { who });
    case "namesake":
      return t("twins.reasons.namesake", { who });
    case "same_visit":
      return t("twins.reasons.sameVisit");
    case "same_project":
      return t("twins.reasons.sameProject");
  }
}

export const reasonsText = (reasons: TwinReason[]): string => reasons.map(reasonText).join("；");

/** Whether anything says that the two may be the same; a mere namesake does not. */
export const isLikely = (reasons: TwinReason[]): boolean => reasons.some(({ kind }) => kind !== "namesake");
