import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BalanceSnapshot, SymbolExecution } from "../../../src/core/domain/explain-balances.ts";
import { explainBalances } from "../../../src/core/domain/explain-balances.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, marketSymbol, tradeId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { StoredTransfer } from "../../../src/core/domain/transfer.ts";
import { BTCUSDT, fill, NOW } from "./samples.ts";

const HOUR = 3_600_000;
const marketOf = (symbol: string) => (symbol === BTCUSDT.symbol ? BTCUSDT : undefined);
const snapshot = (at: number, totals: Readonly<Record<string, string>>): BalanceSnapshot => ({
  at,
  totals: new Map(Object.entries(totals).map(([name, total]) => [asset(name), quantity(total)])),
});
const trade = (side: Fill["side"], amount: string, at: number, over: Partial<Fill> = {}): SymbolExecution =>
  fill({ side, quantity: quantity(amount), price: price("100"), at, tradeId: tradeId(`t-${at}-${side}`), ...over });
const moved = (of: string, amount: string, at: number, over: Partial<StoredTransfer> = {}): StoredTransfer => ({
  transferId: `${of}-${at}`,
  kind: "deposit",
  asset: asset(of),
  quantity: quantity(amount),
  state: "done",
  at,
  pendingUntil: undefined,
  worth: undefined,
  ...over,
});
const start = snapshot(NOW, { USDT: "1000", BTC: "1" });
const explain = (
  totals: Readonly<Record<string, string>>,
  fills: readonly SymbolExecution[],
  transfers: readonly StoredTransfer[] = [],
) => explainBalances({ from: start, to: snapshot(NOW + HOUR, totals), fills, transfers, marketOf });
const changeOf = (explained: ReturnType<typeof explain>, name: string) =>
  explained.changes.find((change) => change.asset === name);

describe("a change of balances", () => {
  it("is the sum of fills, fees, deposits and withdrawals", () => {
    const fee = { asset: asset("MX"), quantity: quantity("0.5") };
    const explained = explain(
      { USDT: "1090", BTC: "2", MX: "9.5" },
      [trade("buy", "2", NOW + 60_000, { fee }), trade("sell", "1", NOW + 120_000)],
      [
        moved("USDT", "200", NOW + 90_000),
        moved("USDT", "-10", NOW + 95_000, { kind: "withdrawal" }),
        moved("MX", "10", NOW + 30_000, { kind: "futures" }),
      ],
    );
    expect(explained.changes.map(({ asset: name, unexplained }) => [name, unexplained])).toEqual([
      ["BTC", 0n],
      ["MX", 0n],
      ["USDT", 0n],
    ]);
    expect(changeOf(explained, "USDT")).toMatchObject({ traded: quantity("-100"), transferred: quantity("190") });
    expect(changeOf(explained, "MX")).toMatchObject({ fees: quantity("-0.5"), transferred: quantity("10") });
  });

  it("names what comes from nowhere, to the last unit", () => {
    const explained = explain({ USDT: "1001.500000000000000001", BTC: "0.9" }, []);
    expect(changeOf(explained, "USDT")?.unexplained).toBe(quantity("1.500000000000000001"));
    expect(changeOf(explained, "BTC")?.unexplained).toBe(quantity("-0.1"));
  });

  it("leaves out what happened before, after, or never came about", () => {
    const explained = explain(
      { USDT: "1000", BTC: "1" },
      [trade("buy", "1", NOW - HOUR), trade("buy", "1", NOW + 2 * HOUR)],
      [moved("USDT", "5", NOW + 60_000, { state: "pending" }), moved("USDT", "5", NOW + 60_000, { state: "failed" })],
    );
    expect(explained.changes).toEqual([]);
  });

  it("counts a deposit that was dated before the snapshot and still under way after it", () => {
    const late = moved("USDT", "50", NOW - HOUR, { pendingUntil: NOW + 600_000 });
    expect(changeOf(explain({ USDT: "1050", BTC: "1" }, [], [late]), "USDT")?.unexplained).toBe(0n);
  });

  it("names the markets whose fills it cannot read", () => {
    const odd = trade("buy", "1", NOW + 60_000, { symbol: marketSymbol("GONEUSDT") });
    expect(explain({ USDT: "1000", BTC: "1" }, [odd, odd]).unreadable).toEqual(new Map([["GONEUSDT", 2]]));
  });
});

describe("a fill on the edge of a snapshot", () => {
  // The exchange's list says NOW, the whole second; in truth it came 900 ms later, after the balances were read.
  const rounded = trade("buy", "1", NOW - 400);

  it("counts on the side where the balances add up", () => {
    const after = explain({ USDT: "900", BTC: "2" }, [rounded]);
    expect(after.changes.every(({ unexplained }) => unexplained === 0n)).toBe(true);
    const before = explain({ USDT: "1000", BTC: "1" }, [rounded]);
    expect(before.changes).toEqual([]);
  });

  it("counts at the end of the time the same way, and keeps its order", () => {
    const first = trade("buy", "1", NOW + HOUR + 200);
    const second = trade("buy", "3", NOW + HOUR + 900);
    expect(explain({ USDT: "900", BTC: "2" }, [second, first]).changes.map((it) => it.unexplained)).toEqual([0n, 0n]);
    // Only the second without the first would be out of order, so it stays by the time, and is named.
    expect(changeOf(explain({ USDT: "700", BTC: "4" }, [second, first]), "BTC")?.unexplained).not.toBe(0n);
  });
});

it("adds up whatever happened, and names exactly what was slipped in", () => {
  const act = fc.record({
    side: fc.constantFrom<Fill["side"]>("buy", "sell"),
    amount: fc.integer({ min: 1, max: 999 }),
    feeIn: fc.constantFrom("USDT", "BTC", "MX"),
    after: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), fc.integer({ min: -5, max: 5 }), (acts, slipped) => {
      const totals = new Map<string, bigint>([
        ["USDT", quantity("1000")],
        ["BTC", quantity("1")],
      ]);
      const put = (name: string, amount: bigint) => totals.set(name, (totals.get(name) ?? 0n) + amount);
      const fills = acts.map(({ side, amount, feeIn, after }, at) => {
        // Clear of the edges: there the split is a choice.
        const time = Math.abs(after) < 10_000 || Math.abs(after - HOUR) < 10_000 ? NOW + 20_000 : NOW + after;
        const fee = { asset: asset(feeIn), quantity: quantity(`0.00${at}`) };
        const it = trade(side, `${amount / 1_000}`, time, { fee });
        if (time > NOW && time < NOW + HOUR) {
          put("BTC", side === "buy" ? it.quantity : -it.quantity);
          put("USDT", side === "buy" ? -it.notional : it.notional);
          put(feeIn, -fee.quantity);
        }
        return it;
      });
      put("MX", BigInt(slipped));
      const to = { at: NOW + HOUR, totals: totals as unknown as BalanceSnapshot["totals"] };
      const { changes } = explainBalances({ from: start, to, fills, transfers: [], marketOf });
      const odd = changes.filter((change) => change.unexplained !== 0n);
      expect(odd.map((change) => [change.asset, change.unexplained])).toEqual(
        slipped === 0 ? [] : [["MX", BigInt(slipped)]],
      );
    }),
  );
});
