import { describe, expect, it } from "vitest";
import { notional, price, quantity, ratio } from "../../../../src/core/domain/money.ts";
import type { ProtectionLeg } from "../../../../src/core/domain/protection.ts";
import { NOW } from "../samples.ts";
import { createScene, sizeOf, stopAt, target } from "./guard-scene.ts";

describe("a stop-loss", () => {
  it("sells what it covers after two prints at or below its level, not after one", () => {
    const scene = createScene();
    scene.see("60000.01", "59999");
    expect(scene.decide()).toEqual([]);
    scene.see("60000");
    expect(scene.nextExit()).toMatchObject({
      legId: "sl",
      draft: { side: "sell", type: "market", size: { kind: "base", quantity: quantity("0.002") } },
      attempted: { quantity: quantity("0.002"), target: quantity("0.002"), observedPrice: price("60000") },
    });
  });

  it("forgets a bad print that the next one does not confirm", () => {
    const scene = createScene();
    scene.see("10", "64000", "59000", "64000", "59000");
    expect(scene.decide()).toEqual([]);
  });

  it("waits as long as the confirmation asks", () => {
    const scene = createScene({ protection: { confirmation: { prints: 2, holdMs: 300 } } });
    scene.see("59999", "59999", "59999");
    expect(scene.decide()).toEqual([]);
    scene.see("59999");
    expect(scene.nextExit().legId).toBe("sl");
  });

  it.each([
    ["bid-ask", [{ bid: price("59999"), ask: price("61000") }], true],
    ["bid-ask", [{ last: price("50000") }], false],
    ["last", [{ bid: price("50000"), ask: price("50001") }], false],
    ["mark", [{ bid: price("59000"), ask: price("61000") }], true],
    ["mark", [{ bid: price("59000"), ask: price("61000.02") }], false],
    ["mark", [{ bid: price("50000") }], false],
  ] as const)("watching %s, %o fires: %s", (trigger, seen, fires) => {
    const scene = createScene({ protection: { trigger } });
    scene.see(...seen, ...seen);
    expect(scene.next().length > 0).toBe(fires);
  });

  it("sends nothing more while its exit is open or not proven", () => {
    const scene = createScene();
    scene.see("59999", "59999");
    const id = scene.intend(scene.nextExit());
    expect(scene.next()).toEqual([{ kind: "prove", clientOrderId: id }]);
    scene.lose(id);
    scene.see("59000", "58000");
    expect(scene.next()).toEqual([{ kind: "prove", clientOrderId: id }]);
    scene.accept(id);
    expect(scene.next()).toEqual([]);
    scene.wait(2_000);
    expect(scene.next()).toEqual([{ kind: "prove", clientOrderId: id }]);
  });

  it("counts an exit that is not held as unproven", () => {
    const scene = createScene({
      protection: {
        legs: [
          {
            ...stopAt("60000"),
            state: "exiting",
            attempts: [
              { exitOrderId: "elsewhere" as never, quantity: quantity("0.002"), observedPrice: price("1"), at: NOW },
            ],
          },
        ],
      },
    });
    expect(scene.next()).toEqual([{ kind: "prove", clientOrderId: "elsewhere" }]);
  });

  it("ends once all is sold, and says so", () => {
    const scene = createScene();
    scene.see("59999", "59999");
    const id = scene.intend(scene.nextExit());
    scene.accept(id);
    scene.fill(id, "0.002");
    scene.end(id);
    expect(scene.next()).toEqual([]);
    expect(scene.protection()).toMatchObject({ state: "ended", endedBecause: "all of it is sold" });
    scene.see("50000", "50000");
    expect(scene.next()).toEqual([]);
  });

  it("sells what a proven end left over, under a new id", () => {
    const scene = createScene();
    scene.see("59999", "59999");
    const first = scene.intend(scene.nextExit());
    scene.accept(first);
    scene.fill(first, "0.0005");
    scene.end(first);
    const next = scene.nextExit();
    expect(sizeOf(next)).toBe(quantity("0.0015"));
    expect(scene.intend(next)).not.toBe(first);
  });

  it("tries again after a refusal, each time later, and says why it waits", () => {
    const scene = createScene();
    scene.see("59999", "59999");
    scene.reject(scene.intend(scene.nextExit()));
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked?.code).toBe("30005");
    scene.wait(500);
    scene.reject(scene.intend(scene.nextExit()));
    scene.wait(500);
    expect(scene.next()).toEqual([]);
    scene.wait(500);
    expect(scene.nextExit().legId).toBe("sl");
  });

  it("waits no hour for its next try because the clock, which was an hour ahead, has been set right", () => {
    const scene = createScene();
    scene.see("59999", "59999");
    scene.reject(scene.intend(scene.nextExit()));
    expect(scene.next()).toEqual([]);
    scene.wait(-3_600_000);
    const again = scene.nextExit();
    scene.wait(3_600_000);
    scene.deny(again);
    scene.wait(-3_600_000);
    expect(scene.nextExit().legId).toBe("sl");
  });

  it("tries again after our own rules denied it, each time later", () => {
    const scene = createScene();
    scene.see("59999", "59999");
    scene.deny(scene.nextExit());
    expect(scene.next()).toEqual([]);
    scene.wait(500);
    scene.deny(scene.nextExit());
    scene.wait(500);
    expect(scene.next()).toEqual([]);
  });

  it("splits a sale that is above the greatest order of the market", () => {
    const scene = createScene({
      protection: { coverage: { kind: "quantity", quantity: quantity("2") } },
      free: "2",
      instrument: { maxNotionalMarket: notional("59999") },
    });
    scene.see("59999", "59999");
    const first = scene.nextExit();
    expect(sizeOf(first)).toBe(quantity("1"));
    const id = scene.intend(first);
    scene.accept(id);
    scene.fill(id, "1");
    scene.end(id);
    expect(sizeOf(scene.nextExit())).toBe(quantity("1"));
  });
});

describe("what cannot be sold", () => {
  it("is dust that is named when the rest has been sold", () => {
    const scene = createScene({ protection: { coverage: { kind: "quantity", quantity: quantity("0.00205") } } });
    scene.see("59999", "59999");
    const exit = scene.nextExit();
    expect(sizeOf(exit)).toBe(quantity("0.002"));
    const id = scene.intend(exit);
    scene.accept(id);
    scene.fill(id, "0.002");
    scene.end(id);
    scene.next();
    expect(scene.protection().endedBecause).toBe("sold; 0.00005 BTC is left, less than one step of 0.0001 BTC");
  });

  it("is named when it is too small from the start, and sold once the price makes it large enough", () => {
    const scene = createScene({
      protection: { coverage: { kind: "quantity", quantity: quantity("0.0002") } },
      instrument: { minNotionalMarket: notional("11.999") },
    });
    scene.see("59990", "59990");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked).toEqual({
      code: "TOO_SMALL",
      message: "0.0002 BTC cannot be sold: worth 11.998 USDT, below the least of 11.999 USDT",
    });
    scene.see("59999");
    expect(scene.nextExit().legId).toBe("sl");
  });

  it("is not what one bad print makes of it", () => {
    const scene = createScene({ protection: { exit: { kind: "limit", offset: ratio("0.01") } } });
    scene.see({ bid: price("59000") }, "59999", "59999", "0.01");
    expect(scene.nextExit().draft).toMatchObject({ limitPrice: price("58410") });
  });

  it("is held by an order that is named; what is free goes at once, the rest when it comes free", () => {
    const scene = createScene({ free: "0.0015" });
    scene.place("by-hand", { side: "sell" }, "0.001", "70000");
    scene.balance("0.0015", "0.001");
    scene.see("59999", "59999");
    const first = scene.nextExit();
    expect(sizeOf(first)).toBe(quantity("0.0015"));
    const id = scene.intend(first);
    scene.accept(id);
    scene.fill(id, "0.0015");
    scene.end(id);
    scene.wait(1);
    scene.balance("0", "0.001");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked).toEqual({ code: "BASE_LOCKED", message: "0.0005 BTC is held by order by-hand" });
    scene.balance("0.001");
    scene.end("by-hand" as never);
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.0005"));
  });

  it("does not end a protection because a balance says that nothing is there", () => {
    const scene = createScene({ free: "0" });
    scene.see("59999", "59999");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl")).toMatchObject({ state: "exiting", blocked: { code: "BASE_MISSING" } });
    scene.balance("1");
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.002"));
  });

  it("waits while trading is halted, and goes on when it is resumed and the price is still beyond", () => {
    const scene = createScene();
    scene.trading({ kind: "halted", reason: "panic" });
    scene.see("59999", "59999");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").blocked).toEqual({ code: "TRADING_HALTED", message: "trading is halted: panic" });
    scene.trading({ kind: "active" });
    expect(scene.nextExit().legId).toBe("sl");
  });

  it("waits for its level anew when the price has come back before trading was resumed", () => {
    const scene = createScene();
    scene.trading({ kind: "halted", reason: "panic" });
    scene.see("59999", "59999");
    scene.next();
    scene.trading({ kind: "active" });
    scene.see("60001", "60001");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").state).toBe("live");
    scene.see("59999", "59999");
    expect(scene.nextExit().legId).toBe("sl");
  });

  it("still leaves while holdings may only be reduced", () => {
    const scene = createScene();
    scene.trading({ kind: "reducing", reason: "daily loss" });
    scene.see("59999", "59999");
    expect(scene.nextExit().legId).toBe("sl");
  });
});

describe("a question after a gap", () => {
  const question = { since: NOW, seenPrice: price("59000"), at: NOW };
  const asking = () => {
    const scene = createScene();
    scene.apply({ type: "question-asked", protectionId: "p1", legId: "sl", question });
    scene.see("59000", "59000");
    return scene;
  };
  const answer = (scene: ReturnType<typeof asking>, said: "sell-now" | "re-arm" | "ignore") => {
    scene.apply({ type: "question-answered", protectionId: "p1", legId: "sl", answer: said });
  };

  it("keeps the leg from selling until a person has answered", () => {
    expect(asking().next()).toEqual([]);
  });

  it("sell-now sells, even when the price has come back, and after a halt", () => {
    const scene = asking();
    scene.see("65000", "65000");
    answer(scene, "sell-now");
    scene.trading({ kind: "halted", reason: "panic" });
    expect(scene.next()).toEqual([]);
    scene.trading({ kind: "active" });
    expect(scene.nextExit().legId).toBe("sl");
  });

  it("re-arm waits for the safe side, and only then for the level", () => {
    const scene = asking();
    answer(scene, "re-arm");
    scene.see("59000", "59000", "61000");
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").state).toBe("recovering");
    scene.see("61000");
    scene.next();
    expect(scene.leg("sl").state).toBe("live");
    scene.see("59000", "59000");
    expect(scene.nextExit().legId).toBe("sl");
  });

  it("ignore ends the leg, and with its last leg the protection", () => {
    const scene = asking();
    answer(scene, "ignore");
    scene.next();
    expect(scene.protection().endedBecause).toBe("every part of it has ended");
  });
});

describe("how an exit leaves", () => {
  const limit = { exit: { kind: "limit", offset: ratio("0.005") } } as const;
  const rest = (scene: ReturnType<typeof createScene>) => {
    const action = scene.nextExit();
    const id = scene.intend(action);
    scene.accept(id);
    scene.end(id);
    scene.wait(30_000);
    return action.draft;
  };

  it("a stop with a limit goes lower with each attempt, and at any price after three", () => {
    const scene = createScene({ protection: limit });
    scene.see("60000", "60000");
    expect(rest(scene)).toMatchObject({ type: "immediate-or-cancel", limitPrice: price("59700") });
    expect(rest(scene)).toMatchObject({ type: "immediate-or-cancel", limitPrice: price("59400") });
    expect(rest(scene)).toMatchObject({ type: "immediate-or-cancel", limitPrice: price("59100") });
    expect(rest(scene)).toMatchObject({ type: "market" });
  });

  it("a market without market orders gets a limit that trades at once", () => {
    const scene = createScene({ instrument: { orderTypes: ["limit"] } });
    scene.see("60000", "60000");
    expect(scene.nextExit().draft).toMatchObject({ type: "immediate-or-cancel", limitPrice: price("59400") });
  });

  it("a gain with a limit never goes lower than its offset below its level, and waits for the bid to be there", () => {
    const legs: readonly ProtectionLeg[] = [target("tp1", "70000", "1")];
    const scene = createScene({ protection: { ...limit, legs } });
    scene.see("70000", "70000");
    const id = scene.intend(scene.nextExit());
    scene.accept(id);
    scene.fill(id, "0.001", "70000");
    scene.end(id);
    scene.see({ bid: price("60000") }, "60000");
    expect(scene.next()).toEqual([]);
    scene.see({ bid: price("69650") });
    expect(scene.nextExit().draft).toMatchObject({ limitPrice: price("69650") });
  });
});

describe("a time stop", () => {
  it("sells at its time, whatever the price", () => {
    const legs: readonly ProtectionLeg[] = [
      { legId: "ts", rule: { kind: "time-stop", at: NOW + 1_000 }, state: "live", attempts: [] },
    ];
    const scene = createScene({ protection: { legs } });
    scene.see({ bid: price("65000") });
    expect(scene.next()).toEqual([]);
    scene.wait(900);
    expect(scene.nextExit().legId).toBe("ts");
  });
});
