import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Decimal } from "decimal.js";
import { expect, it } from "vitest";
import { makeHome, run, runJson, startSimulator } from "./program.ts";

const FILE = join(import.meta.dirname, "../../../shared/data/btcusdt-trades.csv");
const MINUTE = 60_000;

interface FileTrade {
  readonly at: number;
  readonly id: string;
  readonly price: string;
  readonly quantity: string;
  readonly side: string;
}
interface StreamTrade {
  readonly schema: string;
  readonly mode: string;
  readonly type: string;
  readonly price: string;
  readonly quantity: string;
  readonly side: string;
  readonly time: string;
  readonly tradeId: string;
}

function readFile(): readonly FileTrade[] {
  const lines = readFileSync(FILE, "utf8").trim().split(/\r?\n/).slice(1);
  return lines.map((line) => {
    const [at = "", id = "", price = "", quantity = "", buyerIsMaker] = line.split(",");
    return { at: Number(at), id, price, quantity, side: buyerIsMaker === "true" ? "sell" : "buy" };
  });
}

interface Bar {
  readonly open: string;
  high: string;
  low: string;
  close: string;
  volume: Decimal;
}

function bars(
  trades: readonly { readonly at: number; readonly price: string; readonly quantity: string }[],
): ReadonlyMap<number, Bar> {
  const byMinute = new Map<number, Bar>();
  for (const { at, price, quantity } of trades) {
    const minute = Math.floor(at / MINUTE) * MINUTE;
    const bar = byMinute.get(minute);
    if (bar === undefined)
      byMinute.set(minute, { open: price, high: price, low: price, close: price, volume: new Decimal(quantity) });
    else {
      if (new Decimal(price).gt(bar.high)) bar.high = price;
      if (new Decimal(price).lt(bar.low)) bar.low = price;
      bar.close = price;
      bar.volume = bar.volume.add(quantity);
    }
  }
  return byMinute;
}

it.skipIf(!existsSync(FILE))("streams real trades in order and to the last digit, and candles agree", async () => {
  const home = makeHome();
  const simulator = await startSimulator(["--replay", FILE, "--replay-symbol", "BTCUSDT", "--speed", "8"], home.path);
  try {
    const file = readFile();
    expect(file).toHaveLength(2001);
    const watched = await run(["market", "watch", "BTCUSDT", "--count", "2001"], simulator.env);
    expect(watched.code).toBe(0);
    const stream = watched.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as StreamTrade);
    expect(stream).toHaveLength(2001);
    expect(new Set(stream.map((trade) => `${trade.schema} ${trade.mode} ${trade.type}`))).toEqual(
      new Set(["tapedeck.market/1 demo trade"]),
    );
    const shift = Date.parse(stream[0]?.time ?? "") - (file[0]?.at ?? 0);
    expect(shift % MINUTE).toBe(0);
    stream.forEach((trade, index) => {
      const wanted = file[index];
      expect([trade.tradeId, trade.side, Date.parse(trade.time) - shift]).toEqual([
        wanted?.id,
        wanted?.side,
        wanted?.at,
      ]);
      expect(new Decimal(trade.price).eq(wanted?.price ?? 0)).toBe(true);
      expect(new Decimal(trade.quantity).eq(wanted?.quantity ?? 0)).toBe(true);
    });
    const sum = (rows: readonly { price: string; quantity: string }[]) =>
      rows.reduce(
        (total, row) => ({
          quantity: total.quantity.add(row.quantity),
          notional: total.notional.add(new Decimal(row.price).mul(row.quantity)),
        }),
        { quantity: new Decimal(0), notional: new Decimal(0) },
      );
    expect(sum(stream).quantity.toFixed()).toBe(sum(file).quantity.toFixed());
    expect(sum(stream).notional.toFixed()).toBe(sum(file).notional.toFixed());

    const fromFile = bars(file.map((trade) => ({ ...trade, at: trade.at + shift })));
    const fromStream = bars(stream.map((trade) => ({ ...trade, at: Date.parse(trade.time) })));
    const listed = await runJson<{
      readonly candles: readonly {
        openTime: string;
        open: string;
        high: string;
        low: string;
        close: string;
        baseVolume: string;
      }[];
    }>(["market", "candles", "BTCUSDT", "--interval", "1m"], simulator.env);
    expect(fromStream.size).toBe(fromFile.size);
    for (const [minute, bar] of fromFile) {
      const streamed = fromStream.get(minute);
      const candle = listed.candles.find((it) => Date.parse(it.openTime) === minute);
      for (const field of ["open", "high", "low", "close"] as const) {
        expect(new Decimal(streamed?.[field] ?? 0).eq(bar[field])).toBe(true);
        expect(new Decimal(candle?.[field] ?? 0).eq(bar[field])).toBe(true);
      }
      expect(streamed?.volume.toFixed()).toBe(bar.volume.toFixed());
      expect(new Decimal(candle?.baseVolume ?? 0).toFixed()).toBe(bar.volume.toFixed());
    }
  } finally {
    await simulator.stop();
    home.remove();
  }
});
