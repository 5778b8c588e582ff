// The roles a new ledger offers before it has a dictionary of its own; the codes are those that every ledger starts with.
import type { MessageKey } from "../i18n";

export const ROLES: { code: string; label: MessageKey }[] = [
  { code: "first_secretary", label: "start.roles.first_secretary" },
  { code: "leader", label: "start.roles.leader" },
  { code: "member", label: "start.roles.member" },
];
