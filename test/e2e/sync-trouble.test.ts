import { afterEach, beforeEach, expect, it } from "vitest";
import type { OwnRemote } from "../remotes/remotes.ts";
import { openRemote } from "../remotes/remotes.ts";
import type { RemoteFault } from "../remotes/serve-remote.ts";
import type { Env, Running, Simulator } from "./program.ts";
import { makeHome, run, runJson, start, startSimulator } from "./program.ts";

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
let remote: OwnRemote;
let env: Env;
let guard: Running | undefined;
let price: number;

beforeEach(async () => {
  home = makeHome();
  remote = await openRemote("sqlite");
  simulator = await startSimulator(["--seed", "11", "--symbols", "1"], home.path);
  env = { ...simulator.env, TURSO_DATABASE_URL: remote.url, TURSO_AUTH_TOKEN: remote.token };
  const answer = await fetch(`${simulator.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
  price = Number(((await answer.json()) as { readonly bidPrice: string }).bidPrice);
});
afterEach(async () => {
  guard?.child.kill("SIGKILL");
  await guard?.finished;
  await simulator.stop();
  await remote.close();
  home.remove();
});

interface Status {
  readonly pending: { readonly rows: number };
  readonly lastError: { readonly code: string } | null;
}
const status = () => runJson<Status>(["sync", "status"], env);

it.each<[string, RemoteFault, string]>([
  ["closes every connection", "drop-before", "SYNC_UNREACHABLE"],
  ["accepts and says nothing", "black-hole", "SYNC_UNREACHABLE"],
  ["is slow", { delayMs: 3_000 }, ""],
  ["has a bad day", { status: 503 }, "SYNC_UNREACHABLE"],
  ["refuses the token", "unauthorized", "SYNC_DENIED"],
  ["is full", "full", "SYNC_FULL"],
])(
  "a remote that %s holds up no stop, is named, and is caught up with later",
  async (_what, fault, code) => {
    // Met once: from then on it is the remote that says which machine guards.
    await runJson(["sync", "now"], env);
    const stop = (price * 0.996).toFixed(2);
    const bought = await run(["order", "place", "buy", "BTCUSDT", "0.001", "sl", stop, "--json"], env);
    expect(bought.code, bought.stderr).toBe(0);
    guard = start(["guard", "run", "--json"], env);
    const { line } = guard;
    await line((text) => text.includes('"event":"market-watched"'));
    remote.setFaults(() => fault);
    const { requests } = remote.stats;
    await expect.poll(() => remote.stats.requests, { timeout: 20_000 }).toBeGreaterThan(requests);
    await simulator.control("move", { symbol: "BTCUSDT", price: (price * 0.994).toFixed(2) });
    const sentAt = performance.now();
    await line((text) => text.includes('"event":"protection-ended"'));
    expect(performance.now() - sentAt, "the sale waited for the remote").toBeLessThan(8_000);
    const sales = (await simulator.ledger()).orders.filter(({ side }) => side === "SELL");
    expect(sales.map(({ status }) => status)).toEqual(["FILLED"]);
    if (code !== "") await expect.poll(async () => (await status()).lastError?.code, { timeout: 25_000 }).toBe(code);
    remote.setFaults(() => undefined);
    await expect
      .poll(async () => (({ pending, lastError }) => [pending.rows, lastError])(await status()), { timeout: 35_000 })
      .toEqual([0, null]);
  },
  120_000,
);
