import { describe, expect, it } from "vitest";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { resolveUnknownOrder, seekProof } from "../../../src/core/use-cases/resolve-unknown-order.ts";
import { intended, limitBuy, NOW, report } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;
const ID = clientOrderId("td-1");

describe("an unknown order", () => {
  it("is found by its client order id", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-answer");
    await placeOrder(exchange.context, limitBuy(), signal);
    const order = await resolveUnknownOrder(exchange.context, ID, signal);
    expect(order).toMatchObject({ state: "open", orderId: "C02__1" });
    expect(exchange.sent).toHaveLength(1);
  });

  it("is called absent only after the receive window, and then ends without having failed", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    await seekProof(exchange.context, ID, signal);
    exchange.advance(15_999);
    await seekProof(exchange.context, ID, signal);
    expect(exchange.stateOf(ID)).toBe("unknown");
    exchange.advance(1);
    await seekProof(exchange.context, ID, signal);
    expect(exchange.stateOf(ID)).toBe("expired");
  });

  it("is called absent by any process, however young, once the exchange can no longer take it", async () => {
    const exchange = createFakeExchange();
    exchange.context.publish([intended()]);
    exchange.restart();
    exchange.advance(15_999);
    await seekProof(exchange.context, ID, signal);
    expect(exchange.stateOf(ID)).toBe("submitted");
    exchange.restart();
    exchange.advance(1);
    await seekProof(exchange.context, ID, signal);
    expect(exchange.stateOf(ID)).toBe("expired");
  });

  it("believes the list against the query", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-answer");
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.advance(20_000);
    const context = {
      ...exchange.context,
      accountData: {
        ...exchange.context.accountData,
        findOrder: () => Promise.resolve({ kind: "not-found" } as const),
      },
    };
    await seekProof(context, ID, signal);
    expect(exchange.stateOf(ID)).toBe("open");
  });

  it("stays unknown through ten minutes of failing questions, and is found afterwards", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-answer");
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.setUnreachable(true);
    const statesSeen = new Set<string | undefined>();
    exchange.whileSleeping(() => {
      statesSeen.add(exchange.stateOf(ID));
      if (exchange.now() > NOW + 600_000) exchange.setUnreachable(false);
    });
    const order = await resolveUnknownOrder(exchange.context, ID, signal);
    expect([...statesSeen]).toEqual(["unknown"]);
    expect(order.state).toBe("open");
  });

  it("stays unknown when an acknowledged order has left no trace", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.orders.clear();
    exchange.context.publish([
      { type: "order-vanished", clientOrderId: ID, reason: { code: "ORDER_VANISHED", message: "gone" } },
    ]);
    exchange.advance(3_600_000);
    await seekProof(exchange.context, ID, signal);
    expect(exchange.stateOf(ID)).toBe("unknown");
    exchange.orders.set(ID, report({ orderId: "C02__1" as never }));
    await seekProof(exchange.context, ID, signal);
    expect(exchange.stateOf(ID)).toBe("open");
  });

  it("gives back what is known when it is told to stop", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    const stop = new AbortController();
    exchange.whileSleeping(() => {
      stop.abort();
    });
    expect(await resolveUnknownOrder(exchange.context, ID, stop.signal)).toMatchObject({ state: "unknown" });
  });
});
