import { describe, expect, it } from "vitest";
import { clientOrderId } from "../../../../src/core/domain/identifiers.ts";
import { notional, price, quantity, ratio } from "../../../../src/core/domain/money.ts";
import type { LegRule, Protection, ProtectionLeg } from "../../../../src/core/domain/protection.ts";
import type { Scene } from "./guard-scene.ts";
import { createScene, sizeOf, stopAt, target } from "./guard-scene.ts";

const covers = (amount: string): Pick<Protection, "coverage"> => ({
  coverage: { kind: "quantity", quantity: quantity(amount) },
});

/** The exit that is wanted now goes through whole. @returns what it sold */
function sellAll(scene: Scene) {
  const action = scene.nextExit();
  const id = scene.intend(action);
  scene.accept(id);
  const sold = sizeOf(action) ?? quantity("0");
  scene.fill(id, sold, action.attempted.observedPrice);
  return sold;
}

describe("a take-profit ladder", () => {
  const ladder = (...legs: readonly ProtectionLeg[]) => createScene({ protection: { ...covers("0.0107"), legs } });

  it("sells a share at each level, once each, down to a step; the last takes the rest", () => {
    const scene = ladder(target("tp1", "70000", "0.3"), target("tp2", "71000", "0.3"), target("tp3", "72000", "0.4"));
    scene.see("70000", "70500");
    expect(sellAll(scene)).toBe(quantity("0.0032"));
    scene.see("69000", "69000", "70500", "70500");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("tp1").state).toBe("done");
    scene.see("71000", "71000");
    expect(sellAll(scene)).toBe(quantity("0.0032"));
    scene.see("72000", "72000");
    expect(sellAll(scene)).toBe(quantity("0.0043"));
    scene.next();
    expect(scene.protection()).toMatchObject({ state: "ended", endedBecause: "all of it is sold" });
  });

  it("that does not share out everything leaves the rest to the stop", () => {
    const scene = ladder(target("tp1", "70000", "0.5"), stopAt("60000"));
    scene.see("70000", "70000");
    expect(sellAll(scene)).toBe(quantity("0.0053"));
    expect(scene.next()).toEqual([]);
    expect(scene.protection().state).toBe("armed");
    scene.see("60000", "60000");
    expect(sellAll(scene)).toBe(quantity("0.0054"));
  });

  it("a price that jumps over several levels sells for each, one after the other", () => {
    const scene = ladder(target("tp1", "70000", "0.5"), target("tp2", "71000", "0.5"));
    scene.see("72000", "72000");
    expect(sellAll(scene)).toBe(quantity("0.0053"));
    expect(sellAll(scene)).toBe(quantity("0.0054"));
  });

  it("a rung that is too small alone goes with the next", () => {
    const scene = createScene({
      protection: {
        ...covers("0.01"),
        legs: [target("tp1", "70000", "0.1"), target("tp2", "71000", "0.4"), target("tp3", "72000", "0.5")],
      },
      instrument: { minNotionalMarket: notional("200") },
    });
    scene.see("70000", "70000");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("tp1")).toMatchObject({ state: "ended" });
    scene.see("71000", "71000");
    expect(sellAll(scene)).toBe(quantity("0.005"));
    scene.see("72000", "72000");
    expect(sellAll(scene)).toBe(quantity("0.005"));
  });

  it("a stop that fires with a rung's exit open waits for its end, then sells what that left", () => {
    const scene = ladder(target("tp1", "70000", "0.5"), stopAt("60000"));
    scene.see("70000", "70000");
    const rung = scene.intend(scene.nextExit());
    scene.accept(rung);
    scene.fill(rung, "0.002", "70000");
    scene.see("60000", "59000");
    expect(scene.next()).toEqual([]);
    scene.end(rung);
    expect(sellAll(scene)).toBe(quantity("0.0087"));
  });
});

describe("a trailing stop", () => {
  const trailing = (
    rule: Partial<Extract<LegRule, { kind: "trailing-stop" }>> = {},
    highest?: string,
  ): ProtectionLeg => ({
    legId: "trail",
    rule: { kind: "trailing-stop", distance: { kind: "ratio", ratio: ratio("0.01") }, ...rule },
    state: "live",
    attempts: [],
    ...(highest === undefined ? {} : { highest: price(highest) }),
  });
  const scene = (leg: ProtectionLeg) => createScene({ protection: { legs: [leg] } });

  it("follows the highest price that two prints confirm, never the one bad print", () => {
    const it = scene(trailing({}, "60000"));
    it.see("90000", "60000", "61000", "61200");
    it.next();
    expect(it.leg("trail").highest).toBe(price("61000"));
    it.see("60390.01", "60390.01");
    expect(it.next()).toEqual([]);
    it.see("60390", "60390");
    expect(it.nextExit().legId).toBe("trail");
  });

  it("never falls", () => {
    const it = scene(trailing({}, "60000"));
    it.see("59500", "59600", "59700", "59800");
    expect(it.decide()).toEqual([]);
    expect(it.leg("trail").highest).toBe(price("60000"));
  });

  it("tells the disk only of rises by 0.05 % and more", () => {
    const it = scene(trailing({}, "60000"));
    it.see("60029", "60029");
    expect(it.decide()).toEqual([]);
    it.see("60030", "60030");
    expect(it.decide()).toMatchObject([{ events: [{ type: "highest-moved", highest: price("60030") }] }]);
  });

  it("by a distance in quote, from an activation price on", () => {
    const it = scene(trailing({ distance: { kind: "price", price: price("500") }, activationPrice: price("65000") }));
    it.see("64000", "64000", "50000", "50000");
    expect(it.next()).toEqual([]);
    it.see("65000", "65100");
    it.next();
    expect(it.leg("trail").highest).toBe(price("65000"));
    it.see("64500", "64500");
    expect(it.nextExit().legId).toBe("trail");
  });

  it("goes on from the disk when another guardian takes over", () => {
    const it = scene(trailing({}, "60000"));
    it.see("62000", "62000");
    it.next();
    it.forget();
    it.see("61380", "61380");
    expect(it.nextExit().legId).toBe("trail");
  });
});

describe("one cancels the other", () => {
  const start = (legs: readonly ProtectionLeg[] = [stopAt("60000")]) => {
    const scene = createScene({
      protection: { ...covers("0.01"), legs, linkedOrderId: clientOrderId("target") },
      free: "0",
    });
    const linked = scene.place("target", { side: "sell" }, "0.01", "70000");
    scene.balance("0", "0.01");
    return { scene, linked };
  };

  it("cancels the resting sale, waits for the proof of its end, and sells what it did not", () => {
    const { scene, linked } = start();
    scene.see("59999", "59999");
    expect(scene.next()).toEqual([{ kind: "cancel", clientOrderId: linked }]);
    expect(scene.leg("sl").state).toBe("exiting");
    scene.apply({ type: "cancel-intended", clientOrderId: linked });
    expect(scene.next()).toEqual([]);
    scene.fill(linked, "0.004", "70000");
    scene.end(linked);
    // The balance has not been told yet; what no order holds is free.
    expect(sellAll(scene)).toBe(quantity("0.006"));
    scene.next();
    expect(scene.protection().endedBecause).toBe("all of it is sold");
  });

  it("sells nothing when the resting sale filled before the cancel reached it", () => {
    const { scene, linked } = start();
    scene.see("59999", "59999");
    scene.next();
    scene.apply({ type: "cancel-intended", clientOrderId: linked });
    scene.fill(linked, "0.01", "70000");
    expect(scene.next()).toEqual([]);
    expect(scene.protection()).toMatchObject({ state: "ended", endedBecause: "order target sold all of it" });
  });

  it("once fired it sells, even when the price comes back while the cancel is under way", () => {
    const { scene, linked } = start();
    scene.see("59999", "59999");
    scene.next();
    scene.apply({ type: "cancel-intended", clientOrderId: linked });
    scene.see("61000", "61000");
    scene.end(linked);
    expect(sellAll(scene)).toBe(quantity("0.01"));
  });

  it("asks again for a cancel that has not ended it, and for the proof in between", () => {
    const { scene, linked } = start();
    scene.see("59999", "59999");
    scene.next();
    scene.apply({ type: "cancel-intended", clientOrderId: linked });
    scene.wait(2_000);
    expect(scene.next()).toEqual([{ kind: "prove", clientOrderId: linked }]);
    scene.wait(3_000);
    expect(scene.next()).toEqual([{ kind: "cancel", clientOrderId: linked }]);
  });

  it("ends when the resting sale fills by itself", () => {
    const { scene, linked } = start();
    scene.fill(linked, "0.01", "70000");
    scene.next();
    expect(scene.protection().state).toBe("ended");
  });

  it("leaves the resting sale alone while trading is halted", () => {
    const { scene } = start();
    scene.trading({ kind: "halted", reason: "panic" });
    scene.see("59999", "59999");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("TRADING_HALTED");
  });
});

describe("a bracket", () => {
  const start = (legs: readonly ProtectionLeg[] = [stopAt("60000"), target("tp1", "70000", "1")]) => {
    const coverage = { kind: "entry", clientOrderId: clientOrderId("entry") } as const;
    const scene = createScene({ protection: { coverage, legs }, free: "0" });
    const entry = scene.place("entry", { side: "buy" }, "0.01", "65000");
    return { scene, entry };
  };

  it("is not live before the entry has filled", () => {
    const { scene } = start();
    scene.see("59999", "59999", "70001", "70001");
    expect(scene.next()).toEqual([]);
  });

  it("covers what has filled, less the fee kept in base, and cancels the rest of the entry first", () => {
    const { scene, entry } = start();
    scene.wait(1);
    scene.fill(entry, "0.004", "65000", "0.0004");
    scene.see("59999", "59999");
    expect(scene.next()).toEqual([{ kind: "cancel", clientOrderId: entry }]);
    scene.apply({ type: "cancel-intended", clientOrderId: entry });
    scene.fill(entry, "0.001", "65000", "0.0001");
    scene.end(entry);
    expect(sellAll(scene)).toBe(quantity("0.0045"));
    scene.next();
    expect(scene.protection().state).toBe("ended");
  });

  it("waits for fills the exchange has told of and we do not hold", () => {
    const { scene, entry } = start();
    scene.wait(1);
    scene.fill(entry, "0.004", "65000");
    scene.see("59999", "59999");
    scene.next();
    const order = scene.order(entry);
    scene.apply({
      type: "order-reported",
      clientOrderId: entry,
      source: "stream",
      report: {
        orderId: order.orderId ?? ("" as never),
        clientOrderId: entry,
        symbol: order.symbol,
        side: "buy",
        type: "limit",
        status: "filled",
        executedQuantity: quantity("0.01"),
        executedNotional: notional("650"),
        createdAt: order.createdAt,
      },
    });
    expect(scene.next()).toEqual([{ kind: "prove", clientOrderId: entry }]);
    scene.fill(entry, "0.006", "65000");
    expect(sellAll(scene)).toBe(quantity("0.01"));
  });

  it("ends when the entry ends without a fill", () => {
    const { scene, entry } = start();
    scene.end(entry);
    scene.next();
    expect(scene.protection().endedBecause).toBe("the entry order entry ended without a fill");
  });

  it("takes no gain for prices from before the entry", () => {
    const { scene, entry } = start();
    scene.see("70001", "70001");
    scene.wait(1);
    scene.fill(entry, "0.01", "65000");
    expect(scene.next()).toEqual([]);
    scene.see("65000", "70001", "70001");
    expect(sellAll(scene)).toBe(quantity("0.01"));
  });

  it("trails from the entry on, not from a high before it", () => {
    const rule = { kind: "trailing-stop", distance: { kind: "ratio", ratio: ratio("0.01") } } as const;
    const { scene, entry } = start([{ legId: "trail", rule, state: "live", attempts: [] }]);
    scene.see("68000", "68000", "65000", "65000");
    scene.fill(entry, "0.01", "65000");
    scene.see("65010", "65010");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("trail").highest).toBe(price("65010"));
  });

  it("a time stop ends an entry that has not filled", () => {
    const { scene, entry } = start([{ legId: "ts", rule: { kind: "time-stop", at: 0 }, state: "live", attempts: [] }]);
    expect(scene.next()).toEqual([{ kind: "cancel", clientOrderId: entry }]);
    scene.end(entry);
    scene.next();
    expect(scene.protection().state).toBe("ended");
  });
});

describe("whatever is held", () => {
  it("is what stands on the account when it fires, and exits since are not counted twice", () => {
    const scene = createScene({
      protection: { coverage: { kind: "holding" }, legs: [target("tp1", "70000", "0.5"), stopAt("60000")] },
      free: "0.01",
    });
    scene.see("70000", "70000");
    expect(sellAll(scene)).toBe(quantity("0.005"));
    // The balance still says 0.01.
    scene.see("59999", "59999");
    expect(sellAll(scene)).toBe(quantity("0.005"));
    // Until the balance counts the first sale, all that it tells of may still be there.
    scene.next();
    expect(scene.protection().state).toBe("armed");
    scene.balance("0");
    scene.next();
    expect(scene.protection().state).toBe("ended");
  });

  it("is sold once, and what comes in afterwards is not, whenever the balance follows", () => {
    const scene = createScene({ protection: { coverage: { kind: "holding" } }, free: "0.01" });
    scene.see("59999", "59999");
    expect(sellAll(scene)).toBe(quantity("0.01"));
    scene.next();
    expect(scene.protection()).toMatchObject({ state: "ended", endedBecause: "all of it is sold" });
  });
});
