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
import { everyPage } from "./every-page.ts";
import type { Params } from "./sign.ts";

const MOST_ROWS = 1_000;
/** The exchange's documents say that it gives a hundred fills at most, others saw a thousand; both are asked on. */
const LEAST_FULL_PAGE_OF_FILLS = 100;
/** How far back the exchange shows fills. */
const LONGEST_HISTORY_MS = 30 * 24 * 3_600_000;
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
    async findOrder({ symbol, clientOrderId, orderId }, signal, clock) {
      // By the exchange's own id where we have it: ours may name two orders when a request was delivered twice.
      const name = orderId === undefined ? { origClientOrderId: clientOrderId } : { orderId };
      const result = await client.call({
        method: "GET",
        path: "/api/v3/order",
        params: { symbol, ...name },
        signed: true,
        signal,
        ...(clock === "any" ? { despiteClock: true } : {}),
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
    async fetchOpenOrders(symbol, signal, as = "news") {
      const params = symbol === undefined ? {} : { symbol };
      const rows = await get("openOrders", params, listSchema, "asking the open orders", signal);
      return readRows(rows, readOrder, as === "evidence" ? undefined : onPoison);
    },
    async fetchOrders({ symbol, since }, signal) {
      return everyPage({
        fetch: async (until) => {
          const params = { symbol, ...windowOf(since, until), limit: MOST_ROWS };
          const rows = await get("allOrders", params, listSchema, "asking the orders", signal);
          // The list proves that an order is not there, so every row of it has to be read.
          return { rows: readRows(rows, readOrder, undefined), size: rows.length };
        },
        keyOf: (report) => report.orderId,
        timeOf: (report) => report.createdAt,
        fullPage: MOST_ROWS,
        onCut: () => {
          throw unreadable("more orders of one moment than the exchange gives at once");
        },
      });
    },
    async fetchFills({ symbol, orderId, since }, signal) {
      return everyPage({
        fetch: async (until) => {
          const params = { symbol, orderId, ...windowOf(since, until), limit: MOST_ROWS };
          const rows = await get("myTrades", params, listSchema, "asking the fills", signal);
          return { rows: readRows(rows, (row) => toFill(fillSchema.parse(row)), onPoison), size: rows.length };
        },
        keyOf: (fill) => fill.tradeId,
        timeOf: (fill) => fill.at,
        fullPage: LEAST_FULL_PAGE_OF_FILLS,
        // The orders themselves tell how much was executed, so that a fill that is left out shows as missing there.
        onCut: () => {
          onPoison("more fills of one moment than the exchange gives at once");
        },
      });
    },
  };

  /** Both ends or none: an end alone is not sure to be heeded. */
  function windowOf(since: number | undefined, until: number | undefined): Params {
    if (since === undefined && until === undefined) return {};
    const now = Math.round(client.exchangeNow());
    return { startTime: since ?? now - LONGEST_HISTORY_MS, endTime: until ?? now + 60_000 };
  }
}
