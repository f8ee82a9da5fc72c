import { describe, expect, it } from "vitest";
import { clientOrderId } from "../../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../../src/core/domain/money.ts";
import { createScene, sizeOf, stopAt, target } from "./guard-scene.ts";

describe("all that is held, after a sale of its own", () => {
  const soldHalf = () => {
    const scene = createScene({
      free: "0.02",
      protection: { coverage: { kind: "holding" }, legs: [stopAt("60000"), target("tp1", "66000", "0.5")] },
    });
    scene.see("66001", "66002");
    const id = scene.intend(scene.nextExit());
    scene.accept(id);
    // It counts the sale already, and was told a moment before the fill.
    scene.balance("0.01");
    scene.wait(1);
    scene.fill(id, "0.01", "66000");
    scene.end(id);
    scene.see("59000", "58000");
    return scene;
  };

  it("sells the rest once the exchange tells the same amount again", () => {
    const scene = soldHalf();
    scene.balance("0.01");
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.01"));
  });

  it("does not stay silent when no balance is told", () => {
    const scene = soldHalf();
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked).toBeUndefined();
    scene.wait(5_000);
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("BALANCE_UNSURE");
    scene.balance("0.01");
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.01"));
  });
});

describe("a gain on an entry", () => {
  const bracket = () => {
    const coverage = { kind: "entry", clientOrderId: clientOrderId("entry") } as const;
    const scene = createScene({ free: "0", protection: { coverage, legs: [target("tp1", "66000", "1")] } });
    return { scene, id: scene.place("entry", { side: "buy" }, "0.01", "64000") };
  };

  it.each([0, 3_000, -3_000])("is taken though the exchange's clock is %s ms ahead of ours", (aheadMs) => {
    const { scene, id } = bracket();
    scene.wait(10_000 + aheadMs);
    scene.fill(id, "0.01", "64000");
    scene.balance("0.01");
    scene.wait(1_000 - aheadMs);
    scene.see("66001", "66002");
    expect(scene.nextExit().legId).toBe("tp1");
  });

  it("is not taken for a price from before we knew of the fill, and is for what is seen from then on", () => {
    const { scene, id } = bracket();
    scene.see("66001", "66002");
    scene.fill(id, "0.01", "64000");
    scene.balance("0.01");
    expect(scene.next()).toEqual([]);
    scene.see("66001");
    expect(scene.next()).toEqual([]);
    scene.see("66001");
    expect(scene.nextExit().legId).toBe("tp1");
  });
});

describe("a stop that fired with nothing held", () => {
  const holding = { kind: "holding" } as const;
  const fixed = { kind: "quantity", quantity: quantity("0.002") } as const;
  const soldByHand = (coverage: typeof holding | typeof fixed) => {
    const scene = createScene({ free: "0.002", protection: { coverage } });
    scene.wait(1_000);
    scene.balance("0");
    scene.see("59999", "59998");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl")).toMatchObject({ state: "exiting", blocked: { code: "BASE_MISSING" } });
    return scene;
  };

  it.each([holding, fixed])("sells what a late balance tells of, covering %o", (coverage) => {
    const scene = soldByHand(coverage);
    scene.wait(10_000);
    scene.balance("0.002");
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.002"));
  });

  it.each([holding, fixed])("never sells what is bought long after, and stays in sight, covering %o", (coverage) => {
    const scene = soldByHand(coverage);
    scene.wait(15_000);
    scene.see("55000", "55000");
    scene.balance("0.002");
    expect(scene.next()).toEqual([]);
    scene.see("61000", "61000");
    expect(scene.next()).toEqual([]);
    scene.see("55000", "55000");
    expect(scene.next()).toEqual([]);
    expect([scene.protection().state, scene.leg("sl").blocked?.code]).toEqual(["armed", "BASE_GONE"]);
  });

  it("sells no more than there was when the rest is bought later", () => {
    const scene = createScene({ free: "0.001" });
    scene.see("59999", "59999");
    const id = scene.intend(scene.nextExit());
    scene.accept(id);
    scene.fill(id, "0.001");
    scene.end(id);
    scene.balance("0");
    expect(scene.next()).toEqual([]);
    scene.wait(15_000);
    scene.balance("0.001");
    expect(scene.next()).toEqual([]);
    expect(scene.sold()).toBe(quantity("0.001"));
  });
});
