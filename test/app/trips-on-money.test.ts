import { expect, it, onTestFinished } from "vitest";
import { asset } from "../../src/core/domain/identifiers.ts";
import { notional, price, quantity, ratio } from "../../src/core/domain/money.ts";
import type { TripLimits } from "../../src/core/domain/trip-facts.ts";
import { NO_TRIPS } from "../../src/core/domain/trip-facts.ts";
import { createFakeApp } from "../commands/fake-app.ts";
import { BTCUSDT, NOW } from "../core/domain/samples.ts";
import { createManualClock } from "../manual-clock.ts";
import { createMemoryStorage } from "./runtime/memory-journal.ts";
import { openScriptedApp } from "./session-parts.ts";

const signal = new AbortController().signal;
const SAMPLED_MS = 6 * 60_000;

/** One bitcoin and ten thousand dollars, at a price that the test moves. */
async function run(trips: Partial<TripLimits>) {
  const manual = createManualClock(NOW);
  const place = { manual, account: createMemoryStorage().storage, settings: createFakeApp().app.settings };
  let last = "65000";
  const { app } = openScriptedApp(
    {
      trips: { ...NO_TRIPS, ...trips },
      marketData: {
        fetchInstruments: () => Promise.resolve([BTCUSDT]),
        fetchTickers: () => Promise.resolve([{ symbol: BTCUSDT.symbol, last: price(last), at: manual.clock.now() }]),
      },
      accountData: {
        fetchBalances: () =>
          Promise.resolve(
            [
              ["BTC", "1"],
              ["USDT", "10000"],
            ].map(([name = "", free = ""]) => {
              return { asset: asset(name), free: quantity(free), locked: quantity("0"), at: manual.clock.now() };
            }),
          ),
      },
    },
    place,
  );
  onTestFinished(() => app.close());
  await app.startSession(signal);
  await manual.advance(SAMPLED_MS);
  return {
    app,
    /** Moves the market and lets the account be looked at again. */
    async priceMovesTo(text: string) {
      last = text;
      await manual.advance(SAMPLED_MS);
    },
  };
}

it("trips when the day's loss reaches its limit, with the loss in the evidence", async () => {
  const { app, priceMovesTo } = await run({ dailyLoss: notional("500") });
  await priceMovesTo("64501");
  expect(app.safety.state().state.kind).toBe("active");
  await priceMovesTo("64500");
  expect(app.safety.state()).toMatchObject({
    state: { kind: "reducing", reason: "the day has cost 500.00 USDT" },
    by: "daily-loss",
    evidence: [{ what: "loss today", value: "500.00 USDT", limit: "500 USDT" }],
  });
});

it("counts the loss anew from a resume, and trips again when it goes on", async () => {
  const { app, priceMovesTo } = await run({ dailyLoss: notional("500") });
  await priceMovesTo("64000");
  expect(app.safety.state().by).toBe("daily-loss");
  app.safety.setState({ kind: "active", reason: "the plan still holds" });
  await priceMovesTo("63600");
  expect(app.safety.state().state.kind).toBe("active");
  await priceMovesTo("63400");
  expect(app.safety.state()).toMatchObject({ state: { kind: "reducing" }, by: "daily-loss" });
});

it("trips on the fall from the best, however the day began", async () => {
  const { app, priceMovesTo } = await run({ drawdown: ratio("0.1") });
  await priceMovesTo("90000");
  await priceMovesTo("81000");
  expect(app.safety.state().state.kind).toBe("active");
  // From 100,000 to 90,000: a tenth.
  await priceMovesTo("80000");
  expect(app.safety.state()).toMatchObject({
    state: { kind: "reducing" },
    by: "drawdown",
    evidence: [{ what: "below the peak", value: "10.00 %", limit: "10.00 %" }],
  });
});
