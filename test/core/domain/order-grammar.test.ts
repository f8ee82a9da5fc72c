import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { Notional, Price, Quantity } from "../../../src/core/domain/money.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { LimitFlavor } from "../../../src/core/domain/order-grammar.ts";
import { draftFromWords, formatDraft, parseOrderWords } from "../../../src/core/domain/order-grammar.ts";
import type { OrderDraft, Side } from "../../../src/core/domain/order.ts";

const MARKET = { base: "BTC", quote: "USDT" };
const draftOf = (text: string, flavor?: LimitFlavor) => {
  const parsed = parseOrderWords(text.split(" "), flavor);
  return parsed.kind === "order" ? draftFromWords(parsed.words, MARKET) : parsed;
};

describe("the order grammar", () => {
  it.each<[string, Partial<OrderDraft>]>([
    [
      "buy BTCUSDT 0.001 @ 65000",
      { side: "buy", type: "limit", limitPrice: price("65000"), size: { kind: "base", quantity: quantity("0.001") } },
    ],
    ["SELL btcusdt 1", { side: "sell", type: "market", symbol: marketSymbol("BTCUSDT") }],
    ["buy btcusdt 50 usdt", { type: "market", size: { kind: "quote", notional: notional("50") } }],
    ["buy btcusdt 0.1 btc @ 65000", { type: "limit", size: { kind: "base", quantity: quantity("0.1") } }],
    ["buy btcusdt 0.1@65000", { type: "limit", limitPrice: price("65000") }],
    ["buy 龙虾USDT 5", { symbol: marketSymbol("龙虾USDT") }],
  ])("reads %s", (text, expected) => {
    expect(draftOf(text)).toMatchObject(expected);
  });

  it.each<[string, RegExp]>([
    ["", /No order/],
    ["hold BTCUSDT 1", /begins with buy or sell, not with "hold"/],
    ["buy", /symbol is missing/],
    ["buy 0.1 BTCUSDT", /"0.1" stands where the symbol/],
    ["buy BTCUSDT", /size is missing/],
    ["buy BTCUSDT @ 5", /size is missing/],
    ["buy BTCUSDT abc", /"abc" is no number/],
    ["buy BTCUSDT -1", /no number above zero/],
    ["buy BTCUSDT 0", /no number above zero/],
    ["buy BTCUSDT 1e400", /no number above zero/],
    ["buy BTCUSDT 1 @", /price behind @ is missing/],
    ["buy BTCUSDT 1 @ x", /price "x" is no number/],
    ["buy BTCUSDT 1 @ -0.2%", /"-0.2%" is not understood here/],
    ["buy BTCUSDT 25%", /"25%" is not understood here/],
    ["buy BTCUSDT 1 @ 5 6", /"6" is one word too many/],
    ["buy BTCUSDT 1 usdt extra", /"extra" is one word too many/],
    ["buy BTCUSDT 50 eur", /EUR is neither side/],
  ])("says what is wrong with %j", (text, why) => {
    expect(draftOf(text)).toMatchObject({ message: expect.stringMatching(why) as string });
  });

  it("wants a price for what only a limit order can do", () => {
    expect(draftOf("buy BTCUSDT 1", "post-only")).toMatchObject({ message: "A post-only order needs a price." });
    expect(draftOf("buy BTCUSDT 1 @ 5", "fill-or-kill")).toMatchObject({ type: "fill-or-kill" });
  });

  it("reads back what it prints", () => {
    const units = fc.bigInt({ min: 1n, max: 10n ** 27n });
    fc.assert(
      fc.property(
        fc.constantFrom<Side>("buy", "sell"),
        units,
        fc.option(units),
        fc.boolean(),
        (side, amount, at, quote) => {
          const inQuote = quote && at === null;
          const draft: OrderDraft = {
            symbol: marketSymbol("BTCUSDT"),
            side,
            type: at === null ? "market" : "limit",
            size: inQuote
              ? { kind: "quote", notional: amount as Notional }
              : { kind: "base", quantity: amount as Quantity },
            ...(at === null ? {} : { limitPrice: at as Price }),
          };
          expect(draftOf(formatDraft(draft, MARKET))).toEqual(draft);
        },
      ),
    );
  });

  it("takes any words without throwing", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 8 }), (words) => {
        expect(["order", "problem"]).toContain(parseOrderWords(["buy", ...words]).kind);
      }),
    );
  });
});
