import { expect, it } from "vitest";
import { createStopWatch } from "../../src/app/runtime/stop-watch.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../src/core/domain/money.ts";
import type { MarketEvent, MarketFeed } from "../../src/core/ports/market-feed.ts";
import type { OrderDraft } from "../../src/core/domain/order.ts";
import { NOW } from "../core/domain/samples.ts";
import { createManualClock } from "../manual-clock.ts";
import { createFakeExchange } from "../core/use-cases/fake-exchange.ts";

const BTC = marketSymbol("BTCUSDT");

it("tells the trader when the exchange refuses the prints a stop needs, and asks again until it has them", async () => {
  const listeners: ((event: MarketEvent) => void)[] = [];
  const feed: MarketFeed = {
    subscribe: (_topic, listener) => {
      listeners.push(listener);
      return { close: () => undefined };
    },
    onConnection: () => ({ close: () => undefined }),
    close: () => Promise.resolve(),
  };
  const told: string[] = [];
  const time = createManualClock(NOW);
  const context = { ...createFakeExchange().context, clock: time.clock };
  const exits: OrderDraft[] = [];
  const stops = createStopWatch({ context, feed, exit: (draft) => exits.push(draft), warn: (text) => told.push(text) });
  const wanted = { symbol: BTC, quantity: quantity("0.01"), triggerPrice: price("60000") };
  stops.arm(wanted);
  stops.arm(wanted);
  expect(listeners).toHaveLength(1);
  listeners[0]?.({ type: "refused", topic: { kind: "trades", symbol: BTC }, reason: "Blocked!" });
  expect(told).toEqual([
    "The stops of BTCUSDT are not watched: the exchange refused its trades (Blocked!). " +
      "They are asked for again in 30 s; if that is too late, sell by hand.",
  ]);
  await time.advance(29_999);
  expect(listeners).toHaveLength(1);
  await time.advance(1);
  await time.advance(0);
  expect(listeners).toHaveLength(2);
  const print = { symbol: BTC, price: price("59999"), quantity: quantity("1"), side: "sell", at: NOW } as const;
  listeners[1]?.({ type: "trades", symbol: BTC, trades: [print] });
  expect(exits).toHaveLength(2);
  stops.close();
});
