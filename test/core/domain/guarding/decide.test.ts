import { describe, expect, it } from "vitest";
import { decide } from "../../../../src/core/domain/guarding/decide.ts";
import { NO_MEMORY, observe } from "../../../../src/core/domain/guarding/trigger-memory.ts";
import { price, quantity } from "../../../../src/core/domain/money.ts";
import { ACTIVE } from "../../../../src/core/domain/trading-state.ts";
import { BTCUSDT, NOW, protectionSample } from "../samples.ts";

describe("a stop-loss", () => {
  it("sells after two prints at or below its level, and not after one", () => {
    const protection = protectionSample();
    const once = observe(NO_MEMORY, protection, { last: price("59999"), at: NOW });
    const twice = observe(once, protection, { last: price("60000"), at: NOW + 5 });
    const view = {
      protection,
      orders: new Map(),
      fills: [],
      instrument: BTCUSDT,
      base: { asset: BTCUSDT.base, free: quantity("1"), locked: quantity("0"), at: NOW },
      tradingState: ACTIVE,
      quote: undefined,
      now: NOW + 5,
    };
    expect(decide({ ...view, memory: once })).toEqual([]);
    expect(decide({ ...view, memory: twice })).toMatchObject([
      { kind: "exit", legId: "sl", draft: { side: "sell", type: "market", size: { quantity: quantity("0.002") } } },
    ]);
  });
});
