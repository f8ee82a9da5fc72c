import { expect, it, onTestFinished } from "vitest";
import type { ExchangeHealth } from "../../src/core/domain/exchange-health.ts";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import { orderId } from "../../src/core/domain/identifiers.ts";
import { ratio } from "../../src/core/domain/money.ts";
import type { OrderReport } from "../../src/core/domain/order.ts";
import type { TripLimits } from "../../src/core/domain/trip-facts.ts";
import { NO_TRIPS } from "../../src/core/domain/trip-facts.ts";
import { BTCUSDT, limitBuy, NOW, report } from "../core/domain/samples.ts";
import { createManualClock } from "../manual-clock.ts";
import { createFakeApp, HEALTHY } from "../commands/fake-app.ts";
import { createMemoryStorage } from "./runtime/memory-journal.ts";
import { openScriptedApp } from "./session-parts.ts";

const signal = new AbortController().signal;
type Script = NonNullable<Parameters<typeof openScriptedApp>[0]>;

/** A running session with trips; what is stored outlives it, as files do. */
async function run(trips: Partial<TripLimits>, script: Script = {}, memory = createMemoryStorage()) {
  const place = { manual: createManualClock(NOW), account: memory.storage, settings: createFakeApp().app.settings };
  const { app } = openScriptedApp(
    {
      ...script,
      marketData: { fetchInstruments: () => Promise.resolve([BTCUSDT]), ...script.marketData },
      trips: { ...NO_TRIPS, ...trips },
    },
    place,
  );
  onTestFinished(() => app.close());
  await app.startSession(signal);
  const changes = () => memory.events.filter(({ event }) => event.type === "trading-state-changed");
  return { app, advance: place.manual.advance, changes, memory };
}

const told = (app: { readonly store: { getState(): { session: { notices: readonly { text: string }[] } } } }) =>
  app.store.getState().session.notices.map(({ text }) => text);
const resting = () => {
  const open: readonly OrderReport[] = [report({ createdAt: NOW - 1_000 })];
  return { accountData: { fetchOpenOrders: () => Promise.resolve(open) } };
};

const unreadable = () =>
  Promise.reject(new AppError({ code: "AWAY", message: "away", exitCode: EXIT_CODES.unavailable }));

it("trips once on stale data, with its figures, lets exits go on, and trips anew only when it stays away", async () => {
  let ageMs = 10;
  const health = (): ExchangeHealth => ({ ...HEALTHY, marketDataAgeMs: ageMs });
  const { app, advance, changes } = await run({ staleDataMs: 60_000 }, { health, ...resting() });
  await advance(10_000);
  expect(changes()).toEqual([]);
  ageMs = 61_000;
  await advance(10_000);
  expect(app.safety.state()).toMatchObject({
    state: { kind: "reducing", reason: "no market data has come for 61 s while something depends on it" },
    by: "stale-data",
    evidence: [{ what: "age of market data", value: "61 s", limit: "60 s" }],
  });
  expect(told(app)).toContain(
    "Trading is reducing now: no market data has come for 61 s while something depends on it",
  );
  expect(await app.placeOrder(limitBuy(), signal)).toMatchObject({ denials: [{ code: "TRADING_REDUCING" }] });
  await advance(300_000);
  expect(changes()).toHaveLength(1);

  app.safety.setState({ kind: "active", reason: "the feed is back, says the exchange" });
  ageMs = 400_000;
  await advance(50_000);
  expect(app.safety.state().state.kind).toBe("active");
  await advance(20_000);
  expect(app.safety.state()).toMatchObject({ state: { kind: "reducing" }, by: "stale-data" });
});

it("trips on a clock that stays off though it was set back, and forgets nothing while it is measured anew", async () => {
  let clock: ExchangeHealth["clock"] = { offsetMs: 3_600_000, uncertaintyMs: 5, ageMs: 0 };
  const { app, advance } = await run({ clockDrift: true }, { health: () => ({ ...HEALTHY, clock }) });
  await advance(30_000);
  clock = undefined;
  await advance(4_000);
  clock = { offsetMs: 3_600_000, uncertaintyMs: 5, ageMs: 0 };
  expect(app.safety.state().state.kind).toBe("active");
  await advance(30_000);
  expect(app.safety.state()).toMatchObject({
    state: { kind: "reducing" },
    by: "clock-drift",
    evidence: [{ what: "clock offset", value: "3600000 ms", limit: "5000 ms" }],
  });
});

it("needs no data that nothing depends on", async () => {
  const health = (): ExchangeHealth => ({ ...HEALTHY, marketDataAgeMs: 500_000 });
  const { advance, changes } = await run({ staleDataMs: 60_000 }, { health });
  await advance(120_000);
  expect(changes()).toEqual([]);
});

it("trips when the outcomes of orders are not told, and halts where the profile says so", async () => {
  const { app, advance } = await run(
    { errorRate: ratio("0.5"), becomes: "halted" },
    { submit: () => ({ kind: "unknown", reason: { code: "SCRIPTED", message: "x" } }) },
  );
  for (let nth = 0; nth < 5; nth += 1) await app.placeOrder(limitBuy(), signal);
  await advance(4_000);
  expect(app.safety.state()).toMatchObject({
    state: { kind: "halted" },
    by: "error-rate",
    evidence: [{ value: "5 of 5", limit: "50 %" }],
  });
});

it("leaves orders alone whose outcome was told, whatever it was", async () => {
  let nth = 0;
  const { app, advance, changes } = await run(
    { errorRate: ratio("0.5") },
    {
      submit: () =>
        (nth += 1) % 2 === 0
          ? { kind: "accepted", orderId: orderId(`C02__${nth}`) }
          : { kind: "rejected", reason: { code: "SCRIPTED", message: "x" } },
    },
  );
  for (let order = 0; order < 8; order += 1) await app.placeOrder(limitBuy(), signal);
  await advance(4_000);
  expect(changes()).toEqual([]);
});

it("trips when reconciling fails again and again, and counts anew after a resume and a success", async () => {
  let away = false;
  const { app, advance, changes } = await run(
    { reconcileFailures: 3 },
    {
      accountData: {
        fetchBalances: () =>
          away
            ? Promise.reject(new AppError({ code: "AWAY", message: "away", exitCode: EXIT_CODES.unavailable }))
            : Promise.resolve([]),
      },
    },
  );
  away = true;
  // The first round comes after a minute, the next every five seconds.
  await advance(69_000);
  expect(changes()).toEqual([]);
  await advance(6_000);
  expect(app.safety.state()).toMatchObject({ state: { kind: "reducing" }, by: "reconcile-failure" });
  app.safety.setState({ kind: "active", reason: "the exchange is in maintenance" });
  await advance(9_000);
  expect(app.safety.state().state.kind).toBe("active");
  away = false;
  await advance(6_000);
  away = true;
  await advance(60_000);
  expect(app.safety.state().state.kind).toBe("active");
});

it("trips when the clock stays too far off to sign with", async () => {
  let offsetMs = 6_000;
  const health = (): ExchangeHealth => ({
    ...HEALTHY,
    clock: { offsetMs, uncertaintyMs: 1, ageMs: 0 },
    largestOffsetMs: 5_000,
  });
  const { app, advance, changes } = await run({ clockDrift: true }, { health });
  await advance(58_000);
  offsetMs = 10;
  await advance(4_000);
  offsetMs = -6_000;
  await advance(58_000);
  expect(changes()).toEqual([]);
  await advance(10_000);
  expect(app.safety.state()).toMatchObject({ by: "clock-drift", evidence: [{ value: "-6000 ms", limit: "5000 ms" }] });
});

it("never loosens what a person has set, nor writes over its reason", async () => {
  const health = (): ExchangeHealth => ({ ...HEALTHY, marketDataAgeMs: 500_000 });
  const { app, advance } = await run({ staleDataMs: 60_000 }, { health, ...resting() });
  app.safety.setState({ kind: "halted", reason: "by hand" });
  await advance(300_000);
  expect(app.safety.state()).toMatchObject({ state: { kind: "halted", reason: "by hand" }, by: "person" });
});

it("is still tripped after a restart", async () => {
  const health = (): ExchangeHealth => ({ ...HEALTHY, marketDataAgeMs: 500_000 });
  const first = await run({ staleDataMs: 60_000 }, { health, ...resting() });
  await first.advance(70_000);
  const second = await run({ staleDataMs: 60_000 }, {}, first.memory);
  expect(second.app.safety.state()).toMatchObject({ state: { kind: "reducing" }, by: "stale-data" });
  expect(await second.app.placeOrder(limitBuy(), signal)).toMatchObject({ kind: "denied" });
});

it("says once that a trip on money cannot judge, for whoever counts on it", async () => {
  const { app, advance } = await run({ drawdown: ratio("0.1") }, { accountData: { fetchBalances: unreadable } });
  await advance(10 * 60_000);
  const blind = () => told(app).filter((text) => text.startsWith("The trip on the drawdown cannot judge: "));
  expect(blind()).toEqual([]);
  await advance(10 * 60_000);
  expect(blind()).toHaveLength(1);
});
