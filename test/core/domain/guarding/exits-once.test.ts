import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientOrderId } from "../../../../src/core/domain/identifiers.ts";
import type { Quantity } from "../../../../src/core/domain/money.ts";
import { quantity } from "../../../../src/core/domain/money.ts";
import type { Protection } from "../../../../src/core/domain/protection.ts";
import { NOW } from "../samples.ts";
import type { Scene, SceneStart } from "./guard-scene.ts";
import { createScene, sizeOf } from "./guard-scene.ts";

const holding = { coverage: { kind: "holding" } } as const;
const covers = (amount: string) => ({ coverage: { kind: "quantity", quantity: quantity(amount) } }) as const;

/** A stop that has fired, its exit accepted or refused. */
function fired(start: SceneStart, isRefused = false) {
  const scene = createScene(start);
  scene.see("59999", "59999");
  const id = scene.intend(scene.nextExit());
  if (isRefused) scene.reject(id);
  else scene.accept(id);
  scene.wait(isRefused ? 500 : 20);
  return { scene, id };
}

/** What it would still do after a purchase, however long that waits. */
function afterPurchase(scene: Scene, amount: string) {
  scene.wait(1);
  scene.balance(amount);
  scene.see("59000", "58000");
  const soon = scene.next();
  scene.wait(60_000);
  scene.see("57000", "56000");
  return [...soon, ...scene.next()].filter(({ kind }) => kind === "exit");
}

describe("a stop whose exit fills in parts of one millisecond", () => {
  it("sends no second exit while the balance counts only the first of them, nor for what is bought then", () => {
    const { scene, id } = fired({ free: "0.002", protection: holding });
    scene.fill(id, "0.0008");
    scene.balance("0.0012");
    scene.fill(id, "0.0012");
    expect(scene.next()).toEqual([]);
    expect(scene.protection()).toMatchObject({ state: "ended", endedBecause: "all of it is sold" });
    expect(afterPurchase(scene, "0.002")).toEqual([]);
  });

  it("goes on with what its exit left, and with no more than that, whatever was bought meanwhile", () => {
    const { scene, id } = fired({ free: "0.002", protection: holding });
    scene.fill(id, "0.0008");
    scene.end(id);
    scene.wait(1);
    scene.balance("0.0112");
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.0012"));
  });
});

describe("base that is not there", () => {
  it("is missing and then gone when no order is known to hold it, and is never said to be held by one", () => {
    const { scene } = fired({ free: "0.002", protection: covers("0.002") }, true);
    scene.balance("0");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("BASE_MISSING");
    scene.wait(15_000);
    expect(afterPurchase(scene, "0.002")).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("BASE_GONE");
  });

  it("is not called missing while the balance is older than the purchase that it should count", () => {
    const coverage = { kind: "entry", clientOrderId: clientOrderId("entry") } as const;
    const scene = createScene({ free: "0", protection: { coverage } });
    scene.wait(1);
    scene.fill(scene.place("entry", { side: "buy" }, "0.002", "65000"), "0.002", "65000");
    scene.see("59999", "59999");
    scene.reject(scene.intend(scene.nextExit()));
    scene.wait(500);
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("BALANCE_UNSURE");
    scene.wait(20_000);
    scene.balance("0.002");
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.002"));
  });

  it("is said to be held by an order that is not known here only when the exchange calls it locked", () => {
    const { scene } = fired({ free: "0.002", protection: covers("0.002") }, true);
    scene.balance("0", "0.002");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked).toEqual({
      code: "BASE_LOCKED",
      message: "0.002 BTC is held by an order that is not known here",
    });
  });

  it("is not said to be held when all that is told as locked is what our own exit had locked", () => {
    const { scene, id } = fired({ free: "0.002", protection: covers("0.004") });
    scene.fill(id, "0.0008");
    scene.balance("0", "0.0012");
    scene.fill(id, "0.0012");
    const second = scene.nextExit();
    scene.reject(scene.intend(second));
    scene.wait(500);
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("BALANCE_UNSURE");
  });

  it("goes for good after a person said to sell, too: what is bought a day later is not sold", () => {
    const scene = createScene({ free: "0", protection: holding });
    const question = { since: scene.now, at: scene.now };
    scene.apply({ type: "question-asked", protectionId: "p1", legId: "sl", question });
    scene.apply({ type: "question-answered", protectionId: "p1", legId: "sl", answer: "sell-now" });
    scene.see("59000", "59000");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("BASE_MISSING");
    scene.wait(86_400_000);
    expect(afterPurchase(scene, "0.002")).toEqual([]);
  });
});

it("never sells what an order of ours bought after it fired, though its own part is not all there", () => {
  const { scene, id } = fired({ free: "0.001", protection: covers("0.002") });
  scene.fill(id, "0.001");
  scene.end(id);
  scene.wait(1);
  scene.balance("0");
  const bought = scene.place("bought-later", { side: "buy" }, "0.001", "59000");
  scene.fill(bought, "0.001", "59000");
  scene.wait(1);
  scene.balance("0.001");
  expect(scene.next()).toEqual([]);
  expect(scene.leg("sl").blocked?.code).toBe("BASE_MISSING");
});

describe("a clock that was set back", () => {
  const setBack = (coverage: Protection["coverage"], byMs: number) => {
    const scene = createScene({ free: "0", protection: { coverage } });
    scene.wait(1_000);
    scene.fill(scene.place("bought", { side: "buy" }, "0.002", "65000"), "0.002", "65000");
    scene.wait(1);
    scene.balance("0.002");
    scene.wait(-byMs);
    scene.see("59999", "59999");
    return scene;
  };

  it.each([
    ["all that is held", holding.coverage],
    ["a quantity", covers("0.002").coverage],
  ])("makes no purchase from before the stop fired one from after it, covering %s", (_, coverage) => {
    const scene = setBack(coverage, 5_000);
    scene.reject(scene.intend(scene.nextExit()));
    scene.wait(500);
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.002"));
  });

  it("nor one from before it was armed, however long ago the clock says that was", () => {
    const coverage = covers("0.002").coverage;
    const scene = createScene({ free: "0.002", protection: { coverage, createdAt: NOW + 3_600_000 } });
    scene.place("bought", { side: "buy" }, "0.002", "65000");
    scene.fill("bought" as never, "0.002", "65000");
    scene.wait(-1_000);
    scene.see("59999", "59999");
    scene.reject(scene.intend(scene.nextExit()));
    scene.wait(10_000);
    scene.see("59999", "59999");
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.002"));
  });
});

describe("a stop that sold a part and is held up with the rest", () => {
  const lockedAfterPart = () => {
    const { scene, id } = fired({ free: "0.002", protection: covers("0.002") });
    scene.fill(id, "0.0008");
    scene.end(id);
    scene.place("by-hand", { side: "sell" }, "0.0012", "70000");
    scene.wait(1);
    scene.balance("0", "0.0012");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("BASE_LOCKED");
    return scene;
  };
  const free = (scene: Scene) => {
    scene.end("by-hand" as never);
    scene.wait(1);
    scene.balance("0.0012");
  };

  it("waits for its level anew once the price is back: it does not sell the rest above it hours later", () => {
    const scene = lockedAfterPart();
    scene.see("61000", "62000");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").state).toBe("live");
    scene.wait(7_200_000);
    free(scene);
    scene.see("62000", "62000");
    expect(scene.next()).toEqual([]);
    scene.see("59999", "59999");
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.0012"));
  });

  it("goes on at once when it comes free while the price is still beyond", () => {
    const scene = lockedAfterPart();
    free(scene);
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.0012"));
  });

  it("does not wait anew for what is not there any more", () => {
    const { scene, id } = fired({ free: "0.001", protection: covers("0.002") });
    scene.fill(id, "0.001");
    scene.end(id);
    scene.wait(1);
    scene.balance("0");
    expect(scene.next()).toEqual([]);
    scene.see("61000", "62000");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").state).toBe("exiting");
  });
});

/** Tenths of a thousandth, as the market's step is. */
const steps = (count: number) => (BigInt(count) * 10n ** 14n) as Quantity;

it("whatever comes in whatever order: a part that is sold is not sold again, nor what was bought since", () => {
  const story = fc.record({
    parts: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
    unsold: fc.integer({ min: 0, max: 10 }),
    isHolding: fc.boolean(),
    isAnswered: fc.boolean(),
    /** In which order the words of the fills, of their balances and of the end arrive; a missing one was lost. */
    order: fc.array(fc.nat(10), { maxLength: 14 }),
    isSameMillisecond: fc.boolean(),
    bought: fc.integer({ min: 1, max: 40 }),
    waitMs: fc.constantFrom(0, 1_000, 6_000, 16_000, 60_000),
  });
  fc.assert(
    fc.property(story, (told) => {
      const { parts, unsold, isHolding, isAnswered, order, isSameMillisecond, bought, waitMs } = told;
      const sold = parts.reduce((sum, part) => sum + part, 0);
      const all = steps(sold + unsold);
      const coverage = { kind: "quantity", quantity: all } as const;
      const scene = createScene({ protection: isHolding ? holding : { coverage } });
      scene.wait(1);
      scene.balance(all);
      if (isAnswered) {
        const question = { since: scene.now, at: scene.now };
        scene.apply({ type: "question-asked", protectionId: "p1", legId: "sl", question });
        scene.apply({ type: "question-answered", protectionId: "p1", legId: "sl", answer: "sell-now" });
      }
      scene.see("59999", "59999");
      const id = scene.intend(scene.nextExit());
      scene.accept(id);
      scene.wait(20);
      let asked = 0n;
      const look = () => {
        const exit = scene.next().find(({ kind }) => kind === "exit");
        const size = sizeOf(exit) ?? 0n;
        asked = size > asked ? size : asked;
      };
      let left = sold + unsold;
      const words = parts.flatMap((part) => {
        left -= part;
        const balance = steps(left);
        const tick = () => {
          if (!isSameMillisecond) scene.wait(1);
        };
        return [
          () => {
            scene.fill(id, steps(part));
          },
          () => {
            tick();
            scene.balance(balance);
          },
        ];
      });
      for (const pick of order) {
        const [word] = words.splice(pick % Math.max(words.length, 1), 1);
        word?.();
        look();
      }
      // The rest of the fills come with the proof of the end, as a query brings them.
      scene.apply({
        type: "order-reported",
        clientOrderId: id,
        source: "query",
        report: {
          orderId: scene.order(id).orderId ?? ("" as never),
          clientOrderId: id,
          symbol: scene.instrument.symbol,
          side: "sell",
          type: "market",
          status: unsold === 0 ? "filled" : "cancelled",
          executedQuantity: steps(sold),
          executedNotional: 0n as never,
          createdAt: scene.now,
        },
      });
      look();
      scene.wait(waitMs);
      scene.balance(steps(unsold + bought));
      scene.see("59000", "58000");
      look();
      expect(asked <= steps(unsold)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
