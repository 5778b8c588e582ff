// Failures of commands as the window meets them: a code to decide by, a Chinese text to show, findings by field.
import type { Failure } from "./bindings/Failure";
import type { Finding } from "./bindings/Finding";
import { t } from "./i18n";

/** A refused command. */
export class CommandError extends Error {
  readonly code: string;
  readonly findings: Finding[];

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "CommandError";
    this.code = failure.code;
    this.findings = failure.findings;
  }
}

function isFailure(value: unknown): value is Failure {
  if (typeof value !== "object" || value === null) return false;
  return "code" in value && "message" in value && typeof value.message === "string";
}

/** Whatever was thrown, as a CommandError; what the core did not word gets a plain Chinese text. */
export function asCommandError(thrown: unknown): CommandError {
  if (thrown instanceof CommandError) return thrown;
  if (isFailure(thrown)) return new CommandError({ ...thrown, findings: thrown.findings ?? [] });
  console.error(thrown);
  return new CommandError({ code: "unknown", message: t("errors.unknown"), findings: [] });
}
