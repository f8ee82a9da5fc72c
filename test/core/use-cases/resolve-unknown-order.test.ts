import { describe, expect, it } from "vitest";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import type { ProofLook } from "../../../src/core/domain/proof-look.ts";
import type { AccountData } from "../../../src/core/ports/account-data.ts";
import { cancelOrder } from "../../../src/core/use-cases/cancel-order.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { reconcileAccount } from "../../../src/core/use-cases/reconcile-account.ts";
import { resolveUnknownOrder, seekProof } from "../../../src/core/use-cases/resolve-unknown-order.ts";
import { fill, intended, limitBuy, NOW, report } from "../domain/samples.ts";
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

  it("tells of each question when it was asked, whether it was answered, and when the next one comes", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    const looks: ProofLook[] = [];
    const stop = new AbortController();
    exchange.setUnreachable(true);
    exchange.whileSleeping(() => {
      exchange.setUnreachable(false);
      if (looks.length === 3) stop.abort();
    });
    const start = exchange.now();
    await resolveUnknownOrder(exchange.context, ID, stop.signal, { onLook: (_id, look) => looks.push(look) });
    expect(looks).toEqual([
      { askedAt: start, isAnswered: false, againAt: start + 250 },
      { askedAt: start + 250, isAnswered: true, againAt: start + 750 },
      { askedAt: start + 750, isAnswered: true, againAt: start + 1_750 },
    ]);
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

  it("tells silence from the word that there is no such order, in its reason and once in the journal", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    const held = () => exchange.context.ledger().orders.get(ID);
    exchange.setUnreachable(true);
    await seekProof(exchange.context, ID, signal).catch(() => undefined);
    const silence = held()?.reason?.code;
    exchange.setUnreachable(false);
    for (let look = 0; look < 3; look += 1) await seekProof(exchange.context, ID, signal);
    expect([silence, held()?.reason?.code, held()?.state]).toEqual(["SCRIPTED", "NOT_SEEN_YET", "unknown"]);
    expect(exchange.journal.filter(({ type }) => type === "order-not-seen")).toHaveLength(1);
    exchange.advance(20_000);
    await seekProof(exchange.context, ID, signal);
    expect([held()?.reason?.code, held()?.state]).toEqual(["NEVER_REACHED_EXCHANGE", "expired"]);
  });

  it("stays unknown when the lists do not reach back to it any more: that proves nothing", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.advance(8 * 86_400_000);
    for (let look = 0; look < 2; look += 1) await seekProof(exchange.context, ID, signal);
    const held = exchange.context.ledger().orders.get(ID);
    expect([held?.state, held?.reason?.code]).toEqual(["unknown", "NOT_LISTED_ANY_MORE"]);
    expect(exchange.journal.filter(({ type }) => type === "order-not-seen")).toHaveLength(1);
  });

  it("is proven by an execution that names it, whatever the lists of orders say", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-answer");
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.fills.push(fill());
    exchange.advance(20_000);
    const accountData: AccountData = {
      ...exchange.context.accountData,
      findOrder: () => Promise.resolve({ kind: "not-found" }),
      fetchOrders: () => Promise.resolve([]),
    };
    await seekProof({ ...exchange.context, accountData }, ID, signal);
    expect(exchange.context.ledger().orders.get(ID)).toMatchObject({ state: "partially-filled", orderId: "C02__1" });
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

  it("is looked up at the first moment at which absence proves something, not at the next growing pause", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    const order = await resolveUnknownOrder(exchange.context, ID, signal);
    expect([order.state, exchange.now() - NOW]).toEqual(["expired", 16_000]);
  });

  it("says why a look failed: that our clock is off is nothing that passes by itself", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.setUnreachable(true);
    exchange.whileSleeping(() => {
      exchange.setUnreachable(false);
    });
    const why: unknown[] = [];
    await resolveUnknownOrder(exchange.context, ID, signal, { onFailedLook: (cause) => why.push(cause) });
    expect(why).toMatchObject([{ code: "EXCHANGE_UNAVAILABLE" }]);
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

it("marks nothing as failed while the exchange is away for ten minutes, however often it is asked", async () => {
  const exchange = createFakeExchange();
  const states = () => [...exchange.context.ledger().orders.values()].map(({ state }) => state);
  await placeOrder(exchange.context, limitBuy(), signal);
  exchange.next("lose-answer");
  await placeOrder(exchange.context, limitBuy(), signal);
  await placeOrder(exchange.context, limitBuy(), signal);
  exchange.next("lose-request");
  await cancelOrder(exchange.context, clientOrderId("td-3"), signal);
  const before = states();
  expect(before).toEqual(["open", "unknown", "cancelling"]);
  exchange.setUnreachable(true);
  const written = exchange.journal.length;
  for (let asked = 0; asked < 120; asked += 1) {
    exchange.advance(5_000);
    await expect(reconcileAccount(exchange.context, signal)).rejects.toMatchObject({ exitCode: 7 });
  }
  expect(states()).toEqual(before);
  expect(exchange.journal).toHaveLength(written);
  exchange.setUnreachable(false);
  const { differences } = await reconcileAccount(exchange.context, signal);
  expect(differences.every(({ outcome }) => outcome === "settled")).toBe(true);
  expect(states()).toEqual(["open", "open", "open"]);
});
