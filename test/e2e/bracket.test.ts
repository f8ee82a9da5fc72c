import { afterAll, beforeAll, expect, it } from "vitest";
import type { Running, Simulator } from "./program.ts";
import { makeHome, run, runJson, start, startSimulator } from "./program.ts";

interface Sold {
  readonly clientOrderId: string;
  readonly side: string;
  readonly protection?: object;
}

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
let guardian: Running;
beforeAll(async () => {
  home = makeHome();
  simulator = await startSimulator(["--seed", "11"], home.path);
  guardian = start(["guard", "run", "--json"], simulator.env);
  await guardian.line((line) => line.includes("tapedeck.guard/1"));
});
afterAll(async () => {
  guardian.child.kill("SIGTERM");
  await guardian.finished;
  await simulator.stop();
  home.remove();
});

async function bestAsk(): Promise<number> {
  const answer = await fetch(`${simulator.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
  return Number(((await answer.json()) as { askPrice: string }).askPrice);
}

it("an order with a stop is guarded from the moment it leaves: the price falls, and just what it bought is sold", async () => {
  const line = ["order", "place", "buy", "BTCUSDT", "0.01", "tp", "+5%", "sl", "-1%", "--wait", "filled"];
  const { code, stdout, stderr } = await run([...line, "--json"], simulator.env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect((JSON.parse(stdout) as Sold).protection).toMatchObject({ part: "entry", state: "armed" });
  const sold = async () => {
    const { orders } = await simulator.ledger();
    return orders.filter((order) => order.side === "SELL").map((order) => `${order.status} ${order.executedQuantity}`);
  };
  expect(await sold()).toEqual([]);

  // One print beyond the stop is no price yet; the makers stay there, and so do the prints.
  const below = ((await bestAsk()) * 0.98).toFixed(2);
  await expect
    .poll(
      async () => {
        await simulator.control("move", { symbol: "BTCUSDT", price: below });
        return sold();
      },
      { timeout: 20_000, interval: 500 },
    )
    .toEqual(["FILLED 0.01"]);
  const armed = async () =>
    (await runJson<{ readonly protections: readonly unknown[] }>(["guard", "status"], simulator.env)).protections;
  await expect.poll(armed, { timeout: 20_000 }).toEqual([]);
  // The order that sold says for which stop it did.
  const orders = (await runJson<{ readonly orders: readonly Sold[] }>(["order", "ls"], simulator.env)).orders;
  const exit = orders.find(({ side }) => side === "sell");
  const shown = await runJson<Sold>(["order", "show", exit?.clientOrderId ?? "none"], simulator.env);
  expect(shown.protection).toMatchObject({ part: "exit", legId: "sl", state: "ended" });
  await simulator.control("move", { symbol: "BTCUSDT", price: (Number(below) * 0.98).toFixed(2) });
  expect(await sold()).toEqual(["FILLED 0.01"]);
});
