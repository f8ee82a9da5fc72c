import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { createMexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import type { ConnectionTimings } from "../../src/adapters/mexc/ws/connection-timings.ts";
import { after } from "../../src/adapters/mexc/ws/timer.ts";
import { openStorage } from "../../src/adapters/storage/open-storage.ts";
import { createIdSource } from "../../src/adapters/system/id-source.ts";
import type { App } from "../../src/app/app.ts";
import { assembleApp } from "../../src/app/assemble-app.ts";
import { accountId } from "../../src/core/domain/identifiers.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { Journal } from "../../src/core/ports/journal.ts";
import type { Logger } from "../../src/core/ports/logger.ts";
import { WIDE_LIMITS } from "../core/domain/samples.ts";
import type { ManualClock } from "../manual-clock.ts";
import { createManualClock } from "../manual-clock.ts";
import type { HttpTraffic } from "./http-traffic.ts";
import { watchHttpTraffic } from "./http-traffic.ts";
import type { ThreadedExchange } from "./threaded-exchange.ts";
import { startThreadedExchange } from "./threaded-exchange.ts";

/** When the exchange opens, in ms. */
export const START = Date.UTC(2026, 5, 1);
const TURNS_OF_QUIET = 3;
const ROUND_TRIPS = 2;
/** No exchange of bytes on loopback takes as many turns of the event loop; something hangs. */
const MOST_TURNS = 2_000_000;

/** The console and, in a thread beside it, the exchange: over real sockets, on a clock that only the test moves. */
export interface SoakWorld {
  readonly app: App;
  readonly exchange: MexcExchange;
  readonly simulator: ThreadedExchange;
  readonly time: ManualClock;
  readonly traffic: HttpTraffic;
  /** How often the journal was told of each execution. */
  readonly fillsTold: ReadonlyMap<string, number>;
  readonly anomalies: readonly string[];
  /** Moves both sides on and lets them talk until nothing is under way. */
  step(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Where the console finds the exchange: at its own addresses, unless something stands between. */
type Addresses = Pick<ThreadedExchange, "restUrl" | "wsUrl">;

export async function createSoakWorld(
  seed: number,
  random: () => number,
  logger: Logger,
  timings: Partial<ConnectionTimings> = {},
  through: (simulator: ThreadedExchange, clock: Clock) => Promise<Addresses> = (simulator) =>
    Promise.resolve(simulator),
): Promise<SoakWorld> {
  const home = mkdtempSync(join(tmpdir(), "tapedeck-soak-"));
  const time = createManualClock(START);
  const { clock } = time;
  const traffic = watchHttpTraffic();
  const simulator = await startThreadedExchange(seed, START);
  const ids = createIdSource({ now: () => clock.now() });
  const storage = openStorage({
    file: join(home, "console.db"),
    migrationsFolder: join(import.meta.dirname, "../../drizzle"),
    clock,
    ids,
    guard: { holder: ids.recordId(), pid: process.pid, host: "soak", isProcessAlive: () => true },
  });
  const exchange = createMexcExchange({
    endpoints: await through(simulator, clock),
    keys: { apiKey: simulator.apiKey, apiSecret: Buffer.from(simulator.apiSecret) },
    clock,
    random,
    logger,
    timings,
  });
  const id = accountId("demo:soak");
  const stored = storage.forAccount({ accountId: id, mode: "demo" });
  const fillsTold = new Map<string, number>();
  const anomalies: string[] = [];
  const journal: Journal = {
    commit(batch) {
      const stamped = stored.journal.commit(batch);
      for (const { event } of stamped) {
        if (event.type === "anomaly-seen") anomalies.push(event.what);
        if (event.type !== "fill-recorded") continue;
        fillsTold.set(event.fill.tradeId, (fillsTold.get(event.fill.tradeId) ?? 0) + 1);
      }
      return stamped;
    },
    mark: () => stored.journal.mark(),
    latest: (limit) => stored.journal.latest(limit),
  };
  const app = assembleApp({
    identity: { mode: "demo", version: "0", exchange: "simulated", accountId: id },
    places: { databaseFile: "", configFile: "", logFile: "" },
    exchange,
    limits: WIDE_LIMITS,
    clock,
    ids,
    logger,
    settings: storage.settings,
    account: { id, ...stored, journal },
    allOrders: storage.allOrders,
    demoControls: undefined,
    schedule: (run, waitMs) => after(clock, waitMs, run),
    dispose: () => {
      storage.close();
      return Promise.resolve();
    },
  });

  async function quiet(): Promise<void> {
    for (let turns = 0, quietTurns = 0; quietTurns < TURNS_OF_QUIET; turns += 1) {
      if (turns > MOST_TURNS) throw new Error("a request is never answered");
      await new Promise((resolve) => setImmediate(resolve));
      quietTurns = traffic.underWay === 0 ? quietTurns + 1 : 0;
    }
  }

  /** Lets what one side has just said reach the other, and its answer come back, before the clock moves on. */
  async function settle(): Promise<void> {
    await quiet();
    for (let round = 0; round < ROUND_TRIPS; round += 1) {
      await simulator.listen();
      await quiet();
    }
  }

  return {
    app,
    exchange,
    simulator,
    time,
    traffic,
    fillsTold,
    anomalies,
    async step(durationMs) {
      time.jump(durationMs);
      await simulator.step(clock.now());
      await settle();
    },
    async close() {
      const end = { isThere: false };
      const closed = app.close().finally(() => {
        end.isThere = true;
      });
      // What is still to be said may wait for a moment that only we can bring.
      while (!end.isThere) {
        time.jump(50);
        await simulator.step(clock.now());
      }
      await closed;
      await simulator.close();
      traffic.close();
      rmSync(home, { recursive: true });
    },
  };
}
