import { describe, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import { ledgerRestored } from "../../../src/app/store/trading-slice.ts";
import type { BracketRules } from "../../../src/core/domain/bracket.ts";
import { asset } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import { EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { NOW, orderSample } from "../../core/domain/samples.ts";
import { createFakeApp } from "../fake-app.ts";
import { runLine } from "../run-line.ts";

const BUY = ["order", "place", "buy", "btcusdt", "0.001", "@", "65000"];

/** A thousand USDT and half a BTC, as if a reconcile had brought them. */
function holdBalances(app: App): void {
  const balances = [
    ["USDT", "1000"],
    ["BTC", "0.5"],
  ] as const;
  const ledger = {
    ...EMPTY_LEDGER,
    balances: new Map(balances.map(([name, free]) => [asset(name), balanceOf(name, free)])),
  };
  app.store.dispatch(ledgerRestored(ledger));
}

function balanceOf(name: string, free: string) {
  return { asset: asset(name), free: quantity(free), locked: quantity("0"), at: NOW };
}

describe("an order in words", () => {
  it("works out shares, amounts and distances, rounded to the kinder side", async () => {
    const sent: OrderDraft[] = [];
    const fake = createFakeApp({
      placeOrder: (draft) => {
        sent.push(draft);
        return Promise.resolve({ kind: "placed", order: fake.hold(orderSample()) });
      },
    });
    for (const line of ["buy BTCUSDT 50 usdt @ -0.2%", "sell BTCUSDT 25% @ +1%", "buy BTCUSDT 100%"]) {
      holdBalances(fake.app);
      expect(await runLine(["order", "place", ...line.split(" ")], fake.app)).toMatchObject({ code: 0 });
    }
    expect(sent).toMatchObject([
      { type: "limit", limitPrice: price("64870.99"), size: { kind: "base", quantity: quantity("0.00077076") } },
      { type: "limit", limitPrice: price("65648.99"), size: { kind: "base", quantity: quantity("0.125") } },
      { type: "market", size: { kind: "quote", notional: notional("999.5") } },
    ]);
  });

  it("takes the numbers given as they are, and rounds them only when told to", async () => {
    const sent: OrderDraft[] = [];
    const fake = createFakeApp({
      placeOrder: (draft) => {
        sent.push(draft);
        return Promise.resolve({ kind: "placed", order: fake.hold(orderSample()) });
      },
    });
    const line = ["order", "place", "buy", "BTCUSDT", "0.123456789", "@", "64000.001"];
    await runLine(line, fake.app);
    await runLine([...line, "--round"], fake.app);
    expect(sent).toMatchObject([
      { limitPrice: price("64000.001"), size: { quantity: quantity("0.123456789") } },
      { limitPrice: price("64000"), size: { quantity: quantity("0.12345678") } },
    ]);
  });

  it("hands tp and sl over with the order, their levels in numbers", async () => {
    const armed: (BracketRules | undefined)[] = [];
    const fake = createFakeApp({
      placeOrder: (_draft, _signal, bracket) => {
        armed.push(bracket);
        return Promise.resolve({ kind: "placed", order: fake.hold(orderSample()) });
      },
    });
    const line = ["order", "place", "buy", "btcusdt", "50", "usdt", "@", "-0.2%", "tp", "+3%", "sl", "-1.5%"];
    const unguarded = await runLine(line, fake.app);
    expect(unguarded.code).toBe(0);
    expect(unguarded.errors()).toMatchObject([{ message: expect.stringMatching(/^Nobody guards/) as string }]);
    expect(armed).toEqual([
      [
        { legId: "sl", rule: { kind: "stop-loss", triggerPrice: price("63897.93") } },
        { legId: "tp1", rule: { kind: "take-profit", triggerPrice: price("66817.11"), share: ratio("1") } },
      ],
    ]);
    const senseless = await runLine(["order", "place", "buy", "BTCUSDT", "1", "@", "65000", "sl", "66000"], fake.app);
    expect(senseless.code).toBe(1);
    expect(senseless.errors()).toMatchObject([
      { error: { code: "ORDER_NOT_PLANNED", message: expect.stringMatching(/66000 USDT is not below/) as string } },
    ]);
  });
});

describe("explaining an order", () => {
  it.each(["--explain", "--dry-run"])("%s shows every step and sends nothing", async (flag) => {
    const fake = createFakeApp();
    holdBalances(fake.app);
    const line = ["order", "place", "buy", "BTCUSDT", "0.123456789", "@", "64000.001", "sl", "-1%", flag];
    const { code, objects, errors } = await runLine(line, fake.app);
    expect(code).toBe(0);
    expect(fake.calls).not.toContain("placeOrder");
    expect(fake.calls).toEqual(expect.arrayContaining(["reconcile", "judgeOrder"]));
    const [shown] = objects() as unknown as readonly { readonly steps: readonly { readonly rule: string }[] }[];
    expect(shown).toMatchObject({
      schema: "tapedeck.order-plan/1",
      mode: "demo",
      order: "buy BTCUSDT 0.12345678 @ 64000 sl -1%",
      rounded: true,
      seenPrice: "65001",
      approved: true,
      denials: [],
      fee: { amount: "3.95061696", asset: "USDT" },
      exits: [{ leg: "sl", kind: "stop-loss", triggerPrice: "63360", share: null }],
    });
    expect(shown?.steps.map(({ rule }) => rule)).toEqual([
      "tick-size",
      "step-size",
      "min-quantity",
      "min-notional",
      "max-notional",
      "taker-rate",
      "free-balance",
      "free-balance",
      "book",
      "unsellable-rest",
    ]);
    expect(shown?.steps[0]).toEqual({
      step: "price",
      rule: "tick-size",
      before: { amount: "64000.001", unit: "USDT" },
      after: { amount: "64000", unit: "USDT" },
      why: "prices move in steps of 0.01; a buy is rounded down",
      holds: true,
    });
    expect(errors()).toMatchObject([
      { schema: "tapedeck.warning/1", message: expect.stringMatching(/--round/) as string },
    ]);
  });

  it("explains for people: a line a step, with its reason below", async () => {
    const fake = createFakeApp();
    holdBalances(fake.app);
    const { code, out } = await runLine(
      ["order", "place", "buy", "BTCUSDT", "0.3", "--explain", "--no-color"],
      fake.app,
      {
        tty: true,
      },
    );
    expect(code).toBe(0);
    expect(out).toMatch(/would send +buy BTCUSDT 0.3 \(market\)/);
    expect(out).toMatch(
      /slippage +65001 USDT +65001 USDT +book\n +0% beyond the best ask on average, 1 level, worst 65001/,
    );
    expect(out).toMatch(
      /slippage +0.3 BTC +0.05 BTC +book-end +falls short\n +the rest finds nothing in the 1 levels known/,
    );
    expect(out).toMatch(/fee up to +—/);
  });

  it("--explain ends with 5 and the denials where the rules would deny", async () => {
    const denied = await runLine(
      ["order", "place", "buy", "BTCUSDT", "1", "@", "99999", "--explain"],
      createFakeApp().app,
    );
    expect(denied.code).toBe(5);
    expect(denied.objects()).toMatchObject([{ approved: false, denials: [{ code: "ORDER_TOO_LARGE" }, {}] }]);
    expect(denied.errors()).toMatchObject([{ error: { code: "ORDER_DENIED" } }]);
  });

  it("--explain needs no account, and leaves away what only an account knows", async () => {
    const fake = createFakeApp({ accountId: undefined });
    const { code, objects } = await runLine([...BUY, "--explain"], fake.app);
    expect(code).toBe(0);
    expect(fake.calls).not.toContain("reconcile");
    expect(objects()).toMatchObject([{ shareOfFree: null, approved: true }]);
  });

  it("--explain asks the exchange for no test", async () => {
    const { app } = createFakeApp({ testOrder: () => Promise.reject(new Error("asked")) });
    const { code, objects } = await runLine(["order", "test", "sell", "BTCUSDT", "0.1", "--explain"], app);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([{ schema: "tapedeck.order-plan/1", order: "sell BTCUSDT 0.1" }]);
  });
});
