import Database from "better-sqlite3";
import { join } from "node:path";
import { createApp } from "../../../src/app/create-app.ts";
import { watchWire } from "../wire-watch.ts";

/** One start of the console's core and one bare reading of the same rows, in a process that did nothing before. */
export interface StartRound {
  /** Until the core stands: configuration, database, what is held in memory. */
  readonly openMs: number;
  /** From then until the exchange is asked for the open orders. */
  readonly askMs: number;
  /** From then until orders may leave. */
  readonly reconcileMs: number;
  readonly rawMs: number;
  /** Orders held as working when trading opened. */
  readonly workingOrders: number;
  readonly rawOrders: number;
  readonly rawFills: number;
  readonly rssBytes: number;
}

const [home = "", restUrl = "", wsUrl = "", apiKey = "", apiSecret = ""] = process.argv.slice(2);
const WORKING = "('submitted', 'open', 'partially-filled', 'cancelling', 'unknown')";

process.on("message", ({ rawFirst }: { readonly rawFirst: boolean }) => {
  void measure(rawFirst).then((round) => process.send?.(round));
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");

async function measure(rawFirst: boolean): Promise<StartRound> {
  const before = rawFirst ? readRaw() : undefined;
  const started = await startApp();
  const raw = before ?? readRaw();
  return { ...started, ...raw };
}

/** The rows a console of this account may have to act on or account for, with nothing done to them. */
function readRaw() {
  const began = performance.now();
  const client = new Database(join(home, "data/console.db"), { readonly: true });
  const orders = client.prepare(`SELECT * FROM orders WHERE state IN ${WORKING}`).all();
  const fills = client.prepare("SELECT * FROM fills").all();
  client.close();
  return { rawMs: performance.now() - began, rawOrders: orders.length, rawFills: fills.length };
}

async function startApp() {
  const asked = Promise.withResolvers<number>();
  watchWire((at, _method, path) => {
    if (path.startsWith("/api/v3/openOrders")) asked.resolve(at);
  });
  const began = performance.now();
  const app = await createApp({
    env: {
      TAPEDECK_HOME: home,
      TAPEDECK_REST_URL: restUrl,
      TAPEDECK_WS_URL: wsUrl,
      MEXC_API_KEY: apiKey,
      MEXC_API_SECRET: apiSecret,
    },
  });
  const openedAt = performance.now();
  const ready = Promise.withResolvers<number>();
  app.store.subscribe(() => {
    if (app.store.getState().trading.tradingState.kind === "active") ready.resolve(performance.now());
  });
  const session = app.startSession(AbortSignal.timeout(60_000));
  const [askedAt, readyAt] = await Promise.all([asked.promise, ready.promise, session]);
  const { orders } = app.store.getState().trading;
  const workingOrders = [...orders.values()].filter(({ state }) => state === "open").length;
  const rssBytes = process.memoryUsage.rss();
  await app.close();
  const [openMs, askMs, reconcileMs] = [openedAt - began, askedAt - openedAt, readyAt - askedAt];
  return { openMs, askMs, reconcileMs, workingOrders, rssBytes };
}
