import { describe, expect, it } from "vitest";
import { asset, clientOrderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import { riskAccountOf } from "../../../src/core/domain/risk-account.ts";
import { EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { BTCUSDT, fill, NOW, workingBuy } from "./samples.ts";

const USDT = asset("USDT");

describe("the account as the ledger holds it", () => {
  const orders = [
    workingBuy({ clientOrderId: clientOrderId("a"), createdAt: NOW - 1_000, state: "filled" }),
    workingBuy({ clientOrderId: clientOrderId("b"), createdAt: NOW - 61_000, state: "unknown" }),
    workingBuy({ clientOrderId: clientOrderId("c"), createdAt: NOW - 2_000, origin: "foreign" }),
  ];
  const ledger = {
    ...EMPTY_LEDGER,
    orders: new Map(orders.map((order) => [order.clientOrderId, order])),
    balances: new Map([[USDT, { asset: USDT, free: quantity("1"), locked: quantity("0"), at: NOW }]]),
  };

  it("knows what may still trade and when our own orders were intended", () => {
    const account = riskAccountOf({ ...ledger, lock: undefined }, NOW, undefined);
    expect(account.workingOrders.map((order) => order.clientOrderId)).toEqual(["b", "c"]);
    expect(account.intendedAt).toEqual([NOW - 1_000]);
    expect(account.balances?.size).toBe(1);
  });

  it("keeps the purchases that may be missing in a balance", () => {
    const fills = [
      fill({ tradeId: tradeId("new"), at: NOW + 1 }),
      fill({ tradeId: tradeId("old"), at: NOW - 1 }),
      fill({ tradeId: tradeId("sale"), side: "sell", at: NOW + 1 }),
    ];
    const held = { ...ledger, lock: undefined, fills: new Map(fills.map((one) => [one.tradeId, one])) };
    const { purchases } = riskAccountOf(held, NOW + 2, undefined);
    expect(purchases).toEqual([fills[0]]);
  });

  it("knows that an order ended bought although its fills are still to be read", () => {
    const ended = workingBuy({ state: "filled", reportedQuantity: quantity("0.1"), filledQuantity: quantity("0.04") });
    const held = { ...ledger, lock: undefined, orders: new Map([[ended.clientOrderId, ended]]) };
    const { purchases } = riskAccountOf(held, NOW + 1, undefined);
    expect(purchases).toEqual([{ symbol: BTCUSDT.symbol, quantity: quantity("0.06"), at: undefined }]);
    expect(riskAccountOf(held, NOW + 3_600_000, undefined).purchases).toEqual([]);
  });

  it("knows no balances before the first reconcile", () => {
    expect(riskAccountOf(ledger, NOW, undefined).balances).toBe(undefined);
  });
});
