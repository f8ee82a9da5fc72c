import { expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import type { CloseResult } from "../../../src/app/closing.ts";
import { createApp } from "../../../src/app/create-app.ts";
import { totalOf } from "../../../src/core/domain/balance.ts";
import type { ClosePlan, WantedClose } from "../../../src/core/domain/closing/plan-close.ts";
import { asset, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { formatMoney } from "../../../src/core/domain/money.ts";
import { useSimulator } from "../on-simulator.ts";

/** The account holds 1 BTC that was never bought here: a position sold twice finds something to sell. */
const there = useSimulator();
const { line } = there;
const SIGNAL = new AbortController().signal;
const WANTED: WantedClose = { symbol: marketSymbol("BTCUSDT"), isAll: false, cancelsOrders: false };

const bought = (amount: string) => line("order", "place", "buy", "btcusdt", amount);
const protect = (...words: string[]) => line("position", "protect", "BTCUSDT", ...words);
/** As the exchange has it. */
async function heldBtc(): Promise<string> {
  return withTwo(async ([app]) => {
    await app.reconcile(SIGNAL);
    const balance = app.store.getState().trading.balances.get(asset("BTC"));
    return balance === undefined ? "0" : formatMoney(totalOf(balance));
  });
}

/** Two programs on one home, each with a plan that it has shown. */
async function withTwo<T>(work: (apps: readonly [App, App]) => Promise<T>): Promise<T> {
  const apps = [await createApp({ env: there.env() }), await createApp({ env: there.env() })] as const;
  try {
    return await work(apps);
  } finally {
    for (const app of apps) await app.close();
  }
}

async function planned(app: App, wanted: WantedClose = WANTED): Promise<ClosePlan> {
  await app.reconcile(SIGNAL);
  const result = await app.closing.plan(wanted, SIGNAL);
  if (result.kind === "denied") throw new Error(result.denials[0]?.message);
  return result.plan;
}

const outcome = (result: CloseResult) =>
  result.kind === "placed" ? result.order.state : result.kind === "denied" ? result.denials[0]?.code : result.kind;

it.each([["with a protection", true] as const, ["without one", false] as const])(
  "two programs that close at once sell the position once: %s",
  async (_, isProtected) => {
    await bought("0.02");
    if (isProtected) expect((await protect("--quantity", "0.02", "--stop", "-2%")).code).toBe(0);
    const outcomes = await withTwo(async ([first, second]) => {
      const plans = [await planned(first), await planned(second)] as const;
      const results = await Promise.all([
        first.closing.close(plans[0], SIGNAL),
        second.closing.close(plans[1], SIGNAL),
      ]);
      return results.map((one) => String(outcome(one))).toSorted((left, right) => (left < right ? -1 : 1));
    });
    expect(outcomes[1]).toBe("filled");
    expect(["PROTECTION_CHANGED", "POSITION_CHANGED", "NOTHING_TO_SELL"]).toContain(outcomes[0]);
    expect(await heldBtc()).toBe("1");
    expect((await line("position", "unprotect", "btcusdt")).code).toBe(1);
  },
);

it("takes off what a sale of its own already sells", async () => {
  await bought("0.02");
  const placed = await line("order", "place", "sell", "btcusdt", "0.02", "@", "+20%");
  expect(placed.code).toBe(0);
  const closed = await line("position", "close", "btcusdt");
  expect([closed.code, closed.errors()]).toMatchObject([5, [{ error: { code: "NOTHING_TO_SELL" } }]]);
  expect(closed.err).toContain("--cancel-orders");
  expect(await heldBtc()).toBe("1.02");
});

it("links a resting close to what it would sell, so that a stop takes it back before it sells", async () => {
  await bought("0.02");
  expect((await protect("--quantity", "0.02", "--stop", "-2%")).code).toBe(0);
  const resting = await line("position", "close", "btcusdt", "--at", "+20%");
  expect(resting.code).toBe(0);
  const [order] = resting.objects() as [{ clientOrderId: string }];
  expect((await line("order", "show", order.clientOrderId)).objects()).toMatchObject([
    { state: "open", protection: { part: "close", state: "armed" } },
  ]);
  await withTwo(([app]) => {
    const [protection] = [...app.store.getState().trading.protections.values()];
    expect(protection?.closes?.map(({ closeOrderId, quantity }) => [closeOrderId, formatMoney(quantity)])).toEqual([
      [order.clientOrderId, "0.02"],
    ]);
    return Promise.resolve();
  });
});
