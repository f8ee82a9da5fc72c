import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMoney, price, quantity } from "../../../src/core/domain/money.ts";
import { Refusal } from "../../../src/simulator/engine/refusal.ts";
import { asNotional, asPrice, asQuantity, openSmallExchange, request } from "../small-exchange.ts";

const ME = "me";
const OTHER = "other";

function funded() {
  const opened = openSmallExchange();
  for (const apiKey of [ME, OTHER]) {
    opened.exchange.deposit(apiKey, "USDT", quantity("10000"));
    opened.exchange.deposit(apiKey, "COIN", quantity("100"));
  }
  opened.events.length = 0;
  const balance = (apiKey: string, asset: string): string => {
    const { free, locked } = opened.exchange.ledger.balance(apiKey, asset);
    return `${formatMoney(free)}/${formatMoney(locked)}`;
  };
  return { ...opened, balance };
}

function codeOf(act: () => unknown): number | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe("a limit order", () => {
  it("rests with its notional and fee set aside, and a cancel gives all of it back", () => {
    const { exchange, balance } = funded();
    const order = exchange.place(ME, request({ side: "BUY", quantity: "2", price: "90" }));
    expect(order.status).toBe("NEW");
    expect(balance(ME, "USDT")).toBe("9819.91/180.09");
    const before = exchange.cancel(order);
    expect([before.status, order.status]).toEqual(["NEW", "CANCELED"]);
    expect(balance(ME, "USDT")).toBe("10000/0");
    expect(codeOf(() => exchange.cancel(order))).toBe(-2011);
  });

  it("fills in parts at the makers' prices, pays its fee in quote and ends FILLED", () => {
    const { exchange, market, balance, events } = funded();
    exchange.restAsHouse(market, "SELL", price("99"), quantity("1"));
    const order = exchange.place(ME, request({ side: "BUY", quantity: "3", price: "100" }));
    expect([order.status, order.executedQuantity]).toEqual(["PARTIALLY_FILLED", quantity("1")]);
    expect(balance(ME, "COIN")).toBe("101/0");
    expect(balance(ME, "USDT")).toBe("9700.8505/200.1");
    exchange.takeAsHouse(market, "SELL", quantity("2"), undefined);
    expect(order.status).toBe("FILLED");
    // The second part was a maker's, which pays no fee.
    expect(balance(ME, "USDT")).toBe("9700.9505/0");
    const kinds = events.map((event) => (event.kind === "order" ? event.order.status : event.kind));
    expect(kinds).toEqual([
      ...["NEW", "balance", "PARTIALLY_FILLED", "fill", "balance", "balance"],
      ...["FILLED", "fill", "balance", "balance"],
    ]);
  });

  it("ends PARTIALLY_CANCELED when a part was filled before the cancel", () => {
    const { exchange, market, balance } = funded();
    const order = exchange.place(ME, request({ side: "SELL", quantity: "3", price: "101" }));
    exchange.takeAsHouse(market, "BUY", quantity("1"), undefined);
    exchange.cancel(order);
    expect(order.status).toBe("PARTIALLY_CANCELED");
    expect(balance(ME, "COIN")).toBe("99/0");
    expect(balance(ME, "USDT")).toBe("10101/0");
  });
});

describe("the other order types", () => {
  it("IMMEDIATE_OR_CANCEL takes what there is and cancels the rest", () => {
    const { exchange, market, balance } = funded();
    exchange.restAsHouse(market, "SELL", price("100"), quantity("1"));
    const taker = request({ side: "BUY", type: "IMMEDIATE_OR_CANCEL", quantity: "2", price: "100" });
    expect(exchange.place(ME, taker).status).toBe("PARTIALLY_CANCELED");
    expect(() => exchange.place(ME, taker)).toThrow("No opponent order");
    exchange.restAsHouse(market, "SELL", price("101"), quantity("1"));
    expect(exchange.place(ME, taker).status).toBe("CANCELED");
    expect(balance(ME, "USDT")).toBe("9899.95/0");
  });

  it("FILL_OR_KILL takes all or nothing", () => {
    const { exchange, market } = funded();
    exchange.restAsHouse(market, "SELL", price("100"), quantity("1"));
    const taker = (amount: string) => request({ side: "BUY", type: "FILL_OR_KILL", quantity: amount, price: "100" });
    expect(exchange.place(ME, taker("2")).status).toBe("CANCELED");
    expect(exchange.place(ME, taker("1")).status).toBe("FILLED");
  });

  it("LIMIT_MAKER never takes", () => {
    const { exchange, market, tape } = funded();
    exchange.restAsHouse(market, "SELL", price("100"), quantity("1"));
    const crossing = request({ side: "BUY", type: "LIMIT_MAKER", quantity: "1", price: "100" });
    expect(exchange.place(ME, crossing).status).toBe("CANCELED");
    const behind = request({ side: "BUY", type: "LIMIT_MAKER", quantity: "1", price: "99.99" });
    expect(exchange.place(ME, behind).status).toBe("NEW");
    expect(tape).toEqual([]);
  });

  it("MARKET by quantity and by quote, within the protective price", () => {
    const { exchange, market, balance } = funded();
    exchange.restAsHouse(market, "SELL", price("100"), quantity("1"));
    exchange.restAsHouse(market, "SELL", price("104"), quantity("10"));
    exchange.restAsHouse(market, "SELL", price("200"), quantity("10"));
    const byQuantity = exchange.place(ME, request({ side: "BUY", type: "MARKET", quantity: "2" }));
    expect([byQuantity.status, byQuantity.executedNotional]).toEqual(["FILLED", quantity("204")]);
    const byQuote = exchange.place(ME, request({ side: "BUY", type: "MARKET", quote: "100" }));
    expect([byQuote.status, byQuote.executedQuantity]).toEqual(["FILLED", quantity("0.961")]);
    expect(byQuote.quantity).toBe(byQuote.executedQuantity);
    const tooMuch = exchange.place(ME, request({ side: "BUY", type: "MARKET", quantity: "20" }));
    expect([tooMuch.status, tooMuch.executedQuantity]).toEqual(["PARTIALLY_CANCELED", quantity("8.039")]);
    expect(balance(ME, "USDT").endsWith("/0")).toBe(true);
  });

  it("MARKET against an empty book is refused with 30025", () => {
    const { exchange } = funded();
    expect(codeOf(() => exchange.place(ME, request({ side: "BUY", type: "MARKET", quantity: "1" })))).toBe(30025);
  });
});

describe("refusals of the exchange", () => {
  it("30004 for a buy and 30005 for a sell without the balance", () => {
    const { exchange } = funded();
    expect(codeOf(() => exchange.place(ME, request({ side: "BUY", quantity: "100", price: "100" })))).toBe(30004);
    expect(codeOf(() => exchange.place(ME, request({ side: "SELL", quantity: "100.001", price: "100" })))).toBe(30005);
  });

  it("a client order id that is open already, but not one that is done", () => {
    const { exchange } = funded();
    const mine = request({ side: "BUY", quantity: "1", price: "90", clientOrderId: "mine" });
    const first = exchange.place(ME, mine);
    expect(codeOf(() => exchange.place(ME, mine))).toBe(400);
    expect(codeOf(() => exchange.place(OTHER, mine))).toBeUndefined();
    exchange.cancel(first);
    expect(codeOf(() => exchange.place(ME, mine))).toBeUndefined();
  });

  it("a test order books nothing", () => {
    const { exchange, events } = funded();
    exchange.test(ME, request({ side: "BUY", quantity: "1", price: "90" }));
    expect(events).toEqual([]);
    expect(exchange.orders.orders(ME)).toEqual([]);
  });
});

it("fills a self trade as two fills with ids of their own", () => {
  const { exchange, balance } = funded();
  exchange.place(ME, request({ side: "SELL", quantity: "1", price: "100" }));
  exchange.place(ME, request({ side: "BUY", quantity: "1", price: "100" }));
  const fills = exchange.orders.fills(ME);
  expect(fills.map((fill) => [fill.isMaker, fill.isSelfTrade])).toEqual([
    [false, true],
    [true, true],
  ]);
  expect(new Set(fills.map((fill) => fill.tradeId)).size).toBe(2);
  expect(balance(ME, "USDT")).toBe("9999.95/0");
});

describe("whatever accounts and house do", () => {
  const action = fc.record({
    who: fc.constantFrom(ME, OTHER, "house"),
    side: fc.constantFrom("BUY" as const, "SELL" as const),
    type: fc.constantFrom(
      "LIMIT" as const,
      "LIMIT" as const,
      "MARKET" as const,
      "LIMIT_MAKER" as const,
      "IMMEDIATE_OR_CANCEL" as const,
      "FILL_OR_KILL" as const,
    ),
    ticks: fc.integer({ min: 9_900, max: 10_100 }),
    steps: fc.integer({ min: 10, max: 20_000 }),
    byQuote: fc.boolean(),
    cancels: fc.boolean(),
  });

  it("every unit is accounted for, nothing is negative and the book is not crossed", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const { exchange, market } = funded();
        for (const { who, side, type, ticks, steps, byQuote, cancels } of actions) {
          const at = asPrice(BigInt(ticks) * 10n ** 16n);
          const amount = asQuantity(BigInt(steps) * 10n ** 15n);
          if (who === "house") {
            if (type === "MARKET") exchange.takeAsHouse(market, side, amount, undefined);
            else exchange.restAsHouse(market, side, at, amount);
          } else {
            const wanted = request({ side, type });
            const sized =
              byQuote && type === "MARKET"
                ? { quoteOrderQty: asNotional(BigInt(steps) * 10n ** 16n) }
                : { quantity: amount };
            const priced = type === "MARKET" ? {} : { price: at };
            codeOf(() => exchange.place(who, { ...wanted, ...sized, ...priced }));
            const open = exchange.orders.openOrders(who)[0];
            if (cancels && open !== undefined) exchange.cancel(open);
          }
          const bid = market.book.best("BUY")?.price ?? 0n;
          const ask = market.book.best("SELL")?.price ?? 10n ** 40n;
          expect(bid < ask).toBe(true);
        }
        for (const [asset, deposited] of [
          ["USDT", quantity("20000")],
          ["COIN", quantity("200")],
        ] as const) {
          let total = exchange.ledger.houseNet(asset);
          for (const apiKey of [ME, OTHER]) {
            const { free, locked } = exchange.ledger.balance(apiKey, asset);
            expect(free >= 0n && locked >= 0n).toBe(true);
            const held = exchange.orders
              .openOrders(apiKey)
              .filter((order) => (order.side === "BUY") === (asset === "USDT"))
              .reduce((sum, order) => sum + order.locked, 0n);
            expect(locked).toBe(held);
            total += free + locked;
          }
          expect(total).toBe(deposited);
        }
      }),
      { numRuns: 150 },
    );
  });
});
