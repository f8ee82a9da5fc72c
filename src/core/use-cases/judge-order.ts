import type { OrderDraft } from "../domain/order.ts";
import type { Denial } from "../domain/risk-request.ts";
import { assessRisk } from "../domain/risk.ts";
import { gatherRisk } from "./gather-risk.ts";
import type { TradingContext } from "./trading-context.ts";

/** What our rules say of a draft at this moment: every objection, none if it would be sent. Sends and records nothing. */
export async function judgeOrder(
  context: TradingContext,
  draft: OrderDraft,
  signal: AbortSignal,
): Promise<readonly Denial[]> {
  const instrument = await context.instrument(draft.symbol, signal);
  const verdict = assessRisk(await gatherRisk(context, { draft, instrument, purpose: "usual" }, signal));
  return verdict.kind === "denied" ? verdict.denials : [];
}
