import { z } from "zod";
import type { AccountData } from "../../../core/ports/account-data.ts";
import {
  accountSchema,
  balanceSchema,
  fillSchema,
  orderSchema,
  toBalance,
  toFill,
  toOrderReport,
} from "../to-domain/account.ts";
import { readRows, unreadable } from "../to-domain/unreadable.ts";
import { ask } from "./ask.ts";
import type { RestClient } from "./client.ts";
import { faultOf, UNKNOWN_ORDER_CODES } from "./error-table.ts";
import type { Params } from "./sign.ts";

const MOST_ROWS = 1_000;
const listSchema = z.array(z.unknown());

export interface AccountDataParts {
  readonly client: RestClient;
  /** A row of a list that cannot be read; the other rows stand. */
  readonly onPoison: (what: string) => void;
}

export function createAccountData({ client, onPoison }: AccountDataParts): AccountData {
  const readOrder = (row: unknown) => toOrderReport(orderSchema.parse(row));
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
      const [report] = readRows([result.body], readOrder, undefined);
      const told = report?.clientOrderId;
      const same = report?.symbol === symbol && [undefined, clientOrderId ?? told].includes(told);
      if (report === undefined || !same) throw unreadable("the order it tells is another one");
      return { kind: "found", report };
    },
    async fetchBalances(signal) {
      // Taken before asking, so that every push after this moment counts as newer.
      const askedAt = Math.round(client.exchangeNow());
      const { balances } = await get("account", {}, accountSchema, "asking the balances", signal);
      return readRows(balances, (row) => toBalance(balanceSchema.parse(row), askedAt), onPoison);
    },
    async fetchOpenOrders(symbol, signal) {
      const params = symbol === undefined ? {} : { symbol };
      const rows = await get("openOrders", params, listSchema, "asking the open orders", signal);
      return readRows(rows, readOrder, onPoison);
    },
    async fetchOrders({ symbol, since }, signal) {
      const window =
        since === undefined ? {} : { startTime: since, endTime: Math.round(client.exchangeNow()) + 60_000 };
      const params = { symbol, ...window, limit: MOST_ROWS };
      const rows = await get("allOrders", params, listSchema, "asking the orders", signal);
      // The list proves that an order is not there, so every row of it has to be read.
      return readRows(rows, readOrder, undefined);
    },
    async fetchFills({ symbol, orderId, since }, signal) {
      const params = { symbol, orderId, ...(since === undefined ? {} : { startTime: since }), limit: MOST_ROWS };
      const rows = await get("myTrades", params, listSchema, "asking the fills", signal);
      return readRows(rows, (row) => toFill(fillSchema.parse(row)), onPoison);
    },
  };
}
