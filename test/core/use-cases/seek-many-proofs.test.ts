import { describe, expect, it } from "vitest";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { MANY_UNPROVEN, seekManyProofs } from "../../../src/core/use-cases/seek-many-proofs.ts";
import type { TradingContext } from "../../../src/core/use-cases/trading-context.ts";
import { BTCUSDT, limitBuy } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;
const LONG_MS = 60_000;

/** An exchange that took every second of so many orders and answered none, and how often it is asked what. */
async function afterLostAnswers(count: number) {
  const exchange = createFakeExchange();
  const asked = { lists: 0, questions: 0, fills: 0 };
  const { accountData } = exchange.context;
  const context: TradingContext = {
    ...exchange.context,
    accountData: {
      ...accountData,
      fetchOrders: (...given) => {
        asked.lists += 1;
        return accountData.fetchOrders(...given);
      },
      findOrder: (...given) => {
        asked.questions += 1;
        return accountData.findOrder(...given);
      },
      fetchFills: (...given) => {
        asked.fills += 1;
        return accountData.fetchFills(...given);
      },
    },
  };
  for (let index = 0; index < count; index += 1) {
    exchange.next(index % 2 === 0 ? "lose-answer" : "lose-request");
    await placeOrder(context, limitBuy({ clientOrderId: clientOrderId(`td-${index}`) }), signal);
  }
  const states = () => [...context.ledger().orders.values()].map((order) => order.state);
  return { exchange, context, asked, states };
}

describe("seeking many proofs at once", () => {
  it("proves whatever the list shows, by one list, and nothing of what it does not show yet", async () => {
    const { context, asked, states } = await afterLostAnswers(MANY_UNPROVEN);
    expect(await seekManyProofs(context, signal)).toEqual(new Set([BTCUSDT.symbol]));
    expect(states()).toEqual(["open", "unknown", "open", "unknown", "open", "unknown"]);
    expect(asked).toEqual({ lists: 1, questions: 0, fills: 0 });
  });

  it("takes absence for proven only when the request can no longer be taken, and a question agrees", async () => {
    const { context, asked, states } = await afterLostAnswers(MANY_UNPROVEN * 2);
    await context.clock.sleep(LONG_MS, signal);
    await seekManyProofs(context, signal);
    expect(states().filter((state) => state === "open")).toHaveLength(MANY_UNPROVEN);
    expect(states().filter((state) => state === "expired")).toHaveLength(MANY_UNPROVEN);
    expect(asked).toEqual({ lists: 1, questions: MANY_UNPROVEN, fills: 0 });
  });

  it("believes the question where the list has missed an order", async () => {
    const { context, states } = await afterLostAnswers(MANY_UNPROVEN * 2);
    await context.clock.sleep(LONG_MS, signal);
    const blind = { ...context, accountData: { ...context.accountData, fetchOrders: () => Promise.resolve([]) } };
    await seekManyProofs(blind, signal);
    expect(states().filter((state) => state === "open")).toHaveLength(MANY_UNPROVEN);
  });

  it("proves nothing when the exchange does not answer", async () => {
    const { context, exchange, states } = await afterLostAnswers(MANY_UNPROVEN);
    await context.clock.sleep(LONG_MS, signal);
    exchange.setUnreachable(true);
    await expect(seekManyProofs(context, signal)).rejects.toMatchObject({ code: "EXCHANGE_UNAVAILABLE" });
    expect(new Set(states())).toEqual(new Set(["unknown"]));
  });

  it("leaves a few orders to questions of their own", async () => {
    const { context, asked } = await afterLostAnswers(MANY_UNPROVEN - 1);
    expect(await seekManyProofs(context, signal)).toEqual(new Set());
    expect(asked).toEqual({ lists: 0, questions: 0, fills: 0 });
  });
});
