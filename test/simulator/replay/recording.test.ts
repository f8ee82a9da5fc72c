import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { notionalOf, price, quantity } from "../../../src/core/domain/money.ts";
import { INTERVALS } from "../../../src/simulator/engine/intervals.ts";
import type { TapeTrade } from "../../../src/simulator/engine/order.ts";
import { parseTradeFile } from "../../../src/simulator/replay/trade-file.ts";
import { runSimulation } from "../simulation-run.ts";
import { START } from "../small-exchange.ts";

const HEADER = "time_ms,trade_id,price,quantity,buyer_is_maker";
const SMALL = `${HEADER}
1610064000278,1,39432.48,0.000263,true
1610064000310,2,39439.44,0.004376,false
1610064000368,3,39439.4405,0.000311,false
1610064061000,4,39400,1.123456789,true
`;
const REAL = join(import.meta.dirname, "../../../../shared/data/btcusdt-trades.csv");

function replay(text: string, options: { readonly speed?: number; readonly originalTimes?: boolean } = {}) {
  const trades = parseTradeFile(text, "trades.csv");
  const { speed = 1, originalTimes = false } = options;
  return { trades, run: runSimulation({ replay: { symbol: "BTCUSDT", trades, speed, originalTimes } }) };
}

const printed = (run: ReturnType<typeof runSimulation>): readonly TapeTrade[] =>
  run.tape.filter(({ symbol }) => symbol === "BTCUSDT").map(({ trade }) => trade);

describe("a recording", () => {
  it("waits for a listener, then keeps its own pace", () => {
    const { run, trades } = replay(SMALL);
    run.pass(5_000);
    expect(printed(run)).toEqual([]);
    run.simulation.noteListener("ETHUSDT", run.now());
    run.pass(1_000);
    expect(printed(run)).toEqual([]);
    run.simulation.noteListener("BTCUSDT", run.now());
    run.pass(1_000);
    expect(printed(run)).toHaveLength(3);
    run.simulation.noteListener("BTCUSDT", run.now());
    run.pass(61_000);
    const shifted = printed(run);
    expect(shifted.map(({ time: _time, ...rest }) => rest)).toEqual(trades.map(({ time: _time, ...rest }) => rest));
    const shifts = new Set(shifted.map((trade, at) => trade.time - (trades[at]?.time ?? 0)));
    expect(shifts.size).toBe(1);
    const [shift = 0] = shifts;
    expect(shift % 60_000).toBe(0);
    expect(Math.abs((shifted[0]?.time ?? 0) - START)).toBeLessThan(70_000);
  });

  it.each([0, 100])("at speed %d it is over at once, in order, at its original times", (speed) => {
    const { run, trades } = replay(SMALL, { speed, originalTimes: true });
    run.simulation.noteListener("BTCUSDT", run.now());
    run.pass(2_000);
    expect(printed(run)).toEqual(trades);
  });

  it("book, last price and candles agree with the tape", () => {
    const { run, trades } = replay(SMALL, { speed: 0, originalTimes: true });
    const market = run.exchange.market("BTCUSDT");
    expect(market.candles.rows(INTERVALS[0]!)).toEqual([]);
    expect(market.recentTrades(10)).toEqual([]);
    run.simulation.noteListener("BTCUSDT", run.now());
    run.pass(2_000);
    expect(market.lastPrice).toBe(price("39400"));
    expect(market.book.best("BUY")?.price).toBe(price("39400"));
    expect((market.book.best("SELL")?.price ?? 0n) > price("39400")).toBe(true);
    const rows = market.candles.rows(INTERVALS[0]!);
    expect(rows.map((row) => row.openTime)).toEqual([1_610_064_000_000, 1_610_064_060_000]);
    expect(rows[0]).toMatchObject({ open: price("39432.48"), high: price("39439.4405"), low: price("39432.48") });
    const volume = trades.reduce((sum, trade) => sum + trade.quantity, 0n);
    expect(rows.reduce((sum, row) => sum + row.volume, 0n)).toBe(volume);
  });

  it("widens the steps of its market until every number fits", () => {
    const { run } = replay(SMALL);
    expect(run.exchange.market("BTCUSDT").instrument).toMatchObject({ priceDecimals: 4, quantityDecimals: 9 });
  });

  it("prints nothing else, while accounts trade on its book and are filled by it", () => {
    const { run, trades } = replay(SMALL, { speed: 0, originalTimes: true });
    run.exchange.deposit("me", "USDT", quantity("100000"));
    const order = { symbol: "BTCUSDT", side: "BUY", quoteOrderQty: undefined, clientOrderId: undefined } as const;
    const taken = run.exchange.place("me", { ...order, type: "MARKET", quantity: quantity("0.5"), price: undefined });
    const waiting = run.exchange.place("me", {
      ...order,
      type: "LIMIT",
      quantity: quantity("0.01"),
      price: price("39410"),
    });
    expect([taken.status, waiting.status]).toEqual(["FILLED", "NEW"]);
    run.simulation.noteListener("BTCUSDT", run.now());
    run.pass(2_000);
    expect(waiting.status).toBe("FILLED");
    expect(run.exchange.orders.fills("me").at(-1)?.price).toBe(price("39410"));
    expect(printed(run)).toEqual(trades);
  });

  it("cannot be moved", () => {
    const { run } = replay(SMALL);
    expect(() => run.simulation.move("BTCUSDT", price("1"))).toThrow("plays a recording");
  });

  it("plays a market the catalogue does not know", () => {
    const trades = parseTradeFile(SMALL, "trades.csv");
    const options = { trades, speed: 0, originalTimes: true };
    const run = runSimulation({ replay: { symbol: "NEWCOINUSDC", ...options } });
    expect(run.exchange.market("NEWCOINUSDC").instrument).toMatchObject({ baseAsset: "NEWCOIN", quoteAsset: "USDC" });
    expect(() => runSimulation({ replay: { symbol: "WHATEVER", ...options } })).toThrow("cannot tell base from quote");
  });

  it.skipIf(!existsSync(REAL))("plays 2,001 real trades to the last digit", () => {
    const text = readFileSync(REAL, "utf8");
    const { run, trades } = replay(text, { speed: 20 });
    run.simulation.noteListener("BTCUSDT", run.now());
    run.pass(4_000);
    const lines = text.trim().split("\n").slice(1);
    const tape = printed(run);
    expect(tape).toHaveLength(2_001);
    expect(tape.map((trade) => trade.tradeId)).toEqual(lines.map((line) => line.split(",")[1]));
    const total = (of: readonly TapeTrade[]): readonly bigint[] => [
      of.reduce((sum, trade) => sum + trade.quantity, 0n),
      of.reduce((sum, trade) => sum + notionalOf(trade.price, trade.quantity, "half-even"), 0n),
    ];
    expect(total(tape)).toEqual(total(trades));
    const rows = run.exchange.market("BTCUSDT").candles.rows(INTERVALS[0]!);
    expect([
      rows.reduce((sum, row) => sum + row.volume, 0n),
      rows.reduce((sum, row) => sum + row.quoteVolume, 0n),
    ]).toEqual(total(trades));
  });
});

describe("reading a file of trades", () => {
  it.each([
    ["another header", "time,id\n1,2\n", "trades.csv, line 1: expected the header"],
    ["nothing in it", `${HEADER}\n`, "trades.csv: the file holds no trades"],
    ["a field too few", `${HEADER}\n1,2,3,4,true\n1,2,3,4\n`, "trades.csv, line 3: expected 5 fields, found 4"],
    ["a time that is none", `${HEADER}\nx,2,3,4,true`, "trades.csv, line 2: time_ms"],
    ["a price that is none", `${HEADER}\n1,2,three,4,true`, "trades.csv, line 2: price"],
    ["a negative price", `${HEADER}\n1,2,-3,4,true`, "trades.csv, line 2: price"],
    ["no quantity", `${HEADER}\n1,2,3,0,true`, "trades.csv, line 2: quantity"],
    ["a side that is none", `${HEADER}\n1,2,3,4,yes`, "trades.csv, line 2: buyer_is_maker"],
    ["time running backwards", `${HEADER}\n5,1,3,4,true\n4,2,3,4,true`, "trades.csv, line 3: the trade is older"],
  ])("refuses %s and names the line", (_what, text, message) => {
    expect(() => parseTradeFile(text, "trades.csv")).toThrow(message);
  });

  it("takes Windows line ends and a byte order mark", () => {
    expect(parseTradeFile(`\uFEFF${SMALL.replaceAll("\n", "\r\n")}`, "trades.csv")).toHaveLength(4);
  });
});
