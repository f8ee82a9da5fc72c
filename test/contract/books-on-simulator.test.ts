import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { App } from "../../src/app/app.ts";
import { createApp } from "../../src/app/create-app.ts";
import type { AssetChange } from "../../src/core/domain/explain-balances.ts";
import { asset, marketSymbol } from "../../src/core/domain/identifiers.ts";
import { LOT_METHODS } from "../../src/core/domain/lots.ts";
import { notionalOf, price, quantity } from "../../src/core/domain/money.ts";
import type { Side } from "../../src/core/domain/order.ts";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import { createClient } from "../simulator/server/signed-client.ts";

const BTC = marketSymbol("BTCUSDT");
const signal = new AbortController().signal;
let home: string;
let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;
const apps: App[] = [];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "tapedeck-books-"));
  simulator = await startSimulator({ seed: 21 });
  client = createClient(simulator, () => Date.now());
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await simulator.close();
  rmSync(home, { recursive: true });
});

async function open(): Promise<App> {
  const app = await createApp({
    env: {
      TAPEDECK_HOME: home,
      TAPEDECK_REST_URL: simulator.restUrl,
      TAPEDECK_WS_URL: simulator.wsUrl,
      MEXC_API_KEY: simulator.apiKey,
      MEXC_API_SECRET: simulator.apiSecret,
    },
  });
  apps.push(app);
  return app;
}

async function trade(app: App, side: Side, amount: string, symbol = BTC): Promise<void> {
  const top = await app.marketData.fetchBookTop(symbol, signal);
  const reference = (side === "buy" ? top.ask : top.bid)?.price ?? price("0");
  const size = { kind: "base", quantity: quantity(amount) } as const;
  const seen = { price: reference, at: app.now() };
  const placed = await app.placeOrder({ symbol, side, type: "market", size, seen }, signal);
  if (placed.kind !== "placed") throw new Error(placed.denials.map((denial) => denial.message).join());
  const order = await app.refreshOrder({ clientOrderId: placed.order.clientOrderId }, symbol, signal);
  expect(order?.state).toBe("filled");
}

const move = async (call: string, of: string, amount: string) =>
  client.control(call, { apiKey: simulator.apiKey, asset: of, amount });

function changes(app: App): ReadonlyMap<string, AssetChange> {
  const explained = app.portfolio.explanation();
  if (explained.kind === "unknown") throw new Error(explained.reason);
  return new Map(explained.value.changes.map((change) => [change.asset, change]));
}

/** What the exchange itself says we hold. */
async function truth(of: string): Promise<bigint> {
  const ledger = (await client.control("ledger")).body as {
    accounts: Record<string, Record<string, { free: string; locked: string }>>;
  };
  const held = ledger.accounts[simulator.apiKey]?.[of];
  return quantity(held?.free ?? "0") + quantity(held?.locked ?? "0");
}

describe("the books of an account", () => {
  it("add up to the last unit over trades, a deposit, a withdrawal and a transfer to futures", async () => {
    const app = await open();
    await app.portfolio.refresh(signal);
    expect(app.portfolio.explanation()).toMatchObject({ kind: "unknown" });
    const startedAt = Date.now();
    await trade(app, "buy", "0.0123");
    await move("deposit", "USDT", "250.000000000000000001");
    await move("withdraw", "BTC", "0.001");
    await client.signed("POST", "/capital/transfer", "fromAccountType=SPOT&toAccountType=FUTURES&asset=USDT&amount=40");
    await trade(app, "sell", "0.0041");
    await app.portfolio.refresh(signal);

    const found = changes(app);
    expect([...found.values()].filter((change) => change.unexplained !== 0n)).toEqual([]);
    expect(found.get("USDT")).toMatchObject({ transferred: quantity("210.000000000000000001") });
    expect(found.get("BTC")).toMatchObject({ transferred: quantity("-0.001"), after: await truth("BTC") });
    const moved = app.portfolio.transfers(startedAt).map((it) => [it.kind, it.asset, it.quantity, it.state]);
    expect(moved).toEqual([
      ["deposit", "USDT", quantity("250.000000000000000001"), "done"],
      ["withdrawal", "BTC", quantity("-0.001"), "done"],
      ["futures", "USDT", quantity("-40"), "done"],
    ]);
    expect(app.portfolio.transferReadings().every(({ fault }) => fault === undefined)).toBe(true);
  });

  it("name the very amount that comes from nowhere the exchange lists", async () => {
    const app = await open();
    await move("deposit", "ADA", "2");
    await app.portfolio.refresh(signal);
    const before = await truth("MX");
    // Small holdings become MX: no trade, no deposit, no transfer.
    await client.signed("POST", "/capital/convert", "asset=ADA");
    await app.portfolio.refresh(signal);
    const found = changes(app);
    expect(found.get("ADA")?.unexplained).toBe(quantity("-2"));
    expect(found.get("MX")?.unexplained).toBe((await truth("MX")) - before);
  });

  it.each(LOT_METHODS)("hold by %s what was bought less what was sold, and outlive a restart", async (method) => {
    const first = await open();
    await first.portfolio.refresh(signal);
    await trade(first, "buy", "0.02");
    await trade(first, "sell", "0.005");
    const held = first.portfolio.position(BTC, method);
    expect(held?.position).toMatchObject({ quantity: quantity("0.015"), uncovered: 0n, roundTrips: [] });
    await trade(first, "sell", "0.015");
    const closed = first.portfolio.position(BTC, method)?.position;
    expect(closed).toMatchObject({ quantity: 0n, cost: 0n, lots: [] });
    expect(closed?.roundTrips).toHaveLength(1);
    // All of it was bought and sold here, so what is realised is what the USDT balance lost or gained.
    await first.portfolio.refresh(signal);
    const usdt = changes(first).get("USDT");
    expect(closed?.realised).toBe((usdt?.after ?? 0n) - (usdt?.before ?? 0n));
    await first.close();
    apps.length = 0;
    const second = await open();
    await second.portfolio.refresh(signal);
    expect(second.portfolio.position(BTC, method)?.position).toEqual(closed);
  });

  it("see what another process of the account has traded", async () => {
    const [screen, shell] = [await open(), await open()];
    await screen.portfolio.refresh(signal);
    await shell.portfolio.refresh(signal);
    expect(screen.portfolio.positions("fifo")).toEqual([]);
    await trade(shell, "buy", "0.01");
    expect(screen.portfolio.positions("fifo")).toMatchObject([
      { position: { symbol: BTC, quantity: quantity("0.01") } },
    ]);
  });

  it("value everything at last prices, realised + unrealised being what the equity gained", async () => {
    const app = await open();
    await app.portfolio.refresh(signal);
    await trade(app, "buy", "0.05");
    const position = app.portfolio.position(BTC, "fifo");
    const last = position?.price?.price ?? price("0");
    expect(position?.value.unrealised).toBe(
      notionalOf(last, quantity("0.05"), "half-even") - (position?.position.cost ?? 0n),
    );
    const equity = app.portfolio.equity();
    expect(equity?.holdings.map(({ balance }) => balance.asset)).toContain(asset("BTC"));
    expect(equity?.unknown).toEqual([]);
    expect(equity?.holdings.reduce((sum, it) => sum + (it.worth.kind === "known" ? it.worth.value : 0n), 0n)).toBe(
      equity?.known,
    );
  });

  it("say why a list of transfers cannot be read, and read the others", async () => {
    await client.control("keys", {
      apiKey: simulator.apiKey,
      permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_READ", "SPOT_DEAL_WRITE"],
    });
    const app = await open();
    await app.portfolio.refresh(signal);
    const faults = new Map(app.portfolio.transferReadings().map(({ kind, fault }) => [kind, fault?.code]));
    expect([faults.get("deposit"), faults.get("withdrawal")]).toEqual([undefined, undefined]);
    expect(faults.get("futures")).toEqual(expect.any(String));
  });
});
