import fc from "fast-check";
import { expect, it } from "vitest";
import type { ExitTerms } from "../../../../src/core/domain/guarding/exit-order.ts";
import { planExit } from "../../../../src/core/domain/guarding/plan-exit.ts";
import type { Instrument } from "../../../../src/core/domain/instrument.ts";
import { isOnStep, quantizeQuantity } from "../../../../src/core/domain/instrument.ts";
import type { Price, Quantity } from "../../../../src/core/domain/money.ts";
import {
  add,
  formatMoney,
  less,
  notional,
  notionalOf,
  price,
  quantity,
  ratio,
} from "../../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../../src/core/domain/order.ts";
import { orderedQuantity } from "../../../../src/core/domain/order.ts";
import { belowLeast, tooSmall } from "../../../../src/core/domain/sale-size.ts";
import type { RiskLimits } from "../../../../src/core/domain/risk-request.ts";
import { assessRisk } from "../../../../src/core/domain/risk.ts";
import type { TradingState } from "../../../../src/core/domain/trading-state.ts";
import { ACTIVE } from "../../../../src/core/domain/trading-state.ts";
import { BTCUSDT, LIMITS, NOW, riskRequest } from "../samples.ts";
import { createScene } from "./guard-scene.ts";

const MARKET: Instrument = { ...BTCUSDT, stepSize: quantity("0.001"), minQuantity: quantity("0.002") };

function market(expectedPrice: Price): ExitTerms {
  return { type: "market", expectedPrice, observedPrice: expectedPrice };
}

function exitOf(amount: Quantity, terms: ExitTerms, held: Quantity, instrument = MARKET) {
  const balance = { asset: instrument.base, free: held, locked: quantity("0"), at: NOW };
  const seen = { price: terms.observedPrice, at: NOW };
  return planExit({ instrument, terms, quantity: amount, seen, balance });
}

it.each<[what: string, amount: string, held: string, sells: string, dust: string | undefined]>([
  ["all of it", "0.5", "0.5", "0.5", "0"],
  ["down to the step, the rest named", "0.5007", "0.5007", "0.5", "0.0007"],
  ["a part, and what stays could be sold", "0.5", "0.8", "0.5", "0"],
  ["a part, and what stays is below the least quantity", "0.5", "0.5015", "0.5", "0.0015"],
  ["no more than one order may be worth", "5", "5", "1.666", "0"],
  ["so much that the rest can go with the next one", "1.6669", "1.6669", "1.666", "0.0009"],
  ["in halves, where the rest would be too small for the next one", "1.667", "1.667", "0.833", "0"],
])("sells %s", (_what, amount, held, sells, dust) => {
  const plan = exitOf(quantity(amount), market(price("60000")), quantity(held));
  expect(formatMoney(orderedQuantity(plan.draft) ?? quantity("0"))).toBe(sells);
  expect(plan.dust === undefined ? undefined : formatMoney(plan.dust)).toBe(dust);
});

it("never sells more than is to be sold, never below its limit, and names what no order could sell", () => {
  const cases = fc.record({
    amount: fc.bigInt({ min: 0n, max: 3_000_000n }),
    beside: fc.bigInt({ min: 0n, max: 50_000n }),
    cents: fc.bigInt({ min: 1n, max: 9_000_000n }),
    isMarket: fc.boolean(),
    least: fc.constantFrom("0", "1", "5"),
    most: fc.constantFrom("0", "10000", "100000"),
  });
  fc.assert(
    fc.property(cases, ({ amount, beside, cents, isMarket, least, most }) => {
      // In millionths of base: a thousandth of a step.
      const units = (count: bigint) => (count * 10n ** 12n) as Quantity;
      const at = (cents * 10n ** 16n) as Price;
      const bounds = {
        ...{ minNotional: notional(least), minNotionalMarket: notional(least) },
        ...{ maxNotional: notional(most), maxNotionalMarket: notional(most) },
      };
      const instrument = { ...MARKET, ...bounds };
      const terms: ExitTerms = isMarket
        ? market(at)
        : { type: "immediate-or-cancel", limitPrice: at, expectedPrice: at, observedPrice: at };
      const [wanted, held] = [units(amount), add(units(amount), units(beside))];
      const plan = exitOf(wanted, terms, held, instrument);
      const sold = orderedQuantity(plan.draft) ?? quantity("0");
      expect(sold).toBeLessThanOrEqual(wanted);
      expect(isOnStep(instrument, sold)).toBe(true);
      expect(plan.draft.limitPrice).toBe(isMarket ? undefined : at);
      if (bounds.maxNotional > 0n) expect(notionalOf(at, sold, "down")).toBeLessThanOrEqual(bounds.maxNotional);
      // What is left over by the cap goes with the next exit, and is large enough for it.
      const next = quantizeQuantity(instrument, less(wanted, sold));
      if (next > 0n && tooSmall(instrument, quantizeQuantity(instrument, wanted), terms) === undefined)
        expect(tooSmall(instrument, next, terms)).toBeUndefined();
      const stays = less(held, sold);
      const whole = quantizeQuantity(instrument, stays);
      const isUnsellable =
        belowLeast(instrument, whole) !== undefined || notionalOf(at, whole, "down") < bounds.minNotional;
      expect(plan.dust).toBe(isUnsellable ? stays : less(stays, whole));
    }),
    { numRuns: 500 },
  );
});

it("is the one that a protection sends", () => {
  const scene = createScene({
    protection: { coverage: { kind: "quantity", quantity: quantity("0.50005") } },
    free: "1",
  });
  scene.see({ last: price("59999"), bid: price("59998") }, { last: price("59999"), bid: price("59998") });
  const { draft } = scene.nextExit();
  const planned = planExit({
    ...{ instrument: scene.instrument, terms: market(price("59999")), quantity: quantity("0.50005") },
    seen: { price: price("59998"), at: scene.now },
  });
  expect(draft).toEqual(planned.draft);
});

it("is denied by no rule of ours while trading is active or only reducing, and leaves by none while it is halted", () => {
  const strict: RiskLimits = {
    ...LIMITS,
    ...{ largestOrder: new Map([["USDT", notional("1")]]), priceCollar: ratio("0"), staleQuoteMs: 0 },
    ...{ ordersPerMinute: 0, maxOpenOrders: 0, allowedSymbols: new Set<string>(), concentration: ratio("0") },
    ...{ exposurePerSymbol: new Map([["USDT", notional("0")]]), exposureTotal: new Map([["USDT", notional("0")]]) },
    quoteReserve: new Map([["USDT", notional("1000000")]]),
  };
  const instrument: Instrument = { ...MARKET, orderTypes: ["limit", "market", "immediate-or-cancel"] };
  const codes = (draft: OrderDraft, tradingState: TradingState) => {
    const verdict = assessRisk(riskRequest({ draft, instrument, limits: strict, tradingState, purpose: "exit" }));
    return verdict.kind === "denied" ? verdict.denials.map(({ code }) => code) : [];
  };
  const cases = fc.record({
    steps: fc.bigInt({ min: 1n, max: 20_000n }),
    cents: fc.bigInt({ min: 100n, max: 9_000_000n }),
    isMarket: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ steps, cents, isMarket }) => {
      const at = (cents * 10n ** 16n) as Price;
      const terms: ExitTerms = isMarket
        ? market(at)
        : { type: "immediate-or-cancel", limitPrice: at, expectedPrice: at, observedPrice: at };
      const wanted = (steps * (instrument.stepSize as bigint)) as Quantity;
      fc.pre(tooSmall(instrument, wanted, terms) === undefined);
      const { draft } = exitOf(wanted, terms, wanted, instrument);
      expect(codes(draft, ACTIVE)).toEqual([]);
      expect(codes(draft, { kind: "reducing", reason: "a loss" })).toEqual([]);
      expect(codes(draft, { kind: "halted", reason: "panic" })).toEqual(["TRADING_HALTED"]);
      expect(codes(draft, { kind: "locked", reason: "not read" })).toEqual(["TRADING_LOCKED"]);
    }),
  );
});
