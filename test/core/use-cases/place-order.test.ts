import { describe, expect, it } from "vitest";
import type { BracketRules } from "../../../src/core/domain/bracket.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import type { TradingContext } from "../../../src/core/use-cases/trading-context.ts";
import { clientOrderId, orderId } from "../../../src/core/domain/identifiers.ts";
import { price } from "../../../src/core/domain/money.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { limitBuy, NOW, report } from "../domain/samples.ts";
import type { Fate } from "./fake-exchange.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;

describe("placing an order", () => {
  it.each<[Fate, string]>([
    ["answer", "open"],
    ["refuse", "rejected"],
    ["refuse-here", "rejected"],
    ["refuse-repeat", "open"],
    ["never-sent", "denied"],
    ["lose-answer", "unknown"],
    ["lose-request", "unknown"],
  ])("ends as proven when the exchange meets it with %s", async (fate, state) => {
    const exchange = createFakeExchange();
    exchange.next(fate);
    const result = await placeOrder(exchange.context, limitBuy(), signal);
    expect(result).toMatchObject({ kind: "placed", order: { state, clientOrderId: "td-1" } });
    expect(exchange.sent).toHaveLength(1);
  });

  it("has the intent in the journal before the request leaves", async () => {
    const exchange = createFakeExchange();
    let journalAtSend: readonly string[] = [];
    const context = {
      ...exchange.context,
      gateway: {
        ...exchange.context.gateway,
        submit: (...args: Parameters<typeof exchange.context.gateway.submit>) => {
          journalAtSend = exchange.journal.map((event) => event.type);
          return exchange.context.gateway.submit(...args);
        },
      },
    };
    await placeOrder(context, limitBuy(), signal);
    expect(journalAtSend).toEqual(["order-intended"]);
  });

  it("records and sends nothing when it stopped being wanted while it waited", async () => {
    const exchange = createFakeExchange();
    const rules = Promise.withResolvers<undefined>();
    let isWanted = true;
    const context: TradingContext = {
      ...exchange.context,
      async instrument(...args) {
        await rules.promise;
        return exchange.context.instrument(...args);
      },
    };
    const placing = placeOrder(context, limitBuy(), signal, { isStillWanted: () => isWanted });
    isWanted = false;
    rules.resolve(undefined);
    await expect(placing).rejects.toMatchObject({ code: "ORDER_OVERTAKEN" });
    expect([exchange.journal, exchange.sent]).toEqual([[], []]);
  });

  it("arms what sells again in the same commit as the intent, and covers the order by its id", async () => {
    const exchange = createFakeExchange();
    const commits: (readonly DomainEvent[])[] = [];
    const context: TradingContext = {
      ...exchange.context,
      publish: (events, fence) => {
        commits.push(events);
        exchange.context.publish(events, fence);
      },
    };
    const bracket: BracketRules = [{ legId: "sl", rule: { kind: "stop-loss", triggerPrice: price("64000") } }];
    await placeOrder(context, limitBuy(), signal, { bracket });
    expect(commits[0]).toMatchObject([
      { type: "protection-armed", protection: { coverage: { kind: "entry", clientOrderId: "td-1" }, legs: bracket } },
      { type: "order-intended", intent: { clientOrderId: "td-1" } },
    ]);
    const denied = limitBuy({ limitPrice: price("65000.001") });
    const armed = commits.length;
    expect(await placeOrder(context, denied, signal, { bracket })).toMatchObject({ kind: "denied" });
    expect(commits).toHaveLength(armed);
  });

  it("sends nothing when the intent cannot be written", async () => {
    const exchange = createFakeExchange();
    exchange.breakJournal();
    await expect(placeOrder(exchange.context, limitBuy(), signal)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    expect(exchange.sent).toHaveLength(0);
  });

  it("records and sends nothing when risk denies", async () => {
    const exchange = createFakeExchange();
    const result = await placeOrder(exchange.context, limitBuy({ limitPrice: price("65000.001") }), signal);
    expect(result).toMatchObject({ kind: "denied", denials: [{ code: "PRICE_NOT_ON_TICK" }] });
    expect(exchange.sent).toHaveLength(0);
    expect(exchange.journal).toHaveLength(0);
  });

  it("finds an order that the exchange shows only a moment after refusing its second delivery", async () => {
    const exchange = createFakeExchange();
    exchange.next("refuse-repeat");
    const { accountData } = exchange.context;
    let looks = 0;
    const findOrder: typeof accountData.findOrder = (name, during) => {
      looks += 1;
      return looks === 1 ? Promise.resolve({ kind: "not-found" }) : accountData.findOrder(name, during);
    };
    const context = { ...exchange.context, accountData: { ...accountData, findOrder } };
    expect(await placeOrder(context, limitBuy(), signal)).toMatchObject({ order: { state: "open" } });
  });

  it("does not say rejected when it could not look whether an earlier delivery stands", async () => {
    const exchange = createFakeExchange();
    exchange.next("refuse-here");
    exchange.setUnreachable(true);
    expect(await placeOrder(exchange.context, limitBuy(), signal)).toMatchObject({ order: { state: "unknown" } });
    expect(exchange.sent).toHaveLength(1);
  });

  it("says unknown while it cannot look, and rejected once two looks have found nothing", async () => {
    const exchange = createFakeExchange();
    exchange.next("refuse-here");
    exchange.setUnreachable(true);
    const states = new Set<string | undefined>();
    exchange.whileSleeping(() => {
      states.add(exchange.stateOf("td-1"));
      if (exchange.now() >= NOW + 5_000) exchange.setUnreachable(false);
    });
    expect(await placeOrder(exchange.context, limitBuy(), signal)).toMatchObject({
      order: { state: "rejected", reason: { code: "SCRIPTED" } },
    });
    expect([...states]).toEqual(["unknown"]);
    expect(exchange.now() - NOW).toBeLessThan(8_000);
  });

  it("looks past a refusal whatever this machine's clock says: nothing is concluded from the time", async () => {
    const exchange = createFakeExchange();
    exchange.next("refuse-here");
    const { accountData } = exchange.context;
    const asked: (string | undefined)[] = [];
    const findOrder: typeof accountData.findOrder = (name, during, clock) => {
      asked.push(clock);
      return accountData.findOrder(name, during);
    };
    const context = { ...exchange.context, accountData: { ...accountData, findOrder } };
    expect(await placeOrder(context, limitBuy(), signal)).toMatchObject({ order: { state: "rejected" } });
    expect(asked).toEqual(["any", "any"]);
  });

  it("believes the stream, which told of the first delivery between two looks that found nothing", async () => {
    const exchange = createFakeExchange();
    exchange.next("refuse-here");
    const id = clientOrderId("td-1");
    exchange.whileSleeping(() => {
      const told = report({ clientOrderId: id, orderId: orderId("C02__9") });
      exchange.context.publish([{ type: "order-reported", clientOrderId: id, report: told, source: "stream" }]);
    });
    expect(await placeOrder(exchange.context, limitBuy(), signal)).toMatchObject({ order: { state: "open" } });
    expect(exchange.journal.map(({ type }) => type)).not.toContain("order-rejected");
  });

  it("takes no client order id twice", async () => {
    const exchange = createFakeExchange();
    const draft = limitBuy({ clientOrderId: clientOrderId("mine") });
    await placeOrder(exchange.context, draft, signal);
    expect(await placeOrder(exchange.context, draft, signal)).toMatchObject({
      kind: "denied",
      denials: [{ code: "CLIENT_ORDER_ID_USED" }],
    });
    expect(exchange.sent).toHaveLength(1);
  });
});
