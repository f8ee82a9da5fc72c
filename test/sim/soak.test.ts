import { expect, it } from "vitest";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import { createExchangeControls } from "./exchange-controls.ts";
import { ledgerDifferences } from "./ledger-differences.ts";
import type { LiveMemory } from "./live-memory.ts";
import { measureLiveMemory } from "./live-memory.ts";
import { createRandom } from "./seeded-random.ts";
import { createSoakWorld } from "./soak-world.ts";
import { createTradingScript } from "./trading-script.ts";
import { createTroubles } from "./troubles.ts";

const SEED = Number(process.env["SOAK_SEED"] ?? 20_260_601);
const HOURS = Number(process.env["SOAK_HOURS"] ?? 48);
const HOUR_MS = 3_600_000;
const STEP_MS = 5_000;
/** How often the trader does something: every eight minutes or so. Each order kept costs about 2 kB of memory. */
const ACT_SHARE = 0.01;
const CHECK_EVERY_MS = 2 * HOUR_MS;
/** Without faults and without new orders: time for the slowest of the healing, the comparing of lists. */
const CALM_MS = 7 * 60_000;
const BTC = marketSymbol("BTCUSDT");

it(`trades for ${HOURS} hours through every kind of trouble and loses nothing (SOAK_SEED=${SEED})`, async () => {
  process.stdout.write(`soak: SOAK_SEED=${SEED} SOAK_HOURS=${HOURS}\n`);
  const startedAt = performance.now();
  const random = createRandom(SEED);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const world = await createSoakWorld(SEED, createRandom(SEED + 1), quiet);
  const { app, time, step } = world;
  const controls = createExchangeControls(world);
  const troubles = createTroubles(controls, random);
  const script = createTradingScript(app, controls, BTC, random);
  const memory: ({ readonly hour: number } & LiveMemory)[] = [];
  const begin = time.clock.now();
  const elapsed = () => time.clock.now() - begin;

  /** Ends the troubles, waits out the healing, and compares everything with the exchange's own ledger. */
  async function check(): Promise<void> {
    await troubles.end();
    for (let calmMs = 0; calmMs < CALM_MS; calmMs += STEP_MS) await step(STEP_MS);
    const state = app.store.getState();
    const hour = (elapsed() / HOUR_MS).toFixed(1);
    const found = ledgerDifferences(await controls.ledger(), world.simulator.apiKey, app);
    expect(found, `after ${hour} hours of seed ${SEED}`).toEqual([]);
    expect(state.market.book?.state, `the book after ${hour} hours`).toBe("live");
    expect(state.session.accountConnection?.kind).toBe("connected");
    memory.push({ hour: Math.round(Number(hour)), ...measureLiveMemory() });
  }

  try {
    const opened = app.startSession(new AbortController().signal);
    for (let steps = 0; steps < 20; steps += 1) await step(200);
    await opened;
    app.selectMarket(BTC, "1m");
    let nextCheck = CHECK_EVERY_MS;
    while (elapsed() < HOURS * HOUR_MS) {
      await step(STEP_MS);
      await troubles.at(elapsed());
      if (random() < ACT_SHARE) script.act();
      if (elapsed() < nextCheck) continue;
      await check();
      nextCheck += CHECK_EVERY_MS;
    }
  } finally {
    await world.close();
  }

  const twice = [...world.fillsTold].filter(([, times]) => times !== 1);
  const health = world.exchange.health();
  const megabytes = memory
    .map(({ hour, data, total }) => `${hour} h ${(data / 2 ** 20).toFixed(1)} (${(total / 2 ** 20).toFixed(1)})`)
    .join(", ");
  process.stdout.write(
    [
      `soak: ${script.placed} orders, ${script.elsewhere} placed elsewhere, ${script.cancelled} cancels, ${world.fillsTold.size} fills`,
      `soak: troubles ${troubles.told()}`,
      `soak: ${health.reconnects} reconnects, ${health.renewals} roll-overs, ${health.silences} silent streams, ${health.poison} unreadable`,
      `soak: ${world.traffic.sent} requests, by status ${JSON.stringify(Object.fromEntries(world.traffic.statuses))}`,
      `soak: memory in MB, with code in brackets: ${megabytes}`,
      `soak: ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`,
      `soak: script failures ${JSON.stringify([...new Set(script.failures())])}; anomalies ${JSON.stringify(world.anomalies)}`,
      "",
    ].join("\n"),
  );
  expect(twice).toEqual([]);
  for (const refused of [429, 418, 403]) expect(world.traffic.statuses.get(refused) ?? 0).toBe(0);
  expect(script.placed).toBeGreaterThan(HOURS * 2);
  const [first, last] = [memory[0], memory.at(-1)];
  if (first === undefined || last === undefined || first === last) return;
  expect(last.data / first.data, `growth of memory: ${megabytes}`).toBeLessThan(1.05);
});
