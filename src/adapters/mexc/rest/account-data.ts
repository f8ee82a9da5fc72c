import { z } from "zod";
import type { AccountData } from "../../../core/ports/account-data.ts";
import { accountSchema, fillSchema, orderSchema, toBalances, toFill, toOrderReport } from "../to-domain/account.ts";
import { unreadable } from "../to-domain/unreadable.ts";
import { ask } from "./ask.ts";
import type { RestClient } from "./client.ts";
import { faultOf, UNKNOWN_ORDER_CODES } from "./error-table.ts";
import type { Params } from "./sign.ts";

const MOST_ROWS = 1_000;

export function createAccountData(client: RestClient): AccountData {
  const get = <T extends z.ZodType>(path: string, params: Params, schema: T, what: string, signal: AbortSignal) =>
    ask(client, { method: "GET", path: `/api/v3/${path}`, params, signed: true, signal }, schema, what);

  return {
    async findOrder({ symbol, clientOrderId, orderId }, signal) {
      const name = clientOrderId === undefined ? { orderId } : { origClientOrderId: clientOrderId };
      const result = await client.call({
        method: "GET",
        path: "/api/v3/order",
        params: { symbol, ...name },
        signed: true,
        signal,
      });
      if (result.kind === "refused" && UNKNOWN_ORDER_CODES.has(result.code)) return { kind: "not-found" };
      if (result.kind !== "ok") throw faultOf(result, "asking for the order");
      const parsed = orderSchema.safeParse(result.body);
      if (!parsed.success) throw unreadable(`the order: ${parsed.error.issues[0]?.message ?? ""}`);
      return { kind: "found", report: toOrderReport(parsed.data) };
    },
    async fetchBalances(signal) {
      // Taken before asking, so that every push after this moment counts as newer.
      const askedAt = Math.round(client.exchangeNow());
      return toBalances(await get("account", {}, accountSchema, "asking the balances", signal), askedAt);
    },
    async fetchOpenOrders(symbol, signal) {
      const params = symbol === undefined ? {} : { symbol };
      const rows = await get("openOrders", params, z.array(orderSchema), "asking the open orders", signal);
      return rows.map(toOrderReport);
    },
    async fetchOrders({ symbol, since }, signal) {
      const window =
        since === undefined ? {} : { startTime: since, endTime: Math.round(client.exchangeNow()) + 60_000 };
      const params = { symbol, ...window, limit: MOST_ROWS };
      const rows = await get("allOrders", params, z.array(orderSchema), "asking the orders", signal);
      return rows.map(toOrderReport);
    },
    async fetchFills({ symbol, orderId, since }, signal) {
      const params = { symbol, orderId, ...(since === undefined ? {} : { startTime: since }), limit: MOST_ROWS };
      const rows = await get("myTrades", params, z.array(fillSchema), "asking the fills", signal);
      return rows.map(toFill);
    },
  };
}
