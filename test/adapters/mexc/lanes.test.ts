import { describe, expect, it } from "vitest";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";
import { createExchangeGateway } from "../../../src/adapters/mexc/rest/exchange-gateway.ts";
import { createMarketData } from "../../../src/adapters/mexc/rest/market-data.ts";
import type { Approved } from "../../../src/core/domain/approved.ts";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import { limitBuy } from "../../core/domain/samples.ts";
import { createManualClock } from "../../manual-clock.ts";

const signal = new AbortController().signal;

/** The adapter over an exchange that takes everything, or answers with `status`; `left` is what reached it, in order. */
function setup() {
  const { clock, advance } = createManualClock();
  const left: string[] = [];
  const answer = { status: 200 };
  const client = createRestClient({
    restUrl: "http://127.0.0.1:1",
    keys: { apiKey: "mx0key", apiSecret: Buffer.from("secret") },
    clock,
    sender: {
      send({ url, method }) {
        const query = new URL(url).searchParams;
        const path = new URL(url).pathname.slice("/api/v3/".length);
        if (path !== "time")
          left.push(query.get("newClientOrderId") ?? query.get("origClientOrderId") ?? `${method} ${path}`);
        const body = path === "time" ? { serverTime: clock.now() } : { orderId: "C02__1" };
        return Promise.resolve({ kind: "answer", status: answer.status, headers: {}, body: JSON.stringify(body) });
      },
      close: () => undefined,
    },
  });
  const gateway = createExchangeGateway(client);
  const submit = (id: string, urgency?: "exit") =>
    gateway.submit(
      { clientOrderId: clientOrderId(id), draft: limitBuy() as Approved<OrderDraft>, at: clock.now() },
      signal,
      urgency,
    );
  const cancel = () =>
    gateway.cancel({ symbol: marketSymbol("BTCUSDT"), clientOrderId: clientOrderId("cancel") }, signal);
  const ask = (path: string, signed: boolean) =>
    client.call({ method: "GET", path: `/api/v3/${path}`, signed, signal });
  return { client, advance, left, answer, submit, cancel, ask };
}

it("lets cancels go before exits, exits before orders, and all of them before questions", async () => {
  const { advance, left, submit, cancel, ask } = setup();
  await submit("first");
  // Uses the second up, so that whoever comes now has to wait for their turn.
  const filling = Array.from({ length: 16 }, () => ask("account", true));
  await advance(0);
  left.length = 0;
  const waiting = [
    ask("klines", false),
    ask("depth", false),
    ask("openOrders", true),
    submit("order"),
    submit("exit", "exit"),
    cancel(),
  ];
  await advance(12_000);
  await Promise.all([...filling, ...waiting]);
  expect(left.filter((what) => what !== "GET account")).toEqual([
    "cancel",
    "exit",
    "order",
    "GET openOrders",
    "GET depth",
    "GET klines",
  ]);
});

describe("the time that a signed call has to ask first", () => {
  it("stands no further back than the call: a cancel does not wait for market data's share", async () => {
    const { advance, left, cancel, ask } = setup();
    // Takes what market data may have of the ten seconds, and leaves the rest to whoever trades; the eighth has to wait.
    for (let question = 0; question < 8; question += 1) {
      void ask("exchangeInfo", false);
      await advance(150);
    }
    const cancelled = cancel();
    await advance(200);
    expect(left.at(-1)).toBe("cancel");
    expect(await cancelled).toEqual({ kind: "accepted" });
  });

  it("is asked as soon as whoever trades may try again after the firewall, not when market data may", async () => {
    const { advance, answer, submit, cancel, ask } = setup();
    answer.status = 403;
    await ask("depth", false);
    answer.status = 200;
    await advance(6_000);
    const sent = [cancel(), submit("exit", "exit"), submit("order")];
    await advance(1_000);
    expect((await Promise.all(sent)).map(({ kind }) => kind)).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("is asked with the patience of market data where nobody trades", async () => {
    const { client, advance, answer, ask } = setup();
    answer.status = 403;
    await ask("depth", false);
    answer.status = 200;
    await advance(6_000);
    expect(await client.measureClockOffset(signal)).toMatchObject({ kind: "not-sent", code: "RATE_LIMITED" });
  });
});

it("holds no room for a call that could not be made", async () => {
  const { client, advance } = setup();
  await client.measureClockOffset(signal);
  // Half of a surrogate pair is nothing that an address can hold.
  const params = { symbol: "\ud800" };
  const call = { method: "GET", path: "/api/v3/allOrders", params, signed: true, signal } as const;
  await expect(client.call(call)).rejects.toThrow(URIError);
  await advance(10_000);
  expect(client.health().use.weight.used).toBe(0);
});

it("asks for whoever guards again soon after the firewall's refusal, and for screens only much later", async () => {
  const { client, advance, left, answer } = setup();
  const parts = { client, now: () => 0, onPoison: () => undefined };
  const screen = createMarketData(parts);
  const guard = createMarketData({ ...parts, lane: "account" });
  const symbol = marketSymbol("BTCUSDT");
  answer.status = 403;
  await expect(screen.fetchTrades(symbol, 1, signal)).rejects.toMatchObject({ code: "EXCHANGE_UNAVAILABLE" });
  answer.status = 200;
  left.length = 0;
  void screen.fetchTrades(symbol, 1, signal).catch(() => undefined);
  void guard.fetchBookTop(symbol, signal).catch(() => undefined);
  await advance(6_000);
  expect(left).toEqual(["GET ticker/bookTicker"]);
});
