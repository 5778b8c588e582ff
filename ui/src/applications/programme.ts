// What an application takes from its programme: the step it stands at, the amount a rate comes to.
import type { Application } from "../bindings/Application";
import type { Fen } from "../bindings/Fen";
import type { Programme } from "../bindings/Programme";
import type { Stage } from "../bindings/Stage";
import { t } from "../i18n";
import { SIDE_STAGES } from "../programmes/fields";

export interface StepChoice {
  name: string;
  stage: Stage;
}

/** The side states that every programme has; their names are what the core keeps. */
export function sideSteps(): StepChoice[] {
  return SIDE_STAGES.map((stage) => ({ stage, name: t(`programme.stage.${stage}`) }));
}

/** Rate times quantity (in hundredths), at most the cap, in whole 分. */
export function proposedAmount(rate: Fen, quantity: number | null, cap: Fen | null): Fen {
  const amount = quantity === null ? BigInt(rate) : (BigInt(rate) * BigInt(quantity) + 50n) / 100n;
  return cap !== null && amount > BigInt(cap) ? cap : Number(amount);
}

/** Changes that choosing a programme brings: what no longer fits is emptied, what is certain is filled in. */
export function fitProgramme(application: Application, programme: Programme): Partial<Application> {
  const changes: Partial<Application> = {};
  if (!programme.terms.includes(application.term))
    changes.term = programme.terms.length === 1 ? programme.terms[0] : "";
  if (programme.per_household) changes.member_id = null;
  if (programme.year !== null) changes.year = programme.year;
  const isSide = sideSteps().some(({ stage }) => stage === application.stage);
  const first = programme.steps[0];
  if (!isSide && first && !programme.steps.some(({ name }) => name === application.step)) {
    changes.step = first.name;
    changes.stage = first.stage;
  }
  const [rate, ...others] = programme.rates;
  if (application.amount_applied === null && rate && others.length === 0) {
    changes.amount_applied = proposedAmount(rate.amount, application.quantity, programme.cap);
  }
  return changes;
}

/** Changes that reaching a step brings: its meaning, a line of history, and the day where it is not yet known. */
export function reachStep(application: Application, step: StepChoice, day: string): Partial<Application> {
  const changes: Partial<Application> = { step: step.name, stage: step.stage };
  const last = application.history[application.history.length - 1];
  if (last?.step !== step.name) {
    changes.history = [...application.history, { day, step: step.name, actor: "", note: "" }];
  }
  const applied = ["submitted", "approved", "paid", "returned"].includes(step.stage);
  if (applied && application.applied_on === null) changes.applied_on = day;
  if ((step.stage === "approved" || step.stage === "paid") && application.approved_on === null)
    changes.approved_on = day;
  if (step.stage === "paid" && application.paid_on === null) changes.paid_on = day;
  return changes;
}
