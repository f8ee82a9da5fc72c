import { describe, expect, it } from "vitest";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { marketSymbol, orderId } from "../../../src/core/domain/identifiers.ts";
import { cancelEverything } from "../../../src/core/use-cases/cancel-everything.ts";
import { panic } from "../../../src/core/use-cases/panic.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import type { TradingContext } from "../../../src/core/use-cases/trading-context.ts";
import { limitBuy, report } from "../domain/samples.ts";
import type { Fate } from "./fake-exchange.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;
const SCOPE = { timeoutMs: 45_000, evenUnwritten: false };
const ETH = marketSymbol("ETHUSDT");

function foreign(id: string, symbol = ETH) {
  const { clientOrderId: _none, ...placedElsewhere } = report({ orderId: orderId(id), symbol });
  return placedElsewhere;
}

describe("cancelling everything", () => {
  it("ends what is known and what was placed elsewhere, and proves it", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.orders.set("web", foreign("C02__web"));
    const told = await cancelEverything(exchange.context, SCOPE, signal);
    expect(told.ended.map((order) => [order.clientOrderId, order.state])).toEqual([
      ["td-1", "cancelled"],
      ["td-2", "cancelled"],
      ["x-C02__web", "cancelled"],
    ]);
    expect(told).toMatchObject({ stillOpen: [], unproven: [], unread: undefined });
    expect([...exchange.orders.values()].every((order) => order.status === "cancelled")).toBe(true);
  });

  it("leaves other markets alone when one is named", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.orders.set("web", foreign("C02__web"));
    const told = await cancelEverything(exchange.context, { ...SCOPE, symbol: limitBuy().symbol }, signal);
    expect(told.ended).toHaveLength(1);
    expect(exchange.orders.get("web")?.status).toBe("open");
  });

  it.each<Fate>(["lose-request", "lose-answer", "never-sent", "refuse"])(
    "goes on until it is true when a cancel meets the exchange with %s",
    async (fate) => {
      const exchange = createFakeExchange();
      await placeOrder(exchange.context, limitBuy(), signal);
      exchange.next(fate);
      const told = await cancelEverything(exchange.context, SCOPE, signal);
      expect(told).toMatchObject({ ended: [{ state: "cancelled" }], stillOpen: [], unproven: [] });
    },
  );

  it.each<[Fate, string]>([
    ["lose-answer", "cancelled"],
    ["lose-request", "expired"],
  ])("waits for the proof of an order that was placed with %s", async (fate, state) => {
    const exchange = createFakeExchange();
    exchange.next(fate);
    await placeOrder(exchange.context, limitBuy(), signal);
    const told = await cancelEverything(exchange.context, SCOPE, signal);
    expect(told).toMatchObject({ ended: [{ state }], stillOpen: [], unproven: [] });
  });

  it("finds an order that arrives late, after its request was given up", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    let elapsedMs = 0;
    exchange.whileSleeping((ms) => {
      if (elapsedMs < 3_000 && elapsedMs + ms >= 3_000) exchange.orders.set("td-1", report());
      elapsedMs += ms;
    });
    const told = await cancelEverything(exchange.context, SCOPE, signal);
    expect(told).toMatchObject({ ended: [{ state: "cancelled" }], unproven: [] });
    expect(exchange.orders.get("td-1")?.status).toBe("cancelled");
  });

  it("names what is still open when the time is over, and does not call it cancelled", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    const deaf = { ...exchange.context.gateway, cancelOpen: () => Promise.resolve({ kind: "accepted" } as const) };
    const told = await cancelEverything({ ...exchange.context, gateway: deaf }, SCOPE, signal);
    expect(told).toMatchObject({ ended: [], stillOpen: [{ state: "cancelling" }], unread: undefined });
  });

  it("calls nothing flat while the exchange's list cannot be read", async () => {
    const exchange = createFakeExchange();
    exchange.setUnreachable(true);
    expect(await cancelEverything(exchange.context, SCOPE, signal)).toMatchObject({
      ended: [],
      unread: { code: "EXCHANGE_UNAVAILABLE" },
    });
  });

  it("takes a list with a row that makes no sense for no proof, and cancels what else is on it", async () => {
    const exchange = createFakeExchange();
    exchange.orders.set("web", foreign("C02__web"));
    const { accountData } = exchange.context;
    const strange = new AppError({
      code: "EXCHANGE_ANSWER_UNREADABLE",
      message: "a row",
      exitCode: EXIT_CODES.unavailable,
    });
    const context: TradingContext = {
      ...exchange.context,
      accountData: {
        ...accountData,
        fetchOpenOrders: (symbol, during, as) =>
          as === "evidence" ? Promise.reject(strange) : accountData.fetchOpenOrders(symbol, during),
      },
    };
    const told = await cancelEverything(context, SCOPE, signal);
    expect(told.unread).toMatchObject({ code: "EXCHANGE_ANSWER_UNREADABLE" });
    expect(exchange.orders.get("web")?.status).toBe("cancelled");
  });

  it("ends at once when it is interrupted", async () => {
    const exchange = createFakeExchange();
    exchange.setUnreachable(true);
    const told = await cancelEverything(exchange.context, SCOPE, AbortSignal.abort());
    expect(told.unread).toBeDefined();
    expect(exchange.now()).toBe(createFakeExchange().now());
  });

  it("does not go on without its wish on disk, unless it is an emergency", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    const broken: TradingContext = {
      ...exchange.context,
      publish(events) {
        if (events.some(({ type }) => type === "cancel-intended" || type === "trading-state-changed"))
          throw new AppError({ code: "STORAGE_FAILED", message: "disk", exitCode: EXIT_CODES.failure });
        exchange.context.publish(events);
      },
    };
    await expect(cancelEverything(broken, SCOPE, signal)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    expect([...exchange.orders.values()][0]?.status).toBe("open");
    const told = await panic(broken, { reason: "test", timeoutMs: 45_000 }, signal);
    expect(told).toMatchObject({ haltNotWritten: { code: "STORAGE_FAILED" }, ended: [{ state: "cancelled" }] });
  });
});

describe("panic", () => {
  it("has the halt in the journal before the first cancel leaves", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    const stateAtCancel: string[] = [];
    const gateway = {
      ...exchange.context.gateway,
      cancelOpen: (...args: Parameters<typeof exchange.context.gateway.cancelOpen>) => {
        stateAtCancel.push(exchange.context.ledger().tradingState.kind);
        return exchange.context.gateway.cancelOpen(...args);
      },
    };
    const told = await panic({ ...exchange.context, gateway }, { reason: "test", timeoutMs: 45_000 }, signal);
    expect(stateAtCancel).toEqual(["halted"]);
    expect(told).toMatchObject({ haltNotWritten: undefined, ended: [{ state: "cancelled" }] });
    expect(told.holdings?.map(({ asset }) => asset)).toEqual(["USDT"]);
    expect(await placeOrder(exchange.context, limitBuy(), signal)).toMatchObject({
      denials: [{ code: "TRADING_HALTED" }],
    });
  });
});
