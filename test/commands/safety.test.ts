import { afterEach, describe, expect, it } from "vitest";
import type { App } from "../../src/app/app.ts";
import { createApp } from "../../src/app/create-app.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../src/core/domain/money.ts";
import { useSimulator } from "./on-simulator.ts";
import { runLine } from "./run-line.ts";

const there = useSimulator({ symbolCount: 6 });
const open: App[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

const { env, line: run } = there;

async function control(call: string, body?: object): Promise<unknown> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(`${there.simulator.restUrl}/_sim/${call}`, init);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

interface VenueOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly status: string;
}
const OPEN = new Set(["NEW", "PARTIALLY_FILLED"]);
async function ordersThere(): Promise<readonly VenueOrder[]> {
  return ((await control("ledger")) as { readonly orders: readonly VenueOrder[] }).orders;
}
const openThere = async () => (await ordersThere()).filter(({ status }) => OPEN.has(status));

/** Far below the market, so that it rests. */
const rest = (symbol = "BTCUSDT", at = "20000", size = "0.01") => run("order", "place", "buy", symbol, size, "@", at);

/** A program that goes on running while others are started. */
async function runningApp(): Promise<App> {
  const app = await createApp({ env: env() });
  open.push(app);
  await app.startSession(AbortSignal.timeout(20_000));
  return app;
}

const draft = () => ({
  symbol: marketSymbol("BTCUSDT"),
  side: "buy" as const,
  type: "limit" as const,
  size: { kind: "base" as const, quantity: quantity("0.01") },
  limitPrice: price("20000"),
});
const signal = () => AbortSignal.timeout(20_000);

describe("the trading state", () => {
  it("is active until somebody sets it, and says who did", async () => {
    const fresh = await run("trading", "status");
    expect(fresh.objects()).toMatchObject([{ schema: "tapedeck.trading/1", mode: "demo", state: "active", by: null }]);
    const halted = await run("trading", "halt", "the", "feed", "is", "odd");
    expect(halted).toMatchObject({ code: 0 });
    expect((await run("trading", "status")).objects()).toMatchObject([
      { state: "halted", reason: "the feed is odd", by: "person", evidence: [] },
    ]);
  });

  it("outlives the program, and denies the next one's orders", async () => {
    await run("trading", "halt", "a test");
    const denied = await rest();
    expect({ code: denied.code, errors: denied.errors() }).toMatchObject({
      code: 5,
      errors: [{ error: { code: "TRADING_HALTED", message: "Trading is halted: a test." } }],
    });
    expect(await ordersThere()).toEqual([]);
    expect(await run("trading", "resume", "tested")).toMatchObject({ code: 0 });
    expect(await rest()).toMatchObject({ code: 0 });
  });

  it("lets sales leave while reducing, and no buy", async () => {
    await run("trading", "reduce", "enough for today");
    expect(await rest()).toMatchObject({ code: 5 });
    expect(await run("order", "place", "sell", "BTCUSDT", "0.01", "@", "90000")).toMatchObject({ code: 0 });
  });

  it("holds at once in a program that is running already, both ways", async () => {
    const app = await runningApp();
    await run("trading", "halt", "from another window");
    expect(await app.placeOrder(draft(), signal())).toMatchObject({ denials: [{ code: "TRADING_HALTED" }] });
    await run("trading", "resume", "it was nothing");
    expect(await app.placeOrder(draft(), signal())).toMatchObject({ kind: "placed" });
    await run("trading", "halt", "again");
    await expect
      .poll(() => app.store.getState().session.notices.at(-1)?.text, { timeout: 5_000 })
      .toBe("Trading is halted now: again");
  });

  it("wants a reason that says something", async () => {
    expect(await run("trading", "resume", "!")).toMatchObject({ code: 2 });
    expect(await run("trading", "resume")).toMatchObject({ code: 2 });
  });
});

describe("order cancel-all", () => {
  it("ends the orders of every market, and of one where one is named", async () => {
    await rest();
    await rest("ETHUSDT", "500", "0.1");
    const one = await run("order", "cancel-all", "--symbol", "ETHUSDT", "--yes");
    expect({ code: one.code, told: one.objects() }).toMatchObject({
      code: 0,
      told: [{ schema: "tapedeck.cancel-all/1", symbol: "ETHUSDT", cancelled: 1, complete: true }],
    });
    expect((await openThere()).map(({ symbol }) => symbol)).toEqual(["BTCUSDT"]);
    expect(await run("order", "cancel-all", "--yes")).toMatchObject({ code: 0 });
    expect(await openThere()).toEqual([]);
    expect(await rest()).toMatchObject({ code: 0 });
  });

  it("does nothing without the word or --yes", async () => {
    await rest();
    const silent = await run("order", "cancel-all");
    expect({ code: silent.code, errors: silent.errors() }).toMatchObject({
      code: 2,
      errors: [{ error: { code: "CONFIRMATION_NEEDED" } }],
    });
    const asked = (answer: string) =>
      runLine(["order", "cancel-all"], undefined, { env: env(), services: { createApp }, tty: true, answer });
    expect(await asked("yes")).toMatchObject({ code: 2 });
    expect(await openThere()).toHaveLength(1);
    expect(await asked("cancel all")).toMatchObject({ code: 0 });
    expect(await openThere()).toEqual([]);
  });
});

describe("panic", () => {
  it("halts, ends what stands in every market, and says what remains", async () => {
    await rest();
    await rest("ETHUSDT", "500", "0.1");
    const told = await run("panic", "--yes", "--reason", "a runaway script");
    expect({ code: told.code, told: told.objects() }).toMatchObject({
      code: 0,
      told: [
        {
          schema: "tapedeck.panic/1",
          mode: "demo",
          halted: true,
          cancelled: 2,
          stillOpen: [],
          unknown: [],
          complete: true,
          holdings: expect.arrayContaining([expect.objectContaining({ asset: "USDT" })]) as unknown,
        },
      ],
    });
    expect(await openThere()).toEqual([]);
    expect((await run("trading", "status")).objects()).toMatchObject([
      { state: "halted", reason: "a runaway script", by: "panic" },
    ]);
  });

  it("stops a program that is trading: its next order does not leave", async () => {
    const app = await runningApp();
    expect(await app.placeOrder(draft(), signal())).toMatchObject({ kind: "placed" });
    expect(await run("panic", "--yes")).toMatchObject({ code: 0 });
    const before = (await ordersThere()).length;
    expect(await app.placeOrder(draft(), signal())).toMatchObject({ kind: "denied" });
    expect(await ordersThere()).toHaveLength(before);
    expect(await openThere()).toEqual([]);
  });

  it.each([
    ["lost answers", { kind: "lost-response", target: "/api/v3/openOrders", count: 2 }],
    ["lost requests", { kind: "lost-request", target: "/api/v3/openOrders", count: 2 }],
    ["5xx that was carried out", { kind: "5xx", target: "/api/v3/openOrders", count: 2, processed: true }],
    ["429", { kind: "429", target: "/api/v3/openOrders", count: 1, retryAfterSeconds: 1 }],
  ])(
    "gets there through %s",
    async (_name, fault) => {
      await rest();
      await control("faults", fault);
      const told = await run("panic", "--yes");
      expect({ code: told.code, told: told.objects() }).toMatchObject({ code: 0, told: [{ complete: true }] });
      expect(await openThere()).toEqual([]);
    },
    40_000,
  );

  it("says that nothing is proven when the exchange is not heard, and has halted all the same", async () => {
    await rest();
    await control("faults", { kind: "5xx", target: "/api/v3/openOrders", share: 1 });
    const told = await run("panic", "--yes", "--timeout", "2");
    expect({ code: told.code, told: told.objects(), errors: told.errors() }).toMatchObject({
      code: 9,
      told: [{ halted: true, complete: false, stillOpen: [{ symbol: "BTCUSDT" }] }],
      errors: [{ error: { code: "ORDERS_REMAIN", notDone: "Do not take the account for flat." } }],
    });
    expect((await run("trading", "status")).objects()).toMatchObject([{ state: "halted" }]);
  }, 40_000);
});
