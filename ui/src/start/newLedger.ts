// The one page that makes a ledger: what it asks, what is missing, where the file goes.
import type { NewLedger } from "../bindings/NewLedger";
import type { MessageKey } from "../i18n";

export function blankLedger(): NewLedger {
  return {
    team: "",
    province: "",
    city: "",
    county: "",
    township: "",
    villages: [{ name: "", hamlets: [] }],
    members: [{ name: "", role: "first_secretary" }],
  };
}

/** Fields still to be filled in, with what to say of each. */
export function missing(ledger: NewLedger): Partial<Record<"team" | "township" | "villages", MessageKey>> {
  return {
    ...(ledger.team.trim() === "" && { team: "start.needTeam" }),
    ...(ledger.township.trim() === "" && { township: "start.needTownship" }),
    ...(ledger.villages.every(({ name }) => name.trim() === "") && { villages: "start.needVillage" }),
  };
}

/** Without the lines that were left empty. */
export function tidied(ledger: NewLedger): NewLedger {
  const filled = ({ name }: { name: string }) => name.trim() !== "";
  return { ...ledger, villages: ledger.villages.filter(filled), members: ledger.members.filter(filled) };
}

/** The suggested path with the ledger's own name for the file; characters no file system takes are left out. */
export function proposedPath(suggested: string, name: string): string {
  const clean = name.replace(/[\\/:*?"<>|\s]/g, "").slice(0, 60);
  if (clean === "") return suggested;
  return suggested.replace(/[^\\/]*$/, `${clean}.zcj`);
}
