import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator({ symbolCount: 40 });

/** A profile with these limits, on the simulated exchange; each command is a program of its own. */
function desk(limits: string) {
  const config = join(there.home, "config");
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, "config.toml"), `[profile.desk]\nmode = "demo"\n[profile.desk.limits]\n${limits}\n`);
  return async (line: string) => {
    const words = ["--profile", "desk", ...line.split(" ")];
    const ran = await there.line(...words);
    const told = ran.errors() as unknown as readonly { readonly error?: { readonly code: string } }[];
    return { code: ran.code, fault: told.find(({ error }) => error !== undefined)?.error?.code };
  };
}

async function control(call: string, body: object): Promise<void> {
  const answer = await fetch(`${there.simulator.restUrl}/_sim/${call}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}
async function ordersThere(): Promise<number> {
  const ledger = (await (await fetch(`${there.simulator.restUrl}/_sim/ledger`)).json()) as {
    readonly orders: unknown[];
  };
  return ledger.orders.length;
}

/** Rests far below the market: 0.01 BTC for 200 USDT. */
const BUY = "order place buy BTCUSDT 0.01 @ 20000";

it.each<[string, string, string, string]>([
  ["a blocked market", 'block_symbols = ["BTCUSDT"]', BUY, "SYMBOL_BLOCKED"],
  ["a market that is not allowed", 'allow_symbols = ["ETHUSDT"]', BUY, "SYMBOL_NOT_ON_LIST"],
  ["an asset marked as risky", "", "order place buy METALUSDT 1000 @ 0.05", "SYMBOL_RISK_MARKED"],
  ["more than may be at stake in a market", 'exposure_per_symbol = { USDT = "199" }', BUY, "SYMBOL_EXPOSURE_TOO_LARGE"],
  ["more than may be at stake in all", 'exposure_total = { USDT = "199" }', BUY, "TOTAL_EXPOSURE_TOO_LARGE"],
  ["too large a share", 'concentration = "0.0001"', BUY, "CONCENTRATION_TOO_HIGH"],
  ["a buy that leaves no reserve", 'quote_reserve = { USDT = "99999999" }', BUY, "QUOTE_RESERVE"],
  ["what is not there", "", "order place buy BTCUSDT 40 @ 20000", "BALANCE_TOO_SMALL"],
])("denies %s, sends nothing, and says the same of a test", async (_name, limits, line, code) => {
  const run = desk(limits);
  expect(await run(line)).toMatchObject({ code: 5, fault: code });
  expect(await run(line.replace("place", "test"))).toMatchObject({ code: 5, fault: code });
  expect(await ordersThere()).toBe(0);
});

it("counts an order whose request got lost as at stake, in the next program too", async () => {
  const run = desk('exposure_per_symbol = { USDT = "150" }');
  const line = "order place buy SOLUSDT 1 @ 100";
  const app = await createApp({ env: there.env(), profile: "desk" });
  try {
    await app.reconcile(AbortSignal.timeout(10_000));
    await control("faults", { kind: "lost-request", target: "order", method: "POST" });
    const draft: OrderDraft = {
      symbol: marketSymbol("SOLUSDT"),
      side: "buy",
      type: "limit",
      size: { kind: "base", quantity: quantity("1") },
      limitPrice: price("100"),
    };
    const placed = await app.placeOrder(draft, AbortSignal.timeout(10_000));
    expect(placed).toMatchObject({ kind: "placed", order: { state: "unknown" } });
    expect(await run(line)).toMatchObject({ code: 5, fault: "SYMBOL_EXPOSURE_TOO_LARGE" });
    expect(await ordersThere()).toBe(0);
  } finally {
    await app.close();
  }
});

it("stops a loop at the limits of pace and number, and lets a sale pass the pace", async () => {
  const paced = desk("orders_per_minute = 2");
  expect(await paced(BUY)).toMatchObject({ code: 0 });
  expect(await paced(BUY)).toMatchObject({ code: 0 });
  expect(await paced(BUY)).toMatchObject({ code: 5, fault: "ORDER_RATE_TOO_HIGH" });
  expect(await paced("order place sell BTCUSDT 0.01 @ 90000")).toMatchObject({ code: 0 });
  const few = desk("max_open_orders = 3");
  expect(await few(BUY)).toMatchObject({ code: 5, fault: "TOO_MANY_OPEN_ORDERS" });
  expect(await ordersThere()).toBe(3);
});
