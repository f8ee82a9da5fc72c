import { beforeEach, expect, it } from "vitest";
import type { ClosePlan, WantedClose } from "../../../src/core/domain/closing/plan-close.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import type { CloseTools } from "../../../src/core/use-cases/close-position.ts";
import { closePosition, planClosing } from "../../../src/core/use-cases/close-position.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { BTCUSDT, fill, limitBuy, protectionSample } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const SIGNAL = new AbortController().signal;
const WANTED: WantedClose = { symbol: BTCUSDT.symbol, isAll: false, cancelsOrders: true };
const BOUGHT = fill({ quantity: quantity("1"), tradeId: tradeId("bought") });

let exchange: ReturnType<typeof createFakeExchange>;
let stored: Fill[];
let tools: CloseTools;

/** One BTC was bought; 0.6 of it rest in a sale of ours. */
beforeEach(async () => {
  exchange = createFakeExchange();
  stored = [BOUGHT];
  tools = {
    look: () =>
      Promise.resolve({
        fills: stored,
        intendedAt: () => undefined,
        book: { bids: [level("40000")], asks: [] },
        seenAt: exchange.now(),
      }),
    place: (draft, signal, options) => placeOrder(exchange.context, draft, signal, options),
  };
  const resting: OrderDraft = limitBuy({
    side: "sell",
    size: { kind: "base", quantity: quantity("0.6") },
    seen: { price: price("65000"), at: exchange.now() },
  });
  holds("1", "0");
  await placeOrder(exchange.context, resting, SIGNAL);
  holds("0.4", "0.6");
});

const level = (at: string) => ({ price: price(at), quantity: quantity("100") });

function holds(free: string, locked: string) {
  const balance = { asset: asset("BTC"), free: quantity(free), locked: quantity(locked), at: exchange.now() };
  exchange.setBalances([balance]);
  exchange.context.publish([{ type: "balance-reported", balance, source: "stream" }]);
}

async function plan(): Promise<ClosePlan> {
  const planned = await planClosing(exchange.context, WANTED, await tools.look(SIGNAL), SIGNAL);
  if (planned.kind === "denied") throw new Error(planned.denials[0]?.message);
  return planned.plan;
}

/** The exchange executes the newest order in full, with the next look at it. */
function fillNewestSoon(amount: string, areFillsTold = true) {
  exchange.whileSleeping(() => {
    const intent = exchange.sent.at(-1);
    const seen = exchange.orders.get(intent?.clientOrderId ?? "");
    if (intent === undefined || seen === undefined || intent.draft.type !== "market" || seen.status === "filled")
      return;
    const it = fill({
      orderId: seen.orderId,
      clientOrderId: intent.clientOrderId,
      side: "sell",
      quantity: quantity(amount),
      tradeId: tradeId("sold"),
    });
    if (areFillsTold) exchange.fills.push(it);
    exchange.orders.set(intent.clientOrderId, {
      ...seen,
      status: "filled",
      executedQuantity: it.quantity,
      executedNotional: it.notional,
    });
  });
}

it("ends the sale that is in the way, sells what was planned, and takes the protection away", async () => {
  exchange.context.publish([
    { type: "protection-armed", protection: protectionSample({ coverage: { kind: "holding" } }) },
  ]);
  const planned = await plan();
  expect(planned.quantity).toBe(quantity("1"));
  holds("1", "0");
  fillNewestSoon("1");
  const result = await closePosition(exchange.context, planned, tools, SIGNAL);
  expect(result).toMatchObject({
    kind: "placed",
    order: { state: "filled" },
    disarmed: [{ state: "ended" }],
    standing: [],
  });
  expect(exchange.stateOf("td-1")).toBe("cancelled");
});

it("believes the exchange's word of what was sold while the fills are still to come", async () => {
  const coverage = { kind: "quantity", quantity: quantity("1") } as const;
  exchange.context.publish([{ type: "protection-armed", protection: protectionSample({ coverage }) }]);
  const planned = await plan();
  holds("1", "0");
  fillNewestSoon("1", false);
  const result = await closePosition(exchange.context, planned, tools, SIGNAL);
  expect(result).toMatchObject({
    kind: "placed",
    order: { state: "filled", filledQuantity: 0n },
    disarmed: [{ state: "ended" }],
    standing: [],
  });
});

it("sells nothing while a cancel is not proven", async () => {
  const planned = await plan();
  exchange.next("lose-request");
  const result = await closePosition(exchange.context, planned, tools, SIGNAL);
  expect(result).toMatchObject({ kind: "cancel-unproven", open: [{ clientOrderId: "td-1" }] });
  expect(exchange.sent).toHaveLength(1);
});

it("sells only what the sale left, when it sold a part before its end", async () => {
  const planned = await plan();
  stored = [
    BOUGHT,
    fill({ side: "sell", quantity: quantity("0.2"), tradeId: tradeId("t-2"), orderId: orderId("C02__1") }),
  ];
  holds("0.8", "0");
  fillNewestSoon("0.8");
  await closePosition(exchange.context, planned, tools, SIGNAL);
  expect(exchange.sent.at(-1)?.draft.size).toEqual({ kind: "base", quantity: quantity("0.8") });
});

it("never sells more than the plan showed, though more was bought since", async () => {
  const planned = await plan();
  stored = [BOUGHT, fill({ quantity: quantity("2"), tradeId: tradeId("t-2") })];
  holds("3", "0");
  await closePosition(exchange.context, planned, tools, SIGNAL);
  expect(exchange.sent.at(-1)?.draft.size).toEqual({ kind: "base", quantity: quantity("1") });
});

it("says what had been cancelled when the sale is denied after all", async () => {
  const planned = await plan();
  holds("0", "0");
  const result = await closePosition(exchange.context, planned, tools, SIGNAL);
  expect(result).toMatchObject({
    kind: "denied",
    denials: [{ code: "NOTHING_TO_SELL" }],
    cancelled: [{ clientOrderId: "td-1" }],
  });
  expect(exchange.sent).toHaveLength(1);
});

it("sends once and leaves the protections armed while the outcome is not proven", async () => {
  exchange.context.publish([
    { type: "protection-armed", protection: protectionSample({ coverage: { kind: "holding" } }) },
  ]);
  const planned = await plan();
  holds("1", "0");
  const place = tools.place;
  const broken: CloseTools = {
    ...tools,
    place(draft, signal, options) {
      exchange.next("lose-answer");
      const placed = place(draft, signal, options);
      exchange.setUnreachable(true);
      return placed;
    },
  };
  const result = await closePosition(exchange.context, planned, broken, SIGNAL);
  expect(result).toMatchObject({ kind: "placed", order: { state: "unknown" }, disarmed: [] });
  expect(exchange.sent).toHaveLength(2);
  expect(exchange.context.ledger().protections.get("p1")?.state).toBe("armed");
});
