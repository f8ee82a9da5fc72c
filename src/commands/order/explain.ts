import type { App } from "../../app/app.ts";
import { selectRiskAccount } from "../../app/store/selectors.ts";
import type { OrderWords } from "../../core/domain/order-grammar.ts";
import type { OrderSize } from "../../core/domain/order.ts";
import type { Denial } from "../../core/domain/risk-request.ts";
import { assessRisk } from "../../core/domain/risk.ts";
import { ACTIVE } from "../../core/domain/trading-state.ts";
import type { CommandContext } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { beforeAnyOrder, bracketFault, deniedFault } from "./order-faults.ts";
import type { PlannedOrder } from "./plan-asked.ts";
import { draftToSend, planAsked } from "./plan-asked.ts";
import { printPlan } from "./plan-view.ts";

/** Everything but the send: the canonical form, every step that led to it, and what the rules say. */
export function explain(
  { withApp, options, print, signal, fail }: CommandContext,
  words: OrderWords,
): Promise<ExitCode> {
  return withApp(async (app) => {
    const { planned, denials } = await beforeAnyOrder(async () => {
      const made = await planAsked(app, words, "book", signal);
      return { planned: made, denials: await judge(app, made, signal) };
    });
    printPlan(print, planned, denials);
    if (denials.length > 0) {
      const told = deniedFault(denials);
      return fail(told.fault, told.exitCode);
    }
    for (const { message, hint } of planned.bracket?.hindrances ?? []) print.warn(`${message} ${hint}`);
    if ((isGivenOffGrid(planned) || bracketFault(planned, false) !== undefined) && !options.has("round"))
      print.warn("The numbers given are off the market's grid: without --round they are denied instead of rounded.");
    print.progress("Nothing was sent.");
    return EXIT_CODES.ok;
  });
}

/** Without an account the rules judge by what is known without one. */
async function judge(app: App, { plan, instrument }: PlannedOrder, signal: AbortSignal): Promise<readonly Denial[]> {
  const { draft } = plan;
  if (app.accountId !== undefined) return app.judgeOrder(draft, signal);
  const now = app.now();
  const account = selectRiskAccount(app.store.getState(), now);
  const { limits } = app;
  const verdict = assessRisk({ draft, instrument, limits, tradingState: ACTIVE, now, purpose: "usual", account });
  return verdict.kind === "denied" ? verdict.denials : [];
}

/** Whether rounding changed a number that was typed, as opposed to one that was worked out. */
function isGivenOffGrid(planned: PlannedOrder): boolean {
  const [given, rounded] = [draftToSend(planned, false), planned.plan.draft];
  return given.limitPrice !== rounded.limitPrice || amountOf(given.size) !== amountOf(rounded.size);
}

function amountOf(size: OrderSize): bigint {
  return size.kind === "base" ? size.quantity : size.notional;
}
