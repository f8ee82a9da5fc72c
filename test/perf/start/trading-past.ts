import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { createIdSource } from "../../../src/adapters/system/id-source.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import {
  accountId,
  asset,
  clientOrderId,
  marketSymbol,
  orderId,
  tradeId,
} from "../../../src/core/domain/identifiers.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import { notionalOf, price, quantity, ZERO_NOTIONAL, ZERO_QUANTITY } from "../../../src/core/domain/money.ts";
import { Random } from "../../../src/simulator/random.ts";
import { printLogLine } from "../../../src/simulator/state/log-line.ts";

/** What an account has behind it: orders that rest in the book, and executions of orders that ended long ago. */
export interface TradingPast {
  readonly working: readonly Order[];
  readonly ended: readonly Order[];
  readonly fills: readonly Fill[];
}

export interface PastOptions {
  readonly seed: number;
  readonly workingOrders: number;
  readonly fills: number;
  readonly now: number;
}

const SYMBOL = marketSymbol("BTCUSDT");
const FILLS_AN_ORDER = 5;
const SIZE = quantity("0.001");
const DAY_MS = 86_400_000;
/** Older than any list of the exchange reaches back, as most of a long past is. */
const ENDED_FOR_MS = 60 * DAY_MS;
const ROWS_A_COMMIT = 2_000;

export function inventPast({ seed, workingOrders, fills: count, now }: PastOptions): TradingPast {
  const random = new Random(seed);
  const orderOf = (kind: string, number: number, over: Partial<Order>): Order => ({
    clientOrderId: clientOrderId(`td-${kind}-${number}`),
    orderId: orderId(`C02__${kind}${number}`),
    symbol: SYMBOL,
    side: number % 2 === 0 ? "buy" : "sell",
    type: "limit",
    size: { kind: "base", quantity: SIZE },
    state: "open",
    filledQuantity: ZERO_QUANTITY,
    filledNotional: ZERO_NOTIONAL,
    reportedQuantity: ZERO_QUANTITY,
    reportedNotional: ZERO_NOTIONAL,
    origin: "own",
    createdAt: now - DAY_MS,
    updatedAt: now - DAY_MS,
    ...over,
  });
  // Far from the market, so that none of them trades while it is measured.
  const working = Array.from({ length: workingOrders }, (_, number) =>
    orderOf("w", number, { side: "buy", limitPrice: price((20_000 + random.integer(9_999)).toFixed(2)) }),
  );
  const fills: Fill[] = [];
  const ended: Order[] = [];
  for (let number = 0; fills.length < count; number += 1) {
    const limitPrice = price((60_000 + random.integer(9_999)).toFixed(2));
    const total = quantity((FILLS_AN_ORDER * 0.001).toFixed(3));
    const at = now - ENDED_FOR_MS - number * 60_000;
    const filled = { filledQuantity: total, filledNotional: notionalOf(limitPrice, total, "down") };
    const order = orderOf("e", number, {
      ...filled,
      state: "filled",
      size: { kind: "base", quantity: total },
      limitPrice,
      reportedQuantity: filled.filledQuantity,
      reportedNotional: filled.filledNotional,
      createdAt: at,
      updatedAt: at,
    });
    ended.push(order);
    for (let part = 0; part < FILLS_AN_ORDER; part += 1)
      fills.push({
        tradeId: tradeId(`t-${number}-${part}`),
        orderId: orderId(`C02__e${number}`),
        clientOrderId: order.clientOrderId,
        symbol: SYMBOL,
        side: order.side,
        price: limitPrice,
        quantity: SIZE,
        notional: notionalOf(limitPrice, SIZE, "down"),
        fee: { asset: asset("USDT"), quantity: quantity("0.03") },
        liquidity: "maker",
        at,
      });
  }
  return { working, ended, fills };
}

/** Writes the past into a console's database as the console itself would. */
export function storePast(past: TradingPast, file: string, migrationsFolder: string, apiKey: string): void {
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const guard = { holder: "past", pid: process.pid, host: "bench", isProcessAlive: () => true };
  const storage = openStorage({ file, migrationsFolder, clock, ids, guard });
  const id = accountId(`demo:${createHash("sha256").update(apiKey).digest("hex").slice(0, 12)}`);
  const { journal } = storage.forAccount({ accountId: id, mode: "demo" });
  const none = { at: clock.now(), events: [], orders: [], fills: [], protections: [] };
  journal.commit({ ...none, orders: past.working });
  for (let from = 0; from < past.ended.length; from += ROWS_A_COMMIT)
    journal.commit({ ...none, orders: past.ended.slice(from, from + ROWS_A_COMMIT) });
  for (let from = 0; from < past.fills.length; from += ROWS_A_COMMIT)
    journal.commit({ ...none, fills: past.fills.slice(from, from + ROWS_A_COMMIT) });
  storage.close();
}

/** Writes the resting orders into a simulated exchange's state, which holds no more of the past than MEXC would. */
export function rememberAtExchange(past: TradingPast, statePath: string, apiKey: string): void {
  const orders = past.working.map((order) => {
    const limit = order.limitPrice ?? price("1");
    return {
      kind: "order",
      lastFill: undefined,
      time: order.createdAt,
      order: {
        orderId: order.orderId ?? "",
        apiKey,
        symbol: order.symbol,
        side: "BUY",
        type: "LIMIT",
        clientOrderId: order.clientOrderId,
        price: limit,
        quantity: SIZE,
        quoteOrderQty: undefined,
        executedQuantity: ZERO_QUANTITY,
        executedNotional: ZERO_NOTIONAL,
        locked: quantity("0.03"),
        status: "NEW",
        time: order.createdAt,
        stpMode: "",
        cancelReason: null,
        updateTime: null,
      },
    } as const;
  });
  const money = quantity("1000000");
  const change = { apiKey, asset: "USDT", free: money, locked: money, freeChange: money, lockedChange: money };
  const funding = { kind: "balance", change, reason: "ENTRUST", time: 0 } as const;
  writeFileSync(statePath, printLogLine({ sequence: 1_000_000, events: [funding, ...orders] }));
}
