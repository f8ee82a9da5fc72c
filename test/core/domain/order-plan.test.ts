import { describe, expect, it } from "vitest";
import { asset } from "../../../src/core/domain/identifiers.ts";
import type { Asset } from "../../../src/core/domain/identifiers.ts";
import type { Balance } from "../../../src/core/domain/balance.ts";
import { notional, price, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { AskedOrder } from "../../../src/core/domain/order-plan.ts";
import { parseShare, planOrder } from "../../../src/core/domain/order-plan.ts";
import { BTCUSDT, NOW } from "./samples.ts";

const holding = (name: string, free: string): [Asset, Balance] => [
  asset(name),
  { asset: asset(name), free: quantity(free), locked: quantity("0"), at: NOW },
];
const BALANCES = new Map([holding("USDT", "1000"), holding("BTC", "0.5")]);
const seen = { price: price("50000"), at: NOW };
const ask = (over: Partial<AskedOrder>): AskedOrder => ({
  side: "buy",
  type: "market",
  size: { kind: "base", quantity: quantity("0.01") },
  seen,
  ...over,
});

describe("an order plan", () => {
  it("tells cost, fee and the part of the balance", () => {
    expect(planOrder(ask({}), BTCUSDT, BALANCES)).toMatchObject({
      plan: {
        rounded: false,
        notional: notional("500"),
        fee: { asset: "USDT", amount: notional("0.25") },
        shareOfFree: ratio("0.5"),
      },
    });
  });

  it("rounds the size down and the price to the kinder side, and says so", () => {
    const asked = ask({
      type: "limit",
      limitPrice: price("49999.999"),
      size: { kind: "base", quantity: quantity("0.019999999") },
    });
    expect(planOrder(asked, BTCUSDT, BALANCES)).toMatchObject({
      plan: {
        rounded: true,
        draft: { limitPrice: price("49999.99"), size: { quantity: quantity("0.01999999") } },
      },
    });
  });

  it("turns a part of the quote into a quote-sized market order", () => {
    expect(planOrder(ask({ size: { kind: "share", of: ratio("0.25") } }), BTCUSDT, BALANCES)).toMatchObject({
      plan: { draft: { size: { kind: "quote", notional: notional("250") } }, shareOfFree: ratio("0.25") },
    });
  });

  it("turns a part of the quote into base for a limit order", () => {
    const asked = ask({ type: "limit", limitPrice: price("40000"), size: { kind: "share", of: ratio("1") } });
    expect(planOrder(asked, BTCUSDT, BALANCES)).toMatchObject({
      plan: { draft: { size: { kind: "base", quantity: quantity("0.025") } } },
    });
  });

  it("sells a part of the base", () => {
    expect(
      planOrder(ask({ side: "sell", size: { kind: "share", of: ratio("0.5") } }), BTCUSDT, BALANCES),
    ).toMatchObject({
      plan: { draft: { size: { kind: "base", quantity: quantity("0.25") } }, shareOfFree: ratio("0.5") },
    });
  });

  it("says what is missing instead of guessing", () => {
    const { seen: _seen, ...blind } = ask({});
    expect(planOrder(blind, BTCUSDT, new Map())).toMatchObject({
      plan: { notional: undefined, fee: undefined, shareOfFree: undefined },
    });
    expect(planOrder(ask({ size: { kind: "share", of: ratio("1") } }), BTCUSDT, new Map())).toMatchObject({
      kind: "impossible",
    });
  });
});

it.each([
  ["25%", ratio("0.25")],
  ["100%", ratio("1")],
  ["0.5 %", undefined],
  ["101%", undefined],
  ["0%", undefined],
  ["-5%", undefined],
  ["5", undefined],
])("reads %s as a share", (text, share) => {
  expect(parseShare(text)).toBe(share);
});
