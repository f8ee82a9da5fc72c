import { describe, expect, it } from "vitest";
import type { RateBudget } from "../../../src/adapters/mexc/rest/rate-budget.ts";
import { createRateBudget } from "../../../src/adapters/mexc/rest/rate-budget.ts";
import type { Lane } from "../../../src/adapters/mexc/rest/request-cost.ts";
import { createManualClock } from "../../manual-clock.ts";

const forever = new AbortController().signal;
const cost = (lane: Lane, weight = 1, isOrderAction = false) => ({ lane, weight, isOrderAction });

async function spend(budget: RateBudget, lane: Lane, weight = 1, isOrderAction = false): Promise<void> {
  const admission = await budget.admit(cost(lane, weight, isOrderAction), forever);
  if (admission.kind !== "go") throw new Error(admission.why);
  admission.done(200, undefined);
}

describe("the rate budget", () => {
  it("holds a share until one window after the answer, not after the sending", async () => {
    const { clock, advance } = createManualClock();
    const budget = createRateBudget(clock);
    const first = await budget.admit(cost("account", 300), forever);
    await advance(4_000);
    if (first.kind === "go") first.done(200, undefined);
    await advance(5_500);
    let went = false;
    void spend(budget, "account", 10).then(() => {
      went = true;
    });
    // Ten seconds after the sending it still holds, ten after the answer no more.
    await advance(4_400);
    expect(went).toBe(false);
    await advance(200);
    expect(went).toBe(true);
  });

  it("lets twelve orders a second out, and the thirteenth after it", async () => {
    const { clock, advance } = createManualClock();
    const budget = createRateBudget(clock);
    const at: number[] = [];
    const begin = clock.now();
    for (let count = 0; count < 13; count += 1) {
      void spend(budget, "order", 0, true).then(() => at.push(clock.now() - begin));
    }
    await advance(2_000);
    expect(at.filter((ms) => ms === 0)).toHaveLength(12);
    expect(at[12]).toBeGreaterThanOrEqual(1_000);
    expect(at[12]).toBeLessThan(1_200);
  });

  it("stops background work at 60 percent and lets a trader on", async () => {
    const { clock } = createManualClock();
    const budget = createRateBudget(clock);
    await spend(budget, "market", 180);
    const background = budget.admit(cost("market", 1), forever);
    let waits = true;
    void background.then(() => (waits = false));
    await spend(budget, "account", 100);
    expect(waits).toBe(true);
  });

  it("lets a cancel go before an order that waits longer", async () => {
    const { clock, advance } = createManualClock();
    const budget = createRateBudget(clock);
    for (let count = 0; count < 12; count += 1) await spend(budget, "order", 0, true);
    const went: string[] = [];
    void spend(budget, "order", 0, true).then(() => went.push("order"));
    void spend(budget, "cancel", 0, true).then(() => went.push("cancel"));
    await advance(1_500);
    expect(went).toEqual(["cancel", "order"]);
  });

  it.each([
    [429, 30, 30_000],
    [418, undefined, 120_000],
    [403, undefined, 90_000],
  ])("keeps away after %i for as long as it says", async (status, retryAfter, pauseMs) => {
    const { clock, advance } = createManualClock();
    const budget = createRateBudget(clock);
    const hit = await budget.admit(cost("account"), forever);
    if (hit.kind === "go") hit.done(status, retryAfter);
    expect(budget.pause()?.forMs).toBe(pauseMs);
    const refused = await budget.admit(cost("market"), forever);
    expect(refused).toMatchObject({ kind: "wait", forMs: pauseMs });
    await advance(pauseMs);
    expect(budget.pause()).toBeUndefined();
    expect((await budget.admit(cost("market"), forever)).kind).toBe("go");
  });

  it("tries a trader's request again five seconds after the firewall's page, then ten", async () => {
    const { clock, advance } = createManualClock();
    const budget = createRateBudget(clock);
    for (const pauseMs of [5_000, 10_000, 20_000]) {
      const hit = await budget.admit(cost("cancel"), forever);
      if (hit.kind === "go") hit.done(403, undefined);
      expect(await budget.admit(cost("cancel"), forever)).toMatchObject({ kind: "wait", forMs: pauseMs });
      await advance(pauseMs);
    }
  });

  it("rejects when the caller gives up waiting, and leaves the queue", async () => {
    const { clock, advance } = createManualClock();
    const budget = createRateBudget(clock);
    await spend(budget, "account", 300);
    const giveUp = new AbortController();
    const abandoned = budget.admit(cost("account"), giveUp.signal);
    giveUp.abort();
    await expect(abandoned).rejects.toThrow("aborted");
    await advance(10_000);
    await spend(budget, "market");
  });
});
