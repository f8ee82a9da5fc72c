import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { EventLog } from "../../../src/simulator/state/event-log.ts";
import { createClient } from "../server/signed-client.ts";

let folder: string;
let statePath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-simulator-"));
  statePath = join(folder, "state.ndjson");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function running(use: (client: ReturnType<typeof createClient>) => Promise<void>): Promise<void> {
  const simulator = await startSimulator({ symbolCount: 2, statePath });
  try {
    await use(createClient(simulator));
  } finally {
    await simulator.close();
  }
}

const limit = (price: string, id: string): string =>
  `symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.01&price=${price}&newClientOrderId=${id}`;

describe("an exchange that is started again", () => {
  it("has its accounts, orders, trades and open orders from what was on disk at each answer", async () => {
    let killedAt = "";
    let ledger: unknown;
    await running(async (client) => {
      await client.signed(
        "POST",
        "/order",
        "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.02&newClientOrderId=bought",
      );
      await client.signed("POST", "/order", limit("60000", "open"));
      await client.signed("POST", "/order", limit("59000", "gone"));
      await client.signed("DELETE", "/order", "symbol=BTCUSDT&origClientOrderId=gone");
      // A process killed now would leave exactly this.
      killedAt = readFileSync(statePath, "utf8");
      ledger = (await client.control("ledger")).body;
    });
    writeFileSync(statePath, killedAt);
    await running(async (client) => {
      expect((await client.control("ledger")).body).toEqual(ledger);
      expect((await client.signed("GET", "/openOrders")).body).toMatchObject([
        { clientOrderId: "open", status: "NEW" },
      ]);
      expect((await client.signed("GET", "/myTrades", "symbol=BTCUSDT")).body).toHaveLength(1);
      // It stands in the book again: it fills, and its id is taken.
      expect((await client.signed("POST", "/order", limit("60000", "open"))).body).toMatchObject({ code: 400 });
      await client.control("move", { symbol: "BTCUSDT", price: "59999" });
      const after = await client.signed("GET", "/order", "symbol=BTCUSDT&origClientOrderId=open");
      expect(after.body).toMatchObject({ status: "FILLED", executedQty: "0.01" });
      const placed = await client.signed("POST", "/order", limit("58000", "fresh"));
      const { orders } = (await client.control("ledger")).body as { readonly orders: { readonly orderId: string }[] };
      expect(new Set(orders.map((order) => order.orderId)).size).toBe(4);
      expect(placed.status).toBe(200);
    });
  });

  it("ignores a last line that was cut off, and writes on after the whole ones", async () => {
    await running(async (client) => {
      await client.signed("POST", "/order", limit("60000", "whole"));
    });
    appendFileSync(statePath, '{"sequence":99,"events":[{"kind":"order","ord');
    await running(async (client) => {
      await client.signed("POST", "/order", limit("60000", "next"));
    });
    await running(async (client) => {
      const open = (await client.signed("GET", "/openOrders")).body as { readonly clientOrderId: string }[];
      expect(open.map((order) => order.clientOrderId)).toEqual(["whole", "next"]);
    });
  });

  it("an open order that crosses by now is matched", async () => {
    await running(async (client) => {
      await client.control("move", { symbol: "ETHUSDT", price: "4000" });
      await client.signed(
        "POST",
        "/order",
        "symbol=ETHUSDT&side=BUY&type=LIMIT&quantity=1&price=3800&newClientOrderId=x",
      );
    });
    await running(async (client) => {
      const order = await client.signed("GET", "/order", "symbol=ETHUSDT&origClientOrderId=x");
      expect(order.body).toMatchObject({ status: "FILLED" });
      const ledger = (await client.control("ledger")).body as { accounts: Record<string, Record<string, unknown>> };
      expect(Object.values(ledger.accounts)[0]).toMatchObject({ ETH: { free: "11" }, USDT: { locked: "0" } });
    });
  });

  it("refuses a log that is damaged before its end, naming the line", () => {
    writeFileSync(statePath, '{"sequence":1,"events":[]}\nnonsense\n');
    expect(() => new EventLog(statePath)).toThrow("state.ndjson, line 2: not a line of a simulator's log");
  });
});
