import { z } from "zod";
import { orderId } from "../../../core/domain/identifiers.ts";
import { formatMoney } from "../../../core/domain/money.ts";
import type { OrderDraft, OrderType } from "../../../core/domain/order.ts";
import type { ExchangeGateway } from "../../../core/ports/exchange-gateway.ts";
import type { RestClient } from "./client.ts";
import type { RestResult } from "./rest-result.ts";
import { RECEIVE_WINDOW_MS } from "./client.ts";
import { cancelOutcome, submitOutcome, testOutcome } from "./error-table.ts";
import type { Params } from "./sign.ts";

const TYPES: Readonly<Record<OrderType, string>> = {
  limit: "LIMIT",
  market: "MARKET",
  "post-only": "LIMIT_MAKER",
  "immediate-or-cancel": "IMMEDIATE_OR_CANCEL",
  "fill-or-kill": "FILL_OR_KILL",
};

/** The exchange's ids are opaque, but never anything that would have to be altered to be shown or sent back. */
const idText = z.string().regex(/^[\x21-\x7e]{1,80}$/);
/** The answer carries no status: all it proves is that the exchange has taken the order under this id. */
const acknowledgement = z.object({
  orderId: idText,
  symbol: z.string().nullish(),
  side: z.string().nullish(),
  newClientOrderId: z.string().nullish(),
});
/** A cancel's answer repeats the order as it was before, or parts of it. */
const cancelAnswer = z.object({
  symbol: z.string().nullish(),
  orderId: idText.nullish(),
  origClientOrderId: z.string().nullish(),
});
const cancelAnswers = z.array(cancelAnswer);

export function createExchangeGateway(client: RestClient): ExchangeGateway {
  return {
    receiveWindowMs: RECEIVE_WINDOW_MS,
    async signingTrouble(signal) {
      const trouble = await client.signingTrouble(signal, "exit");
      return trouble === undefined ? undefined : submitOutcome(trouble).reason;
    },
    async submit({ clientOrderId, draft, at }, signal, urgency) {
      const params = { ...paramsOf(draft), newClientOrderId: clientOrderId };
      const result = await client.call({
        method: "POST",
        path: "/api/v3/order",
        params,
        signed: true,
        signal,
        // Stamped with the moment of the intent: a process that slept in between cannot place it late.
        stampedAt: at,
        ...(urgency === "exit" ? { lane: "exit" } : {}),
      });
      const acknowledged = acknowledgement.safeParse(result.kind === "ok" ? result.body : undefined);
      if (!acknowledged.success) return submitOutcome(result);
      const { data } = acknowledged;
      // An answer about another order says nothing about ours.
      const ours =
        says(data.symbol, draft.symbol) && says(data.side, params.side) && says(data.newClientOrderId, clientOrderId);
      if (!ours) return submitOutcome({ kind: "unclear", why: "the exchange's answer is about another order" });
      return { kind: "accepted", orderId: orderId(data.orderId) };
    },
    async test(draft, signal) {
      const result = await client.call({
        method: "POST",
        path: "/api/v3/order/test",
        params: paramsOf(draft),
        signed: true,
        signal,
      });
      return testOutcome(result);
    },
    async cancel({ symbol, clientOrderId, orderId: venueId }, signal) {
      // By the exchange's own id where we have it: ours may name two orders when a request was delivered twice.
      const name = venueId === undefined ? { origClientOrderId: clientOrderId } : { orderId: venueId };
      const result: RestResult = await client.call({
        method: "DELETE",
        path: "/api/v3/order",
        params: { symbol, ...name },
        signed: true,
        signal,
      });
      if (result.kind !== "ok") return cancelOutcome(result);
      const answer = cancelAnswer.safeParse(result.body);
      const ours =
        answer.success &&
        says(answer.data.symbol, symbol) &&
        (venueId === undefined || says(answer.data.orderId, venueId)) &&
        (clientOrderId === undefined || says(answer.data.origClientOrderId, clientOrderId)) &&
        (answer.data.orderId ?? answer.data.origClientOrderId ?? "") !== "";
      return cancelOutcome(ours ? result : { kind: "unclear", why: "the exchange's answer names no order of ours" });
    },
    async cancelOpen(symbol, signal) {
      const result = await client.call({
        method: "DELETE",
        path: "/api/v3/openOrders",
        params: { symbol },
        signed: true,
        signal,
      });
      if (result.kind !== "ok") return cancelOutcome(result);
      const answer = cancelAnswers.safeParse(result.body);
      const isAboutIt = answer.success && answer.data.every((row) => says(row.symbol, symbol));
      return cancelOutcome(
        isAboutIt ? result : { kind: "unclear", why: "the exchange's answer is about another market" },
      );
    },
  };
}

/** Whether a field that may be left out says what we expect. */
function says(told: string | null | undefined, expected: string): boolean {
  return told === undefined || told === null || told === "" || told === expected;
}

function paramsOf(draft: OrderDraft) {
  return {
    symbol: draft.symbol,
    side: draft.side === "buy" ? "BUY" : "SELL",
    type: TYPES[draft.type],
    ...(draft.size.kind === "base"
      ? { quantity: formatMoney(draft.size.quantity) }
      : { quoteOrderQty: formatMoney(draft.size.notional) }),
    ...(draft.limitPrice === undefined || draft.type === "market" ? {} : { price: formatMoney(draft.limitPrice) }),
  } satisfies Params;
}
