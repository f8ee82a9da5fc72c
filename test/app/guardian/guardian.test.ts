import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { GuardProcess, GuardWorld } from "./guard-world.ts";
import { createGuardWorld } from "./guard-world.ts";

let world: GuardWorld;
beforeEach(() => {
  world = createGuardWorld();
  world.print("65000");
});
afterEach(() => {
  world.remove();
});

const kinds = ({ news }: GuardProcess) => news.map(({ kind }) => kind);
const legState = () => world.stored()?.legs[0]?.state;

describe("one guardian", () => {
  it("sells once when two prints reach the stop, and the protection is done", async () => {
    world.arm();
    const guard = await world.startGuard();
    await world.prints("61000", "59990", "59980", "59970", "59960");
    await world.advance(3_000);
    expect(world.sent).toHaveLength(1);
    expect(world.sent[0]).toMatchObject({
      draft: { side: "sell", type: "market", size: { kind: "base", quantity: quantity("0.002") } },
    });
    expect(world.stored()).toMatchObject({ state: "ended", legs: [{ attempts: [{ observedPrice: price("59980") }] }] });
    expect(kinds(guard)).toEqual(
      expect.arrayContaining(["lease-held", "market-watched", "exit-sent", "protection-ended"]),
    );
  });

  it("sells also when the price is back within the same frame", async () => {
    world.arm();
    await world.startGuard();
    for (const at of ["59990", "59980", "61000"]) world.print(at);
    await world.advance(1_000);
    expect(world.sent).toHaveLength(1);
  });

  it("is not moved by one bad print", async () => {
    world.arm();
    await world.startGuard();
    await world.prints("61000", "40000", "61000", "40000", "61000");
    expect([world.sent.length, legState()]).toEqual([0, "live"]);
  });

  it("takes up what a shell armed while it ran", async () => {
    const guard = await world.startGuard();
    world.arm();
    await world.settle();
    expect(kinds(guard)).toContain("protection-armed");
    await world.prints("59990", "59980");
    expect(world.sent).toHaveLength(1);
  });

  it("lets go of what a shell disarmed", async () => {
    world.arm();
    const guard = await world.startGuard();
    const shell = world.start();
    shell.app.guarding.status();
    world.disarm();
    await world.advance(1_000);
    await world.prints("59990", "59980");
    expect(world.sent).toHaveLength(0);
    expect(guard.protection()?.state).toBe("ended");
  });

  it("says when the exchange refuses the prints, shows the market as not watched, and asks again", async () => {
    world.arm();
    const guard = await world.startGuard();
    guard.refuseTrades();
    expect(guard.news.at(-1)).toMatchObject({ kind: "market-not-watched", needsPerson: true });
    await world.advance(2_000);
    expect(guard.app.guarding.status().concerns.map(({ kind }) => kind)).toEqual(["not-watched"]);
    expect(guard.app.guarding.badge(protectionSymbol(), quantity("0.002"))).toMatchObject({ state: "degraded" });
    await world.advance(30_000);
    await world.settle();
    await world.prints("61000");
    await world.advance(2_000);
    expect(guard.app.guarding.status().concerns).toEqual([]);
    expect(guard.app.guarding.badge(protectionSymbol(), quantity("0.002"))).toMatchObject({
      state: "protected",
      pid: guard.pid,
      reasons: [],
    });
  });
});

const protectionSymbol = () => world.stored()?.symbol ?? expect.fail("nothing is armed");

describe("an exit of unknown outcome", () => {
  it("is never followed by a second one while it is not proven", async () => {
    world.arm();
    await world.startGuard();
    world.next("lose-answer");
    world.setRestAway(true);
    await world.prints("59990", "59980", "59970", "59960");
    await world.advance(600_000);
    await world.prints("50000", "50000");
    expect([world.sent.length, legState()]).toEqual([1, "exiting"]);
    world.setRestAway(false);
    await world.advance(20_000);
    expect(world.sent).toHaveLength(1);
    expect(world.stored()?.state).toBe("ended");
  });

  it("that provably never arrived is followed by one under a new id", async () => {
    world.arm();
    await world.startGuard();
    world.next("lose-request");
    await world.prints("59990", "59980");
    expect(world.booked()).toHaveLength(0);
    await world.advance(30_000);
    await world.prints("59970", "59960");
    await world.advance(5_000);
    const ids = world.sent.map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(2);
    expect(world.booked().map(({ clientOrderId }) => clientOrderId)).toEqual([ids[1]]);
    expect(world.stored()?.state).toBe("ended");
  });
});

describe("two guardians on one database", () => {
  it("one acts, and when it is killed the other has taken over within two seconds", async () => {
    world.arm();
    const first = await world.startGuard();
    const second = await world.startGuard();
    expect([first.app.guarding.isHolder, second.app.guarding.isHolder]).toEqual([true, false]);
    expect(second.news).toMatchObject([{ kind: "protection-armed" }, { kind: "lease-elsewhere" }].slice(1));
    first.kill();
    await world.advance(1_500);
    expect(second.app.guarding.isHolder).toBe(true);
    await world.settle();
    await world.prints("59990", "59980", "59970");
    expect(world.sent).toHaveLength(1);
    expect(world.stored()?.state).toBe("ended");
  });

  it("the one that is closed hands over at once", async () => {
    world.arm();
    const first = await world.startGuard();
    const second = await world.startGuard();
    await first.app.close();
    await world.advance(1_000);
    expect(second.app.guarding.isHolder).toBe(true);
    expect(second.app.guarding.status()).toMatchObject({ isAlive: true, lease: { pid: second.pid, token: 2 } });
  });

  it("a holder that stood still beyond its time finds that it may do nothing", async () => {
    world.arm();
    const first = await world.startGuard();
    const second = await world.startGuard();
    first.freeze();
    await world.advance(12_000);
    expect(second.app.guarding.isHolder).toBe(true);
    await world.settle();
    await world.prints("61000", "59990", "59980", "59970");
    expect(world.sent).toHaveLength(1);
    first.thaw();
    await world.advance(5_000);
    expect(world.sent).toHaveLength(1);
    expect(kinds(first)).toContain("lease-lost");
    expect([first.app.guarding.isHolder, second.app.guarding.isHolder]).toEqual([false, true]);
  });

  it("a frozen holder that nobody replaced sells nothing on old prints: it asks", async () => {
    world.arm();
    const only = await world.startGuard();
    only.freeze();
    await world.advance(30_000);
    await world.prints("59990", "59980");
    await world.advance(30_000);
    only.thaw();
    await world.advance(2_000);
    expect([world.sent.length, legState()]).toEqual([0, "asking"]);
  });

  it("an exit that one sent and did not live to see proven is proven by the other, and not sent again", async () => {
    world.arm();
    const first = await world.startGuard();
    const second = await world.startGuard();
    world.next("lose-answer");
    world.setRestAway(true);
    await world.prints("59990", "59980");
    first.kill();
    await world.advance(5_000);
    expect(second.app.guarding.isHolder).toBe(true);
    await world.prints("59970", "59960", "59950");
    world.setRestAway(false);
    await world.advance(60_000);
    expect(world.sent).toHaveLength(1);
    expect(world.stored()?.state).toBe("ended");
  });
});

describe("a stop that was crossed while nobody watched", () => {
  async function crossedAway(back?: string): Promise<GuardProcess> {
    world.arm();
    const first = await world.startGuard();
    first.kill();
    await world.advance(60_000);
    await world.prints("59990", "59000", "59500", ...(back === undefined ? [] : [back]));
    await world.advance(60_000);
    return world.startGuard();
  }

  it("asks and does not sell, though the price is still beyond it", async () => {
    const guard = await crossedAway();
    await world.prints("59400", "59300", "59200");
    expect(world.sent).toHaveLength(0);
    expect(world.stored()?.legs[0]).toMatchObject({ state: "asking", question: { worstPrice: price("59000") } });
    expect(guard.news).toContainEqual(expect.objectContaining({ kind: "question-asked", needsPerson: true }));
    expect(guard.app.guarding.status().concerns).toMatchObject([{ kind: "question" }]);
    expect(guard.app.guarding.badge(protectionSymbol(), quantity("0.002")).state).toBe("unprotected");
  });

  it("asks also when the price has come back", async () => {
    await crossedAway("63000");
    expect([world.sent.length, legState()]).toEqual([0, "asking"]);
  });

  it("sells when told so by another process, once", async () => {
    await crossedAway();
    const shell = world.start();
    shell.app.guarding.answer("p1", undefined, "sell-now");
    await world.advance(2_000);
    await world.prints("59100", "59000");
    expect(world.sent).toHaveLength(1);
    expect(world.stored()?.state).toBe("ended");
    expect(() => shell.app.guarding.answer("p1", "sl", "ignore")).toThrow(
      expect.objectContaining({ code: "QUESTION_NOT_FOUND" }),
    );
  });

  it("is armed again when told so, once the price is back", async () => {
    const guard = await crossedAway();
    guard.app.guarding.answer("p1", "sl", "re-arm");
    await world.prints("59100", "59000", "58000");
    expect([world.sent.length, legState()]).toEqual([0, "recovering"]);
    await world.prints("60500", "60600", "60700");
    expect(legState()).toBe("live");
    await world.prints("59990", "59980");
    expect(world.sent).toHaveLength(1);
  });

  it("ends when told to be ignored", async () => {
    const guard = await crossedAway();
    guard.app.guarding.answer("p1", "sl", "ignore");
    await world.prints("59100", "59000");
    await world.advance(3_000);
    expect([world.sent.length, legState()]).toEqual([0, "ended"]);
  });

  it("is asked for as long as the exchange does not tell what happened, and sells nothing meanwhile", async () => {
    world.arm();
    const first = await world.startGuard();
    first.kill();
    await world.advance(60_000);
    await world.prints("59990", "59000");
    const second = world.start();
    await second.app.startSession(new AbortController().signal);
    world.setRestAway(true);
    await world.settle();
    await world.prints("58000", "58000", "58000");
    expect([world.sent.length, legState()]).toEqual([0, "live"]);
    expect(kinds(second)).toContain("trouble");
    world.setRestAway(false);
    await world.advance(3_000);
    expect([world.sent.length, legState()]).toEqual([0, "asking"]);
  });

  it("does not ask about a time before it was armed", async () => {
    const first = await world.startGuard();
    first.kill();
    await world.prints("59000", "58000", "65000");
    await world.advance(60_000);
    world.arm();
    await world.startGuard();
    expect(legState()).toBe("live");
  });
});
