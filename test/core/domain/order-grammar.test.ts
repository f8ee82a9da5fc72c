import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { Notional, Price, Quantity } from "../../../src/core/domain/money.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { draftFromWords, formatDraft, parseOrderWords } from "../../../src/core/domain/order-grammar.ts";
import type { OrderDraft, OrderType, Side } from "../../../src/core/domain/order.ts";

const MARKET = { base: "BTC", quote: "USDT" };

/** The draft a text means, or the problem it has. */
function read(text: string) {
  const parsed = parseOrderWords(text.split(" "));
  if (parsed.kind === "problem") return parsed;
  const drafted = draftFromWords(parsed.words, MARKET);
  return drafted.kind === "problem" ? drafted : drafted.draft;
}

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
    ["buy 1inchusdt 5", { symbol: marketSymbol("1INCHUSDT") }],
    ["buy BTCUSDT 1 @ 5 --post-only", { type: "post-only" }],
    ["--ioc buy BTCUSDT 1 @ 5", { type: "immediate-or-cancel" }],
    ["buy BTCUSDT 1 @ 5 --fok --client-id my-1", { type: "fill-or-kill", clientOrderId: clientOrderId("my-1") }],
  ])("reads %s", (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it.each<[string, RegExp]>([
    ["", /No order/],
    ["hold BTCUSDT 1", /begins with buy or sell, not with "hold"/],
    ["buy", /symbol is missing/],
    ["buy 0.1 BTCUSDT", /"0.1" stands where the symbol/],
    ["buy @ 5", /"@" stands where the symbol/],
    ["buy BTCUSDT", /size is missing/],
    ["buy BTCUSDT @ 5", /size is missing/],
    ["buy BTCUSDT abc", /"abc" is no number/],
    ["buy BTCUSDT -1", /no number above zero/],
    ["buy BTCUSDT 0", /no number above zero/],
    ["buy BTCUSDT 1e400", /no number above zero/],
    ["buy BTCUSDT 0.0000000000000000001", /no number above zero/],
    ["buy BTCUSDT 1 @", /price behind @ is missing/],
    ["buy BTCUSDT 1 @ x", /price "x" is no number/],
    ["buy BTCUSDT 1 @ -0.2%", /"-0.2%" is not understood/],
    ["buy BTCUSDT 25%", /"25%" is not understood/],
    ["buy BTCUSDT 1 @ 5 tp +3%", /"tp" is not understood/],
    ["buy BTCUSDT 1 sl -1.5%", /"sl" is not understood/],
    ["buy BTCUSDT 1 @ 5 6", /"6" is one word too many/],
    ["buy BTCUSDT 1 @ 5 @ 6", /"@" is one word too many/],
    ["buy BTCUSDT 1 usdt extra", /"extra" is one word too many/],
    ["buy BTCUSDT 50 eur", /"EUR" is neither side/],
    ["buy BTCUSDT 50 usdt @ 65000", /limit order cannot be sized in USDT/],
    ["buy BTCUSDT 1 --post-only", /A post-only order needs a price/],
    ["buy BTCUSDT 1 @ 5 --ioc --fok", /--ioc and --fok exclude each other/],
    ["buy BTCUSDT 1 @ 5 --gtc", /flag "--gtc" is not known/],
    ["buy BTCUSDT 1 --client-id", /client order id "" is not/],
    ["buy BTCUSDT 1 --client-id a/b", /client order id "a\/b" is not/],
  ])("says what is wrong with %j", (text, why) => {
    expect(read(text)).toMatchObject({ kind: "problem", message: expect.stringMatching(why) as string });
  });

  it("reads back what it prints", () => {
    const units = fc.bigInt({ min: 1n, max: 10n ** 27n });
    const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,32}$/);
    const symbol = fc.constantFrom("BTCUSDT", "1INCHUSDT", "龙虾USDT", "BTC_USDT");
    const types = fc.constantFrom<OrderType>("limit", "market", "post-only", "immediate-or-cancel", "fill-or-kill");
    const side = fc.constantFrom<Side>("buy", "sell");
    fc.assert(
      fc.property(
        fc.record({ side, type: types, symbol, amount: units, at: units, inQuote: fc.boolean(), id: fc.option(id) }),
        (wanted) => {
          const market = wanted.type === "market";
          const draft: OrderDraft = {
            symbol: marketSymbol(wanted.symbol),
            side: wanted.side,
            type: wanted.type,
            size:
              market && wanted.inQuote
                ? { kind: "quote", notional: wanted.amount as Notional }
                : { kind: "base", quantity: wanted.amount as Quantity },
            ...(market ? {} : { limitPrice: wanted.at as Price }),
            ...(wanted.id === null ? {} : { clientOrderId: clientOrderId(wanted.id) }),
          };
          expect(read(formatDraft(draft, MARKET))).toEqual(draft);
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
