import { z } from "zod";
import { orderId } from "../../../core/domain/identifiers.ts";
import { formatMoney } from "../../../core/domain/money.ts";
import type { OrderDraft, OrderType } from "../../../core/domain/order.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { ExchangeGateway } from "../../../core/ports/exchange-gateway.ts";
import type { RestClient, RestResult } from "./client.ts";
import { RECEIVE_WINDOW_MS } from "./client.ts";
import { cancelOutcome, submitOutcome } from "./error-table.ts";
import type { Params } from "./sign.ts";

const TYPES: Readonly<Record<OrderType, string>> = {
  limit: "LIMIT",
  market: "MARKET",
  "post-only": "LIMIT_MAKER",
  "immediate-or-cancel": "IMMEDIATE_OR_CANCEL",
  "fill-or-kill": "FILL_OR_KILL",
};

const acknowledgement = z.object({ orderId: z.string().min(1) });

export function createExchangeGateway(client: RestClient): ExchangeGateway {
  return {
    receiveWindowMs: RECEIVE_WINDOW_MS,
    async submit({ clientOrderId, draft, at }, signal) {
      const params = { ...paramsOf(draft), newClientOrderId: clientOrderId };
      // Stamped with the moment of the intent: a process that slept in between cannot place it late.
      const call = { method: "POST", path: "/api/v3/order", params, signed: true, signal, stampedAt: at } as const;
      const result = await client.call(call);
      const accepted = acknowledgement.safeParse(result.kind === "ok" ? result.body : undefined);
      // The answer carries no status: all it proves is that the exchange has taken the order under this id.
      if (accepted.success) return { kind: "accepted", orderId: orderId(safeText(accepted.data.orderId, 80)) };
      return submitOutcome(result);
    },
    async test(draft, signal) {
      const result = await client.call({
        method: "POST",
        path: "/api/v3/order/test",
        params: paramsOf(draft),
        signed: true,
        signal,
      });
      return result.kind === "ok" ? { kind: "valid" } : submitOutcome(result);
    },
    async cancel({ symbol, clientOrderId, orderId: venueId }, signal) {
      const name = clientOrderId === undefined ? { orderId: venueId } : { origClientOrderId: clientOrderId };
      const result: RestResult = await client.call({
        method: "DELETE",
        path: "/api/v3/order",
        params: { symbol, ...name },
        signed: true,
        signal,
      });
      return cancelOutcome(result);
    },
  };
}

function paramsOf(draft: OrderDraft): Params {
  return {
    symbol: draft.symbol,
    side: draft.side === "buy" ? "BUY" : "SELL",
    type: TYPES[draft.type],
    ...(draft.size.kind === "base"
      ? { quantity: formatMoney(draft.size.quantity) }
      : { quoteOrderQty: formatMoney(draft.size.notional) }),
    ...(draft.limitPrice === undefined || draft.type === "market" ? {} : { price: formatMoney(draft.limitPrice) }),
  };
}
