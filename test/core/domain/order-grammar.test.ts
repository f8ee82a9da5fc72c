import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { AskedPrice } from "../../../src/core/domain/asked-order.ts";
import type { AskedExits } from "../../../src/core/domain/exit-words.ts";
import type { Notional, Price, Quantity, Ratio } from "../../../src/core/domain/money.ts";
import { notional, price, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { OrderWords } from "../../../src/core/domain/order-grammar.ts";
import {
  askFromWords,
  formatDraft,
  formatOrderWords,
  parseOrderWords,
} from "../../../src/core/domain/order-grammar.ts";
import type { OrderDraft, OrderType, Side } from "../../../src/core/domain/order.ts";

const MARKET = { base: "BTC", quote: "USDT" };

/** What a text asks for, or the problem it has. */
function read(text: string) {
  const parsed = parseOrderWords(text.split(" "));
  if (parsed.kind === "problem") return parsed;
  const { symbol, exits } = parsed.words;
  const read = askFromWords(parsed.words, MARKET);
  return read.kind === "problem" ? read : { symbol, ...read.asked, ...(exits === undefined ? {} : { exits }) };
}

const fixed = (text: string): AskedPrice => ({ kind: "fixed", price: price(text) });
const by = (text: string): AskedPrice => ({ kind: "relative", by: ratio(text) });

describe("the order grammar", () => {
  it.each<[string, object]>([
    [
      "buy BTCUSDT 0.001 @ 65000",
      { side: "buy", type: "limit", price: fixed("65000"), size: { kind: "base", quantity: quantity("0.001") } },
    ],
    ["SELL btcusdt 1", { side: "sell", type: "market", symbol: marketSymbol("BTCUSDT") }],
    ["buy btcusdt 50 usdt", { type: "market", size: { kind: "quote", notional: notional("50") } }],
    ["buy btcusdt 0.1 btc @ 65000", { type: "limit", size: { kind: "base", quantity: quantity("0.1") } }],
    ["buy btcusdt 0.1@65000", { type: "limit", price: fixed("65000") }],
    ["buy btcusdt 50 usdt @ 65000", { type: "limit", size: { kind: "quote", notional: notional("50") } }],
    ["sell btcusdt 25%", { type: "market", size: { kind: "share", of: ratio("0.25") } }],
    ["buy BTCUSDT 1 @ -0.2%", { type: "limit", price: by("-0.002") }],
    [
      "buy btcusdt 50 usdt @ -0.2% tp +3% sl -1.5%",
      {
        price: by("-0.002"),
        exits: { takeProfits: [{ level: by("0.03"), share: ratio("1") }], stopLoss: by("-0.015") },
      },
    ],
    [
      "buy BTCUSDT 1 SL 60000 TP 70000:30% tp +6%",
      {
        type: "market",
        exits: {
          takeProfits: [
            { level: fixed("70000"), share: ratio("0.3") },
            { level: by("0.06"), share: ratio("0.7") },
          ],
          stopLoss: fixed("60000"),
        },
      },
    ],
    ["buy BTCUSDT 1 @ 5 sl -1% --post-only", { type: "post-only", exits: { takeProfits: [], stopLoss: by("-0.01") } }],
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
    ["buy BTCUSDT 1 @ 5 6", /"6" is one word too many/],
    ["buy BTCUSDT 1 @ 5 @ 6", /"@" is one word too many/],
    ["buy BTCUSDT 1 usdt extra", /"extra" is one word too many/],
    ["buy BTCUSDT 50 eur", /"EUR" is neither side/],
    ["buy BTCUSDT 1 @ -100%", /price "-100%" is no number/],
    ["buy BTCUSDT 0%", /share "0%" is not above/],
    ["buy BTCUSDT 101%", /share "101%" is not above/],
    ["buy BTCUSDT 25% usdt", /"usdt" is one word too many/],
    ["buy BTCUSDT 1 @ 5 tp", /Behind tp belongs/],
    ["buy BTCUSDT 1 @ 5 tp x", /Behind tp belongs/],
    ["buy BTCUSDT 1 @ 5 tp +3%:x", /Behind tp belongs/],
    ["buy BTCUSDT 1 @ 5 tp +3% sl x", /behind sl belongs/],
    ["buy BTCUSDT 1 @ 5 tp +3% 7", /"7" is one word too many/],
    ["buy BTCUSDT 1 tp +3% @ 5", /"@" is one word too many/],
    ["buy BTCUSDT 1 tp -3%", /lies above the entry/],
    ["buy BTCUSDT 1 sl 1.5%", /lies below the entry/],
    ["buy BTCUSDT 1 sl -1% sl -2%", /more than one sl/],
    ["buy BTCUSDT 1 sl -1%:50%", /takes no share/],
    ["buy BTCUSDT 1 tp +3% tp +6%", /how much each tp sells/],
    ["buy BTCUSDT 1 tp +3%:60% tp +6%:60%", /more than all/],
    ["buy BTCUSDT 1 tp +3%:100% tp +6%", /more than all/],
    ["sell BTCUSDT 1 sl -1%", /a sale leaves nothing to sell/],
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
          const { limitPrice, ...rest } = draft;
          const price = limitPrice === undefined ? {} : { price: { kind: "fixed", price: limitPrice } };
          expect(read(formatDraft(draft, MARKET))).toEqual({ ...rest, ...price });
        },
      ),
    );
  });

  it("takes the name of an asset for one where no level stands behind it", () => {
    const parsed = (text: string) => parseOrderWords(text.split(" "));
    expect(parsed("buy SLUSDT 5 sl")).toMatchObject({ words: { size: { unit: "SL" }, type: "market" } });
    expect(parsed("buy SLUSDT 5 sl @ 3")).toMatchObject({ words: { size: { unit: "SL" }, type: "limit" } });
    const both = parsed("buy SLUSDT 5 sl sl -1%");
    expect(both).toMatchObject({ words: { size: { unit: "SL" }, exits: { stopLoss: by("-0.01") } } });
  });

  it("reads back whatever it can be asked", () => {
    const units = fc.bigInt({ min: 1n, max: 10n ** 27n });
    const above = fc.bigInt({ min: 1n, max: 10n ** 20n });
    const below = fc.bigInt({ min: -(10n ** 18n) + 1n, max: -1n });
    const relative = (arbitrary: fc.Arbitrary<bigint>) =>
      arbitrary.map((part): AskedPrice => ({ kind: "relative", by: part as Ratio }));
    const at = units.map((value): AskedPrice => ({ kind: "fixed", price: value as Price }));
    const share = fc.bigInt({ min: 1n, max: 10n ** 18n }).map((value) => value as Ratio);
    // Thirds of a whole at most, so that three of them never sell more than all.
    const third = fc.bigInt({ min: 1n, max: 333_333_333_333_333_333n }).map((value) => value as Ratio);
    const exits: fc.Arbitrary<AskedExits> = fc
      .record({
        takeProfits: fc.array(fc.record({ level: fc.oneof(at, relative(above)), share: third }), { maxLength: 3 }),
        stopLoss: fc.option(fc.oneof(at, relative(below)), { nil: undefined }),
      })
      .filter((one) => one.takeProfits.length > 0 || one.stopLoss !== undefined)
      .map(({ takeProfits, stopLoss }) => ({ takeProfits, ...(stopLoss === undefined ? {} : { stopLoss }) }));
    const size: fc.Arbitrary<OrderWords["size"]> = fc.oneof(
      fc.record({ kind: fc.constant("share" as const), of: share }),
      fc
        .record({ amount: units, unit: fc.constantFrom(undefined, "BTC", "USDT", "SL", "TP") })
        .map(({ amount, unit }) => ({
          kind: "amount" as const,
          amount: amount as Quantity,
          ...(unit === undefined ? {} : { unit }),
        })),
    );
    const given = fc.record({
      symbol: fc.constantFrom("BTCUSDT", "1INCHUSDT", "龙虾USDT", "SLTP"),
      size,
      price: fc.option(fc.oneof(at, relative(above), relative(below)), { nil: undefined }),
      flavor: fc.constantFrom<OrderType>("limit", "post-only", "immediate-or-cancel", "fill-or-kill"),
      side: fc.constantFrom<Side>("buy", "sell"),
      exits: fc.option(exits, { nil: undefined }),
    });
    fc.assert(
      fc.property(given, ({ symbol, size: asked, price: limit, flavor, side, exits: wanted }) => {
        const words: OrderWords = {
          side,
          symbol: marketSymbol(symbol),
          size: asked,
          type: limit === undefined ? "market" : flavor,
          ...(limit === undefined ? {} : { price: limit }),
          ...(wanted === undefined || side === "sell" ? {} : { exits: wanted }),
        };
        expect(parseOrderWords([formatOrderWords(words)])).toEqual({ kind: "order", words });
      }),
    );
  });

  it("takes any words without throwing", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 8 }), (words) => {
        expect(["order", "problem"]).toContain(parseOrderWords(["buy", ...words]).kind);
      }),
    );
    const word = fc.constantFrom(
      "BTCUSDT",
      "1",
      "50",
      "usdt",
      "@",
      "-0.2%",
      "25%",
      "tp",
      "sl",
      "+3%",
      "-1%:50%",
      "--ioc",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const parsed = parseOrderWords(["buy", ...words]);
        if (parsed.kind === "order") expect(parseOrderWords([formatOrderWords(parsed.words)])).toEqual(parsed);
        else expect(parsed.message).toMatch(/\.$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
