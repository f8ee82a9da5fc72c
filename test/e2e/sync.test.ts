import { afterEach, beforeEach, expect, it } from "vitest";
import type { OwnRemote } from "../remotes/remotes.ts";
import { openRemote } from "../remotes/remotes.ts";
import type { Env, Running, Simulator } from "./program.ts";
import { makeHome, run, runJson, start, startSimulator } from "./program.ts";

let desk: ReturnType<typeof makeHome>;
let laptop: ReturnType<typeof makeHome>;
let simulator: Simulator;
let remote: OwnRemote;
let price: number;
const running: Running[] = [];

beforeEach(async () => {
  desk = makeHome();
  laptop = makeHome();
  remote = await openRemote("sqlite");
  simulator = await startSimulator(["--seed", "11", "--symbols", "1"], desk.path);
  const answer = await fetch(`${simulator.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
  price = Number(((await answer.json()) as { readonly bidPrice: string }).bidPrice);
});
afterEach(async () => {
  for (const { child, finished } of running.splice(0)) {
    child.kill("SIGKILL");
    await finished;
  }
  await simulator.stop();
  await remote.close();
  desk.remove();
  laptop.remove();
});

/** A machine of the same person: the same keys, another home. */
function machine(home: { readonly path: string }): Env {
  return {
    ...simulator.env,
    TAPEDECK_HOME: home.path,
    TURSO_DATABASE_URL: remote.url,
    TURSO_AUTH_TOKEN: remote.token,
  };
}

interface SyncJson {
  readonly pushed: number;
  readonly pulled: number;
  readonly status: { readonly pending: { readonly rows: number }; readonly conflicts: number };
}
const syncNow = (env: Env) => runJson<SyncJson>(["sync", "now"], env);

async function buyWithStop(env: Env): Promise<void> {
  const stop = (price * 0.996).toFixed(2);
  const { code, stdout, stderr } = await run(["order", "place", "buy", "BTCUSDT", "0.001", "sl", stop, "--json"], env);
  expect(code, `${stdout}${stderr}`).toBe(0);
}

/** A guardian that has said how it stands. */
async function guardOn(env: Env): Promise<Running> {
  const guard = start(["guard", "run", "--json"], env);
  running.push(guard);
  await guard.line((text) => text.includes('"tapedeck.guard/1"'));
  return guard;
}
const hears = (guard: Running, event: string) => guard.line((line) => line.includes(`"event":"${event}"`));
const fall = () => simulator.control("move", { symbol: "BTCUSDT", price: (price * 0.994).toFixed(2) });
const sales = async () =>
  (await simulator.ledger()).orders.filter(({ side }) => side === "SELL").map(({ status }) => status);

it("a second machine shows the history of the first", async () => {
  const order = await runJson<{ clientOrderId: string }>(["order", "place", "buy", "BTCUSDT", "0.01"], machine(desk));
  const first = await syncNow(machine(desk));
  expect(first.pushed).toBeGreaterThan(3);
  expect(first.status.pending.rows).toBe(0);
  const second = await syncNow(machine(laptop));
  expect(second.pulled).toBe(first.pushed);
  expect(second.status.conflicts).toBe(0);
  const listed = await runJson<{ orders: readonly { clientOrderId: string; state: string }[] }>(
    ["order", "ls", "--stored", "--all"],
    { ...machine(laptop), TAPEDECK_REST_URL: "http://127.0.0.1:9", TAPEDECK_WS_URL: "ws://127.0.0.1:9" },
  );
  expect(listed.orders).toMatchObject([{ clientOrderId: order.clientOrderId, state: "filled" }]);
  expect((await syncNow(machine(laptop))).pulled).toBe(0);
});

it("of two machines one guards; the other takes over when it ends in good order, and the stop sells once", async () => {
  await buyWithStop(machine(desk));
  const first = await guardOn(machine(desk));
  await hears(first, "market-watched");
  const status = () => runJson<{ pending: { rows: number } }>(["sync", "status"], machine(desk));
  await expect.poll(async () => (await status()).pending.rows, { timeout: 20_000 }).toBe(0);
  const second = await guardOn(machine(laptop));
  await hears(second, "lease-elsewhere");
  first.child.kill("SIGTERM");
  await first.finished;
  const since = () => second.stdout().split('"event":"lease-elsewhere"')[1] ?? "";
  await expect.poll(since, { timeout: 20_000 }).toContain('"event":"market-watched"');
  await fall();
  await expect.poll(sales, { timeout: 20_000 }).toEqual(["FILLED"]);
  await hears(second, "protection-ended");
});

it("a machine that was killed keeps the guarding until a person says that it is gone", async () => {
  await buyWithStop(machine(desk));
  const first = await guardOn(machine(desk));
  await hears(first, "market-watched");
  const pending = () => runJson<{ pending: { rows: number } }>(["sync", "status"], machine(desk));
  await expect.poll(async () => (await pending()).pending.rows, { timeout: 20_000 }).toBe(0);
  first.child.kill("SIGKILL");
  await first.finished;
  await syncNow(machine(laptop));
  const second = await guardOn(machine(laptop));
  await expect
    .poll(async () => (await run(["sync", "status", "--json"], machine(laptop))).stdout, { timeout: 20_000 })
    .toContain('"here":false');
  expect(second.stdout()).not.toContain('"event":"market-watched"');
  second.child.kill("SIGTERM");
  await second.finished;
  const taken = await run(["guard", "take-over", "--yes", "--json"], machine(laptop));
  expect(taken.code, taken.stderr).toBe(0);
  const third = await guardOn(machine(laptop));
  await hears(third, "market-watched");
  // The one that was killed comes back: it learns that another guards before it sells anything.
  const back = await guardOn(machine(desk));
  await hears(back, "lease-elsewhere");
  await fall();
  await expect.poll(sales, { timeout: 20_000 }).toEqual(["FILLED"]);
});

it("a machine that is the only one never waits for the remote; one of two does, until a person vouches for it", async () => {
  await buyWithStop(machine(desk));
  const leave = async (guard: Running) => {
    guard.child.kill("SIGTERM");
    await guard.finished;
  };
  const alone = await guardOn(machine(desk));
  await hears(alone, "market-watched");
  await expect
    .poll(async () => (await run(["sync", "status", "--json"], machine(desk))).stdout, { timeout: 20_000 })
    .toContain('"here":true');
  await leave(alone);
  remote.setFaults(() => "drop-before");
  const offline = await guardOn(machine(desk));
  await hears(offline, "market-watched");
  await leave(offline);
  remote.setFaults(() => undefined);
  // A second machine appears, and the first one leaves in good order: it lets go.
  const other = await guardOn(machine(laptop));
  await hears(other, "lease-elsewhere");
  await leave(other);
  await syncNow(machine(laptop));
  const beside = await guardOn(machine(desk));
  await hears(beside, "market-watched");
  await expect
    .poll(async () => (await run(["sync", "status", "--json"], machine(desk))).stdout, { timeout: 30_000 })
    .toContain('"lastError":null');
  await leave(beside);
  remote.setFaults(() => "drop-before");
  const waits = await guardOn(machine(desk));
  await hears(waits, "lease-elsewhere");
  const taken = await run(["guard", "take-over", "--offline", "--yes", "--json"], machine(desk));
  expect(taken.code, taken.stderr).toBe(0);
  await hears(waits, "market-watched");
  remote.setFaults(() => undefined);
  await expect
    .poll(async () => (await run(["sync", "status", "--json"], machine(desk))).stdout, { timeout: 40_000 })
    .toContain('"term":2');
  await fall();
  await expect.poll(sales, { timeout: 20_000 }).toEqual(["FILLED"]);
}, 120_000);

it("without a remote everything works, and `sync now` says what to set", async () => {
  const { code, stdout } = await run(["sync", "status", "--json"], simulator.env);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ configured: false, remote: null });
  const failed = await run(["sync", "now", "--json"], simulator.env);
  expect(failed.code).toBe(3);
  expect(`${failed.stdout}${failed.stderr}`).toContain("SYNC_NOT_SET");
});
