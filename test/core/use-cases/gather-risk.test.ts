import { describe, expect, it } from "vitest";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { notional, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { RiskLimits } from "../../../src/core/domain/risk-request.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { testOrder } from "../../../src/core/use-cases/test-order.ts";
import { BTCUSDT, limitBuy, LIMITS } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;
const USDT_10000 = new Map([["USDT", notional("10000")]]);

/** A desk with limits, and a count of how often prices were asked for. */
function desk(limits: Partial<RiskLimits>) {
  const exchange = createFakeExchange();
  let asked = 0;
  const context = {
    ...exchange.context,
    limits: { ...LIMITS, ...limits },
    pricedMarkets: (during: AbortSignal) => {
      asked += 1;
      return exchange.context.pricedMarkets(during);
    },
  };
  return { exchange, context, asked: () => asked };
}

describe("what the rules are told", () => {
  it("includes an order of unknown outcome, which counts as filled", async () => {
    const { exchange, context } = desk({ exposurePerSymbol: USDT_10000 });
    exchange.next("lose-request");
    expect(await placeOrder(context, limitBuy(), signal)).toMatchObject({ order: { state: "unknown" } });
    expect(await placeOrder(context, limitBuy(), signal)).toMatchObject({
      kind: "denied",
      denials: [{ code: "SYMBOL_EXPOSURE_TOO_LARGE" }],
    });
    expect(exchange.sent).toHaveLength(1);
  });

  it("counts our own orders of the last minute, whatever became of them", async () => {
    const { exchange, context } = desk({ ordersPerMinute: 2 });
    exchange.next("refuse");
    await placeOrder(context, limitBuy(), signal);
    await placeOrder(context, limitBuy(), signal);
    expect(await placeOrder(context, limitBuy(), signal)).toMatchObject({ denials: [{ code: "ORDER_RATE_TOO_HIGH" }] });
    exchange.advance(60_000);
    expect(await placeOrder(context, limitBuy(), signal)).toMatchObject({ kind: "placed" });
  });

  it("is the same for a test of an order", async () => {
    const { context } = desk({ blockedSymbols: new Set([BTCUSDT.symbol]) });
    expect(await testOrder(context, limitBuy(), signal)).toMatchObject({ denials: [{ code: "SYMBOL_BLOCKED" }] });
  });

  it("holds prices only where a limit needs them, and never keeps an exit waiting for them", async () => {
    const without = desk({ exposurePerSymbol: USDT_10000 });
    await placeOrder(without.context, limitBuy(), signal);
    expect(without.asked()).toBe(0);
    const { context, asked } = desk({ exposureTotal: USDT_10000 });
    await placeOrder(context, limitBuy({ side: "sell", size: { kind: "base", quantity: quantity("0.1") } }), signal);
    await placeOrder(context, limitBuy(), signal, { urgency: "exit" });
    expect(asked()).toBe(0);
    await placeOrder(context, limitBuy(), signal);
    expect(asked()).toBe(1);
  });

  it("says that it cannot judge when the prices cannot be read, and sends nothing", async () => {
    const { exchange, context } = desk({ concentration: ratio("0.5") });
    const away = new AppError({ code: "EXCHANGE_UNAVAILABLE", message: "away", exitCode: EXIT_CODES.unavailable });
    const result = await placeOrder({ ...context, pricedMarkets: () => Promise.reject(away) }, limitBuy(), signal);
    expect(result).toMatchObject({ kind: "denied", denials: [{ code: "CONCENTRATION_UNKNOWN" }] });
    expect(exchange.sent).toHaveLength(0);
  });
});
