import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { openStorage } from "../../src/adapters/storage/open-storage.ts";
import { createIdSource } from "../../src/adapters/system/id-source.ts";
import type { App } from "../../src/app/app.ts";
import { assembleApp } from "../../src/app/assemble-app.ts";
import { holesOf } from "../../src/core/domain/archive.ts";
import { accountId } from "../../src/core/domain/identifiers.ts";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import { LIMITS } from "../core/domain/samples.ts";
import type { ManualClock } from "../manual-clock.ts";
import { createManualClock } from "../manual-clock.ts";
import { createClient } from "../simulator/server/signed-client.ts";

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 3_600_000;
const signal = new AbortController().signal;

let home: string;
let time: ManualClock;
let simulator: RunningSimulator;
const apps: App[] = [];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "tapedeck-window-"));
  time = createManualClock(START);
  simulator = await startSimulator({ seed: 3, symbolCount: 2, now: () => time.clock.now(), manual: true });
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await simulator.close();
  rmSync(home, { recursive: true });
});

/** The console with the real adapter, on the clock of the exchange; a new process each time. */
function open(): App {
  const { clock } = time;
  const ids = createIdSource({ now: () => clock.now() });
  const storage = openStorage({
    file: join(home, "console.db"),
    migrationsFolder: join(import.meta.dirname, "../../drizzle"),
    clock,
    ids,
    guard: { holder: ids.recordId(), pid: process.pid, host: "window", isProcessAlive: () => true },
  });
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const id = accountId("demo:window");
  const app = assembleApp({
    identity: { mode: "demo", version: "0", exchange: "simulated", accountId: id },
    places: { databaseFile: "", configFile: "", logFile: "" },
    exchange: createMexcExchange({
      endpoints: { restUrl: simulator.restUrl, wsUrl: simulator.wsUrl },
      keys: { apiKey: simulator.apiKey, apiSecret: Buffer.from(simulator.apiSecret) },
      clock,
      random: () => 0.5,
      logger,
    }),
    limits: LIMITS,
    clock,
    ids,
    logger,
    settings: storage.settings,
    account: { id, ...storage.forAccount({ accountId: id, mode: "demo" }) },
    allOrders: storage.allOrders,
    demoControls: undefined,
    schedule: () => () => undefined,
    dispose: () => {
      storage.close();
      return Promise.resolve();
    },
  });
  apps.push(app);
  return app;
}

function passDays(days: number): void {
  time.jump(days * DAY_MS);
  simulator.step();
}

/** Bought on the web: executed at once. @returns the exchange's id. */
async function buyElsewhere(): Promise<string> {
  const query = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.002";
  const { body } = await createClient(simulator, () => time.clock.now()).signed("POST", "/order", query);
  time.jump(5_000);
  simulator.step();
  return (body as { orderId: string }).orderId;
}

/** Its lists take more than the limits give at once: whoever waits for room is given the time, which moves by hand. */
async function reconcileWhole(app: App) {
  const ended = new AbortController();
  const whole = app.reconcileWhole(signal).finally(() => {
    ended.abort();
  });
  while (!ended.signal.aborted) {
    const wakesAt = time.nextWake();
    if (wakesAt !== undefined) time.jump(wakesAt - time.clock.now());
    await setImmediate();
  }
  return whole;
}

it("brings what the exchange still lists after forty days away, and names the rest by its dates", async () => {
  const first = open();
  const known = await buyElsewhere();
  await reconcileWhole(first);
  const wholeUntil = first.stored?.archive.ranges().find(({ symbol }) => symbol === "BTCUSDT")?.until;
  await first.close();
  apps.length = 0;

  passDays(5);
  const lost = await buyElsewhere();
  passDays(15);
  const onlyItsFills = await buyElsewhere();
  passDays(18);
  const listed = await buyElsewhere();
  passDays(2);

  const app = open();
  const { archive } = await reconcileWhole(app);
  const stored = new Map((app.stored?.orders.list({}) ?? []).map((order) => [order.orderId as string, order]));
  const filledOf = (id: string) => stored.get(id)?.filledQuantity;
  expect([known, onlyItsFills, listed].map((id) => stored.get(id)?.state)).toEqual(["filled", "filled", "filled"]);
  expect(new Set([known, onlyItsFills, listed].map(filledOf)).size).toBe(1);
  expect(stored.has(lost)).toBe(false);

  const btc = archive.holes.filter(({ symbol }) => symbol === "BTCUSDT");
  expect(btc.map(({ kind, from }) => [kind, from])).toEqual([
    ["orders", wholeUntil],
    ["fills", wholeUntil],
  ]);
  const until = new Map(btc.map(({ kind, until: end }) => [kind, Math.round((time.clock.now() - end) / DAY_MS)]));
  expect([...until]).toEqual([
    ["orders", 7],
    ["fills", 30],
  ]);

  // Nothing fills it, and nothing calls it whole.
  await reconcileWhole(app);
  await app.close();
  apps.length = 0;
  const later = open();
  expect((await reconcileWhole(later)).archive.holes).toEqual([]);
  const holes = holesOf(later.stored?.archive.ranges() ?? []).filter(({ symbol }) => symbol === "BTCUSDT");
  expect(holes).toEqual(expect.arrayContaining([...btc]));
});
