import { expect, it } from "vitest";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";
import { createExchangeGateway } from "../../../src/adapters/mexc/rest/exchange-gateway.ts";
import type { Approved } from "../../../src/core/domain/approved.ts";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import { limitBuy } from "../../core/domain/samples.ts";
import { createManualClock } from "../../manual-clock.ts";

const signal = new AbortController().signal;

it("lets cancels go before exits, exits before orders, and all of them before questions", async () => {
  const { clock, advance } = createManualClock();
  const left: string[] = [];
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
        return Promise.resolve({ kind: "answer", status: 200, headers: {}, body: JSON.stringify(body) });
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
  const ask = (path: string, signed: boolean) =>
    client.call({ method: "GET", path: `/api/v3/${path}`, signed, signal });
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
    gateway.cancel({ symbol: marketSymbol("BTCUSDT"), clientOrderId: clientOrderId("cancel") }, signal),
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
