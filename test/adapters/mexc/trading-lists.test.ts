import { describe, expect, it } from "vitest";
import type { Instrument } from "../../../src/core/domain/instrument.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { answer, SCRIPT_NOW, scriptedExchange } from "./scripted-exchange.ts";

const BTC = {
  symbol: "BTCUSDT",
  status: "1",
  baseAsset: "BTC",
  baseAssetPrecision: 8,
  quoteAsset: "USDT",
  quotePrecision: 2,
  orderTypes: ["LIMIT", "MARKET", "LIMIT_MAKER"],
  isSpotTradingAllowed: true,
  quoteAmountPrecision: "1",
  baseSizePrecision: "0.000001",
  maxQuoteAmount: "4000000",
  tradeSideType: 1,
  st: false,
};
const signal = new AbortController().signal;

const LISTS: Readonly<Record<string, unknown>> = {
  exchangeInfo: { symbols: [BTC] },
  defaultSymbols: { code: 0, data: ["BTCUSDT"], msg: "success", timestamp: 1 },
  selfSymbols: { code: 200, data: ["BTCUSDT"], msg: null },
  "symbol/offline": { data: [] },
};

async function read(over: Readonly<Record<string, unknown>>, keys = true) {
  const exchange = scriptedExchange((path) => ({ ...LISTS, ...over })[path], { keys });
  const [instrument] = await exchange.marketData.fetchInstruments([marketSymbol("BTCUSDT")], signal);
  const tradability = (instrument as Instrument).tradability;
  return {
    ...exchange,
    asked: exchange.sent.map((request) => new URL(request.url).pathname.slice("/api/v3/".length)).toSorted(),
    reasons: tradability.kind === "restricted" ? tradability.reasons.map(({ code }) => code) : [],
    warnings: tradability.warnings.map(({ code }) => code),
  };
}

describe("a market's tradability", () => {
  it("comes from the rules and three lists, and from two without a key", async () => {
    const withKey = await read({});
    expect(withKey).toMatchObject({ reasons: [], warnings: [] });
    expect(withKey.asked).toEqual(["defaultSymbols", "exchangeInfo", "selfSymbols", "symbol/offline"]);
    const without = await read({}, false);
    expect(without).toMatchObject({ reasons: [], warnings: [] });
    expect(without.asked).toEqual(["defaultSymbols", "exchangeInfo", "symbol/offline"]);
  });

  it.each<[string, object, readonly string[], readonly string[]]>([
    ["not for the API", { defaultSymbols: { code: 200, data: ["ETHUSDT"], msg: null } }, ["NOT_LISTED_FOR_API"], []],
    ["not on the key", { selfSymbols: { code: 0, data: ["ETHUSDT"] } }, ["NOT_ON_KEY"], []],
    [
      "suspended, without a time",
      { "symbol/offline": { data: [{ symbol: "BTCUSDT", state: 2 }] } },
      ["MARKET_SUSPENDED"],
      [],
    ],
    [
      "to be delisted",
      { "symbol/offline": { data: [{ symbol: "BTCUSDT", state: 3, offlineTime: SCRIPT_NOW + 1 }] } },
      [],
      ["MARKET_ENDS"],
    ],
    ["of a refused list", { defaultSymbols: answer(400, '{"code":700002,"msg":"no"}') }, [], ["LIST_NOT_READ"]],
    ["of a list of nothing but odd entries", { selfSymbols: { code: 200, data: ["*", 7, ""] } }, [], ["LIST_NOT_READ"]],
    ["of no odd entry beside a name", { selfSymbols: { code: 200, data: ["*", null, "BTCUSDT"] } }, [], []],
    ["of an empty list", { selfSymbols: { code: 200, data: [] } }, [], ["LIST_NOT_READ"]],
    ["of a list of another shape", { selfSymbols: { code: 200, data: { BTCUSDT: true } } }, [], ["LIST_NOT_READ"]],
    ["of a page where a list was asked", { "symbol/offline": answer(200, "<html>") }, [], ["LIST_NOT_READ"]],
    [
      "of a state nobody knows",
      { "symbol/offline": { data: [{ symbol: "BTCUSDT", state: 9 }] } },
      [],
      ["LIST_NOT_READ"],
    ],
    [
      "of a status like a built-in name",
      { exchangeInfo: { symbols: [{ ...BTC, status: "constructor" }] } },
      [],
      ["STATUS_UNKNOWN"],
    ],
    [
      "of types like built-in names",
      { exchangeInfo: { symbols: [{ ...BTC, orderTypes: ["constructor", "__proto__"] }] } },
      [],
      ["NO_ORDER_TYPES"],
    ],
  ])("is told %s", async (_name, over, reasons, warnings) => {
    expect(await read(over as Readonly<Record<string, unknown>>)).toMatchObject({ reasons, warnings });
  });

  it("counts an entry of the ended markets that cannot be read, and keeps the others", async () => {
    const data = [
      { symbol: 5, state: 2 },
      { symbol: "BTCUSDT", state: 2, offlineTime: null },
    ];
    const { poison, reasons } = await read({ "symbol/offline": { data } });
    expect(reasons).toEqual(["MARKET_SUSPENDED"]);
    expect(poison).toHaveLength(1);
  });
});
