import { describe, expect, it } from "vitest";
import { clientOrderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import { isWorking } from "../../../src/core/domain/order.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { reconcileAccount } from "../../../src/core/use-cases/reconcile-account.ts";
import { writeOffOrder } from "../../../src/core/use-cases/write-off-order.ts";
import { fill, limitBuy, report } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;
const ID = clientOrderId("td-1");
const DAY_MS = 24 * 3_600_000;

/** An order that the exchange acknowledged and then lost, found out by a reconcile. */
async function vanished() {
  const exchange = createFakeExchange();
  await placeOrder(exchange.context, limitBuy(), signal);
  exchange.orders.clear();
  await reconcileAccount(exchange.context, signal);
  const order = () => exchange.context.ledger().orders.get(ID);
  return { exchange, order, writeOff: () => writeOffOrder(exchange.context, ID, "support knows nothing", signal) };
}

describe("an order that the exchange shows nowhere", () => {
  it("is written off once no list reaches back to it, with the answers and the reason in the journal", async () => {
    const { exchange, order, writeOff } = await vanished();
    exchange.advance(8 * DAY_MS);
    expect((await writeOff()).kind).toBe("written-off");
    expect(order()).toMatchObject({
      state: "written-off",
      reason: { code: "WRITTEN_OFF", message: "support knows nothing" },
    });
    expect(exchange.journal.at(-1)).toMatchObject({
      type: "order-written-off",
      evidence: { askedAt: exchange.now(), byId: "not-found", openOrders: 0, ordersListed: 0, fillsListed: 0 },
    });
    // No exposure any more, and the next reconcile settles what it had found.
    expect(isWorking(order() ?? { state: "open" })).toBe(false);
    expect((await reconcileAccount(exchange.context, signal)).differences).toMatchObject([{ outcome: "settled" }]);
  });

  it("stays while a list of the exchange may still show it, and says until when", async () => {
    const { exchange, order, writeOff } = await vanished();
    const placedAt = order()?.createdAt ?? 0;
    exchange.advance(7 * DAY_MS - 1);
    expect(await writeOff()).toMatchObject({ kind: "too-early", until: placedAt + 7 * DAY_MS });
    expect(order()?.state).toBe("unknown");
    exchange.advance(1);
    expect((await writeOff()).kind).toBe("written-off");
  });

  it("stays for an hour after the last word of it, however old it is", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.advance(30 * DAY_MS);
    exchange.orders.clear();
    await reconcileAccount(exchange.context, signal);
    const writeOff = () => writeOffOrder(exchange.context, ID, "gone", signal);
    expect(await writeOff()).toMatchObject({ kind: "too-early", until: exchange.now() + 3_600_000 });
    exchange.advance(3_600_000);
    expect((await writeOff()).kind).toBe("written-off");
  });

  it("stays when the exchange does not answer: silence is no evidence", async () => {
    const { exchange, order, writeOff } = await vanished();
    exchange.advance(8 * DAY_MS);
    exchange.setUnreachable(true);
    await expect(writeOff()).rejects.toMatchObject({ code: "EXCHANGE_UNAVAILABLE" });
    expect(order()?.state).toBe("unknown");
  });

  it("is what an execution says of it, when there is one", async () => {
    const { exchange, order, writeOff } = await vanished();
    exchange.advance(8 * DAY_MS);
    exchange.fills.push(fill({ tradeId: tradeId("late"), quantity: quantity("0.1") }));
    expect((await writeOff()).kind).toBe("ended");
    expect(order()).toMatchObject({ state: "filled", filledQuantity: quantity("0.1") });
  });

  it("is what the exchange shows of it later: a person's word proves nothing", async () => {
    const { exchange, order, writeOff } = await vanished();
    exchange.advance(8 * DAY_MS);
    await writeOff();
    exchange.orders.set(ID, report({ clientOrderId: ID }));
    await reconcileAccount(exchange.context, signal);
    expect(order()?.state).toBe("open");
  });

  it("stays as it was when that cannot be written down", async () => {
    const { exchange, order, writeOff } = await vanished();
    exchange.advance(8 * DAY_MS);
    exchange.breakJournal();
    await expect(writeOff()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    expect(order()?.state).toBe("unknown");
  });
});

it("writes off nothing that is proven, and nothing that nobody knows", async () => {
  const exchange = createFakeExchange();
  await placeOrder(exchange.context, limitBuy(), signal);
  exchange.advance(8 * DAY_MS);
  expect(await writeOffOrder(exchange.context, ID, "gone", signal)).toMatchObject({ kind: "shown" });
  expect(exchange.stateOf(ID)).toBe("open");
  expect(await writeOffOrder(exchange.context, clientOrderId("td-7"), "gone", signal)).toEqual({ kind: "not-found" });
});
