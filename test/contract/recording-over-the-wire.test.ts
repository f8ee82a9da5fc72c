import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { MexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { createMexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { createSystemClock } from "../../src/adapters/system/system-clock.ts";
import type { Level } from "../../src/core/domain/book.ts";
import type { Candle } from "../../src/core/domain/candle.ts";
import { marketSymbol, tradeId } from "../../src/core/domain/identifiers.ts";
import { formatMoney, notionalOf, price, quantity } from "../../src/core/domain/money.ts";
import type { PublicTrade } from "../../src/core/domain/public-trade.ts";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import { candlesOfTrades } from "./candles-of-trades.ts";

const FILE = join(import.meta.dirname, "../../../shared/data/btcusdt-trades.csv");
const BTC = marketSymbol("BTCUSDT");
const MINUTE = 60_000;
const signal = new AbortController().signal;

/** The file as trades, read here a second time, independently of the exchange that plays it. */
function readFile(): readonly PublicTrade[] {
  const [, ...lines] = readFileSync(FILE, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [at = "", id = "", paid = "", amount = "", buyerIsMaker = ""] = line.trim().split(",");
    return {
      symbol: BTC,
      tradeId: tradeId(id),
      price: price(paid),
      quantity: quantity(amount),
      side: buyerIsMaker === "true" ? "sell" : "buy",
      at: Number(at),
    };
  });
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
const plain = ({ price, quantity, side, at }: PublicTrade) => [formatMoney(price), formatMoney(quantity), side, at];
const rows = (levels: readonly Level[]) =>
  levels.map((level) => `${formatMoney(level.price)} ${formatMoney(level.quantity)}`);

describe.skipIf(!existsSync(FILE))("2,001 real trades, replayed and read off the wire", () => {
  let simulator: RunningSimulator;
  let exchange: MexcExchange;
  let expected: readonly PublicTrade[] = [];
  const trades: PublicTrade[] = [];
  const candles = new Map<number, Candle>();
  let book: { readonly bids: readonly Level[]; readonly asks: readonly Level[] } = { bids: [], asks: [] };

  beforeAll(async () => {
    expected = readFile();
    simulator = await startSimulator({
      seed: 3,
      symbolCount: 2,
      replay: { file: FILE, symbol: BTC, speed: 0, originalTimes: true },
    });
    exchange = createMexcExchange({
      endpoints: { restUrl: simulator.restUrl, wsUrl: simulator.wsUrl },
      clock: createSystemClock(),
      random: () => 0.5,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    exchange.marketFeed.subscribe({ kind: "book", symbol: BTC }, (event) => {
      if (event.type !== "book") return;
      book = { bids: event.ladder.top("buy", 2_000), asks: event.ladder.top("sell", 2_000) };
    });
    exchange.marketFeed.subscribe({ kind: "candles", symbol: BTC, interval: "1m" }, (event) => {
      if (event.type === "candle") candles.set(event.candle.openTime, event.candle);
    });
    exchange.marketFeed.subscribe({ kind: "trades", symbol: BTC }, (event) => {
      if (event.type === "trades") trades.push(...event.trades);
    });
    await vi.waitFor(() => expect(trades.length).toBeGreaterThanOrEqual(expected.length), { timeout: 10_000 });
  });
  afterAll(async () => {
    await exchange.close();
    await simulator.close();
  });

  it("are the trades of the file, in order", () => {
    expect(trades.map(plain)).toEqual(expected.map(plain));
  });

  it("add up to the file's quantity and notional to the last digit", () => {
    const sums = (list: readonly PublicTrade[]) => [
      sum(list.map((trade) => trade.quantity)),
      sum(list.map((trade) => notionalOf(trade.price, trade.quantity, "half-even"))),
    ];
    expect(sums(trades)).toEqual(sums(expected));
  });

  it("make the candles that the stream and REST tell", async () => {
    const made = candlesOfTrades(expected);
    await vi.waitFor(() => expect([...candles.values()]).toEqual(made), { timeout: 4_000 });
    const until = (made.at(-1)?.openTime ?? 0) + MINUTE;
    const fetched = await exchange.marketData.fetchCandles({ symbol: BTC, interval: "1m", limit: 10, until }, signal);
    expect(fetched.filter((candle) => candle.openTime >= (made[0]?.openTime ?? 0))).toEqual(made);
  });

  it("leave a book that agrees with the exchange's, level by level", async () => {
    await vi.waitFor(
      async () => {
        const snapshot = await exchange.marketData.fetchBook(BTC, 2_000, signal);
        expect(rows(book.bids)).toEqual(rows(snapshot.bids));
        expect(rows(book.asks)).toEqual(rows(snapshot.asks));
        expect(book.bids.length).toBeGreaterThan(10);
      },
      { timeout: 4_000 },
    );
    expect(exchange.health().poison).toBe(0);
  });
});
