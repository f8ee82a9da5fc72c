import { beforeEach, describe, expect, it } from "vitest";
import type { ClosePlan, WantedClose } from "../../../src/core/domain/closing/plan-close.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, clientOrderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { Fence } from "../../../src/core/ports/journal.ts";
import type { CloseTools } from "../../../src/core/use-cases/close-position.ts";
import { closePosition, planClosing } from "../../../src/core/use-cases/close-position.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import type { TradingContext } from "../../../src/core/use-cases/trading-context.ts";
import { BTCUSDT, fill, limitBuy, protectionSample } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const SIGNAL = new AbortController().signal;
const WANTED: WantedClose = { symbol: BTCUSDT.symbol, isAll: false, cancelsOrders: false };
const BOUGHT = fill({ quantity: quantity("1"), tradeId: tradeId("bought") });
const PROTECTION = protectionSample({ coverage: { kind: "quantity", quantity: quantity("1") } });

let exchange: ReturnType<typeof createFakeExchange>;
let stored: Fill[];
let commits: { readonly events: readonly DomainEvent[]; readonly fence: Fence | undefined }[];
let context: TradingContext;
let tools: CloseTools;

/** One BTC was bought, all of it is free, and a stop stands for it. */
beforeEach(() => {
  exchange = createFakeExchange();
  stored = [BOUGHT];
  commits = [];
  context = {
    ...exchange.context,
    publish(events, fence) {
      commits.push({ events, fence });
      exchange.context.publish(events, fence);
    },
  };
  tools = {
    look: () =>
      Promise.resolve({
        fills: stored,
        intendedAt: () => undefined,
        book: { bids: [{ price: price("40000"), quantity: quantity("100") }], asks: [] },
        seenAt: exchange.now(),
      }),
    place: (draft, signal, options) => placeOrder(context, draft, signal, options),
  };
  const balance = { asset: asset("BTC"), free: quantity("1"), locked: quantity("0"), at: exchange.now() };
  exchange.setBalances([balance]);
  exchange.context.publish([
    { type: "balance-reported", balance, source: "stream" },
    { type: "protection-armed", protection: PROTECTION },
  ]);
});

const planning = async (over: Partial<WantedClose> = {}) =>
  planClosing(context, { ...WANTED, ...over }, await tools.look(SIGNAL), SIGNAL);

async function plan(): Promise<ClosePlan> {
  const planned = await planning();
  if (planned.kind === "denied") throw new Error(planned.denials[0]?.message);
  return planned.plan;
}

/** The stop has fired, and its exit left. */
async function exitLeaves() {
  const exitOrderId = clientOrderId("exit-1");
  const amount = quantity("1");
  const draft = limitBuy({
    ...{ side: "sell", type: "immediate-or-cancel", clientOrderId: exitOrderId, limitPrice: price("40000") },
    ...{ size: { kind: "base", quantity: amount }, seen: { price: price("40000"), at: exchange.now() } },
  });
  const of = { protectionId: "p1", legId: "sl", exitOrderId, quantity: amount, target: amount };
  const attempted = { type: "exit-attempted", ...of, observedPrice: price("40000") } as const;
  await placeOrder(exchange.context, draft, SIGNAL, { together: [attempted] });
}

const closes = () => exchange.context.ledger().protections.get("p1")?.closes ?? [];

it("writes the intent and what it takes of the protection down in one commit, under what it was planned from", async () => {
  await closePosition(context, await plan(), tools, SIGNAL);
  const [first] = commits;
  expect(first?.events.map(({ type }) => type)).toEqual(["close-attempted", "order-intended"]);
  const closeOrderId = exchange.sent[0]?.clientOrderId;
  expect(closes()).toEqual([{ closeOrderId, after: 0n, quantity: quantity("1") }]);
  expect(first?.fence).toEqual({
    reckoned: {
      symbol: BTCUSDT.symbol,
      sales: [closeOrderId],
      soldFills: 0,
      beside: ["p1"],
      takes: [{ protectionId: "p1", version: 1 }],
    },
  });
});

describe("while an exit of this position works", () => {
  it.each([false, true])(
    "a close is denied, with the next step, and cancels nothing; --cancel-orders: %s",
    async (is) => {
      await exitLeaves();
      expect(await planning({ cancelsOrders: is })).toMatchObject({
        kind: "denied",
        denials: [{ code: "EXIT_UNDER_WAY", hint: expect.stringContaining("order show exit-1") as unknown }],
      });
      expect(exchange.stateOf("exit-1")).toBe("open");
    },
  );

  it("so is one whose exit left after the plan was shown", async () => {
    const planned = await plan();
    await exitLeaves();
    const result = await closePosition(context, planned, tools, SIGNAL);
    expect(result).toMatchObject({ kind: "denied", denials: [{ code: "EXIT_UNDER_WAY" }] });
    expect(exchange.sent).toHaveLength(1);
  });

  it("it is never among what --cancel-orders ends, when its protection was taken away meanwhile", async () => {
    await exitLeaves();
    exchange.context.publish([{ type: "protection-disarmed", protectionId: "p1", why: "by hand" }]);
    // The exit will have sold all of the position: nothing is left, and the exit stands.
    expect(await planning({ cancelsOrders: true })).toMatchObject({ denials: [{ code: "NOTHING_TO_SELL" }] });
    expect(exchange.stateOf("exit-1")).toBe("open");
  });
});

it.each(["PROTECTION_CHANGED", "POSITION_CHANGED"])(
  "is refused with %s and its next step when another process was first; nothing is sent",
  async (code) => {
    const planned = await plan();
    const hint = "close again";
    const refusing: TradingContext = {
      ...context,
      publish: () => {
        throw new AppError({ code, message: "changed", hint, exitCode: EXIT_CODES.denied });
      },
    };
    const place: CloseTools["place"] = (draft, signal, options) => placeOrder(refusing, draft, signal, options);
    const result = await closePosition(refusing, planned, { ...tools, place }, SIGNAL);
    expect(result).toEqual({ kind: "denied", denials: [{ code, message: "changed", hint }], cancelled: [] });
    expect([exchange.sent, closes()]).toEqual([[], []]);
  },
);

it("leaves the stop standing for all that a rejected close did not sell", async () => {
  const planned = await plan();
  exchange.next("refuse");
  const result = await closePosition(context, planned, tools, SIGNAL);
  expect(result).toMatchObject({ kind: "placed", order: { state: "rejected" }, disarmed: [] });
  expect(exchange.context.ledger().protections.get("p1")).toMatchObject({ state: "armed", legs: [{ state: "live" }] });
  // And it may be closed again.
  expect(await planning()).toMatchObject({ kind: "planned" });
});

it("tells a protection that the guardian ended first as taken away, and tries again after a stop that moved", async () => {
  const planned = await plan();
  exchange.whileSleeping(() => {
    const [intent] = exchange.sent;
    const seen = exchange.orders.get(intent?.clientOrderId ?? "");
    if (intent === undefined || seen === undefined || seen.status === "filled") return;
    const { orderId, clientOrderId: id } = seen;
    const it = fill({
      orderId,
      ...(id === undefined ? {} : { clientOrderId: id }),
      side: "sell",
      quantity: quantity("1"),
    });
    exchange.fills.push(it);
    exchange.orders.set(intent.clientOrderId, {
      ...seen,
      ...{ status: "filled", executedQuantity: it.quantity, executedNotional: it.notional },
    });
  });
  const ends = ["moved", "ended"];
  const racing: TradingContext = {
    ...context,
    publish(events, fence) {
      if (events[0]?.type !== "protection-disarmed") {
        context.publish(events, fence);
        return;
      }
      const cause = new AppError({ code: "PROTECTION_CHANGED", message: "changed", exitCode: EXIT_CODES.denied });
      throw cause;
    },
    adoptProtections() {
      const next = exchange.sent.length === 0 ? undefined : ends.shift();
      if (next === "moved")
        exchange.context.publish([
          { type: "stop-moved", protectionId: "p1", legId: "sl", triggerPrice: price("61000") },
        ]);
      if (next === "ended")
        exchange.context.publish([{ type: "protection-ended", protectionId: "p1", why: "all of it is sold" }]);
    },
  };
  const place: CloseTools["place"] = (draft, signal, options) => placeOrder(racing, draft, signal, options);
  const result = await closePosition(racing, planned, { ...tools, place }, SIGNAL);
  expect(result).toMatchObject({ kind: "placed", disarmed: [{ protectionId: "p1", state: "ended" }], standing: [] });
});

it("does not sell again what a sale was told to have executed while its fills are on their way", async () => {
  const sold = limitBuy({
    side: "sell",
    limitPrice: price("40000"),
    size: { kind: "base", quantity: quantity("1") },
    seen: { price: price("40000"), at: exchange.now() },
  });
  await placeOrder(exchange.context, sold, SIGNAL);
  const [intent] = exchange.sent;
  const seen = exchange.orders.get(intent?.clientOrderId ?? "");
  if (intent === undefined || seen === undefined) throw new Error("nothing was placed");
  const told = {
    ...seen,
    status: "filled",
    executedQuantity: quantity("1"),
    executedNotional: BOUGHT.notional,
  } as const;
  exchange.context.publish([
    { type: "order-reported", clientOrderId: intent.clientOrderId, report: told, source: "stream" },
  ]);
  expect(await planning()).toMatchObject({ kind: "denied", denials: [{ code: "NOTHING_TO_SELL" }] });
});
