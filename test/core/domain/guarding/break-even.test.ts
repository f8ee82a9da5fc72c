import { describe, expect, it } from "vitest";
import type { Asset } from "../../../../src/core/domain/identifiers.ts";
import { asset, clientOrderId } from "../../../../src/core/domain/identifiers.ts";
import { notional, price, quantity, ratio } from "../../../../src/core/domain/money.ts";
import { costWithFees, greatestPaidRate } from "../../../../src/core/domain/paid-fees.ts";
import type { ProtectionLeg } from "../../../../src/core/domain/protection.ts";
import { BTCUSDT } from "../samples.ts";
import { createScene, stopAt } from "./guard-scene.ts";

describe("a break-even move", () => {
  const breakEven = (level: string, offset = "0"): ProtectionLeg => ({
    legId: "be",
    rule: { kind: "break-even", triggerPrice: price(level), offset: ratio(offset) },
    state: "live",
    attempts: [],
  });

  it("moves the stop to what was paid and the fee of the sale, up to the tick", () => {
    const scene = createScene({
      protection: { legs: [stopAt("59000"), breakEven("61000")], entryPrice: price("60000") },
    });
    scene.see("61000", "61000");
    expect(scene.next()).toEqual([]);
    // 60000 / 0.9995 = 60030.0150075…
    expect(scene.leg("sl").rule).toEqual({ kind: "stop-loss", triggerPrice: price("60030.02") });
    expect(scene.leg("be").state).toBe("done");
    scene.see("60030", "60030");
    expect(scene.nextExit().legId).toBe("sl");
  });

  it("goes by what the entry really paid and was charged, not by what was expected of it", () => {
    const entry = clientOrderId("entry");
    const scene = createScene({
      protection: {
        ...{ coverage: { kind: "entry", clientOrderId: entry }, entryPrice: price("59000") },
        legs: [breakEven("61500")],
      },
    });
    scene.place("entry", { side: "buy" }, "0.01", "60500");
    // A tenth of a per cent of the base was kept as the fee: twice the market's own rate.
    scene.fill(entry, "0.01", "60000", "0.00001");
    scene.see("61500", "61500");
    scene.next();
    // 600 / 0.00999 = 60060.06…, / 0.999 = 60120.18…
    expect(scene.leg("be-stop").rule).toMatchObject({ triggerPrice: price("60120.19") });
  });

  it("makes a stop where there is none", () => {
    const scene = createScene({ protection: { legs: [breakEven("61000", "0.001")], entryPrice: price("60000") } });
    scene.see("61000", "61000");
    scene.next();
    expect(scene.leg("be-stop")).toMatchObject({ state: "live", rule: { triggerPrice: price("60090.05") } });
  });

  it("lowers no stop that stands higher", () => {
    const scene = createScene({
      protection: { legs: [stopAt("60500"), breakEven("61000")], entryPrice: price("60000") },
    });
    scene.see("61000", "61000");
    scene.next();
    expect(scene.leg("sl").rule).toMatchObject({ triggerPrice: price("60500") });
  });

  it("counts no purchase twice, and a fee in another asset at the market's rate", () => {
    const market = { base: BTCUSDT.base, quote: BTCUSDT.quote, takerFee: ratio("0.0005") };
    const bought = (feeAsset: Asset, fee: string) => ({
      ...{ side: "buy" as const, quantity: quantity("0.01"), notional: notional("600") },
      fee: { asset: feeAsset, quantity: quantity(fee) },
    });
    const costs = [bought(BTCUSDT.quote, "1.2"), bought(BTCUSDT.base, "0.00002"), bought(asset("MX"), "0.1")];
    expect(costs.map((one) => costWithFees([one], market))).toEqual([
      price("60120"),
      price("60120.240480961923847696"),
      price("60030"),
    ]);
    expect(costs.map((one) => greatestPaidRate([one], market))).toEqual([
      ratio("0.002"),
      ratio("0.002"),
      ratio("0.0005"),
    ]);
    expect(costWithFees([], market)).toBeUndefined();
  });

  it("waits until the price is above the level it moves to", () => {
    const scene = createScene({ protection: { legs: [breakEven("60010")], entryPrice: price("60000") } });
    scene.see("60020", "60020");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("be").state).toBe("live");
  });
});
