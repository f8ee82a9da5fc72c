import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EquitySample } from "../../../src/core/domain/equity-history.ts";
import type { SymbolExecution } from "../../../src/core/domain/explain-balances.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, clientOrderId, marketSymbol, orderId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import type { StoredTransfer } from "../../../src/core/domain/transfer.ts";
import type { PortfolioStores } from "../../../src/core/ports/portfolio-stores.ts";
import { createMemoryPortfolio } from "../../app/runtime/memory-portfolio.ts";
import { orderSample } from "../../core/domain/samples.ts";
import type { TestHome } from "./samples.ts";
import { ACCOUNT, batchOf, NOON, OTHER_ACCOUNT, sampleFill, temporaryHome } from "./samples.ts";

const USDT = asset("USDT");
const ETH = marketSymbol("ETHUSDT");
const deposit = (over: Partial<StoredTransfer> = {}): StoredTransfer => ({
  transferId: "tx:0",
  kind: "deposit",
  asset: USDT,
  quantity: quantity("250.000000000000000001"),
  state: "done",
  at: NOON,
  pendingUntil: undefined,
  worth: { value: notional("250"), quote: USDT },
  ...over,
});
const sample = (at: number, over: Partial<EquitySample> = {}): EquitySample => ({
  at,
  quote: USDT,
  known: notional("1000.5"),
  unknown: [{ asset: asset("ODD"), quantity: quantity("3"), reason: "no market trades ODD" }],
  totals: new Map([[USDT, quantity("1000.5")]]),
  ...over,
});

/** The stores with a way to write fills, as the journal does. */
interface Stand {
  readonly stores: PortfolioStores;
  write(...fills: readonly Fill[]): void;
  close(): void;
}

function onSqlite(): Stand {
  const home: TestHome = temporaryHome();
  const storage = home.open().forAccount(ACCOUNT);
  return {
    stores: storage.portfolio,
    write: (...fills) => {
      storage.journal.commit(batchOf({ fills }));
    },
    close: () => {
      home.remove();
    },
  };
}
function inMemory(): Stand {
  const written: Fill[] = [];
  return {
    stores: createMemoryPortfolio(() => written),
    write: (...fills) => written.push(...fills),
    close: () => undefined,
  };
}

describe.each([
  ["SQLite", onSqlite],
  ["memory", inMemory],
])("the portfolio's stores on %s", (_where, open) => {
  let stand: Stand;
  beforeEach(() => {
    stand = open();
  });
  afterEach(() => {
    stand.close();
  });
  const collect = (read: (visitor: (fill: SymbolExecution) => void) => void) => {
    const ids: string[] = [];
    read((fill) => ids.push(fill.tradeId));
    return ids;
  };

  it("visit fills in the order of execution, of one market or market by market", () => {
    const second = Math.floor(NOON / 1_000) * 1_000;
    stand.write(
      sampleFill("late", { at: second + 9_000 }),
      sampleFill("sale", { at: second, side: "sell" }),
      sampleFill("buy", { at: second + 700 }),
      sampleFill("eth", { symbol: ETH, at: second - 1 }),
      sampleFill("early", { at: second - 1 }),
    );
    const { executions } = stand.stores;
    const upTo = executions.mark();
    stand.write(sampleFill("beyond"));
    expect(collect((visitor) => executions.visit({ symbol: marketSymbol("BTCUSDT"), upTo }, visitor))).toEqual([
      "early",
      "buy",
      "sale",
      "late",
    ]);
    expect(collect((visitor) => executions.visit({ upTo }, visitor))).toEqual(["early", "buy", "sale", "late", "eth"]);
    expect(collect((visitor) => executions.visitSince(second, visitor)).sort()).toEqual([
      "beyond",
      "buy",
      "late",
      "sale",
    ]);
  });

  it("tell a fill to the last digit", () => {
    const fill = sampleFill("t1", { fee: { asset: asset("MX"), quantity: quantity("0.000000000000000001") } });
    stand.write(fill);
    const seen: SymbolExecution[] = [];
    stand.stores.executions.visit({ upTo: stand.stores.executions.mark() }, (it) => seen.push(it));
    const { symbol, tradeId, side, quantity: amount, notional: paid, fee, at } = fill;
    expect(seen).toMatchObject([{ symbol, tradeId, side, quantity: amount, notional: paid, fee, at }]);
  });

  it("tell what was written between two marks, in the order of writing", () => {
    const { executions } = stand.stores;
    const written = (after: number, upTo: number) =>
      collect((visitor) => {
        executions.visitWritten({ after, upTo }, visitor);
      });
    const before = executions.mark();
    stand.write(sampleFill("a"));
    const between = executions.mark();
    stand.write(sampleFill("c", { at: NOON + 9 }), sampleFill("b", { at: NOON - 9 }));
    const end = executions.mark();
    stand.write(sampleFill("d"));
    expect([written(before, between), written(between, end), written(before, end)]).toEqual([
      ["a"],
      ["c", "b"],
      ["a", "c", "b"],
    ]);
    expect([written(end, end), executions.mark() > end]).toEqual([[], true]);
  });

  it("keep transfers, oldest first", () => {
    const { transfers } = stand.stores;
    const out = deposit({ kind: "withdrawal", quantity: quantity("-3"), at: NOON - 5, worth: undefined });
    transfers.save([deposit(), out]);
    expect(transfers.list({})).toEqual([out, deposit()]);
    expect(transfers.list({ since: NOON })).toEqual([deposit()]);
  });

  it("never take a transfer that has ended for one under way, and keep its first worth", () => {
    const { transfers } = stand.stores;
    transfers.save([deposit({ state: "pending", pendingUntil: NOON + 7 })]);
    transfers.save([deposit({ worth: { value: notional("249"), quote: USDT } })]);
    transfers.save([deposit({ state: "pending", pendingUntil: NOON + 3, worth: undefined })]);
    expect(transfers.list({})).toEqual([deposit({ pendingUntil: NOON + 7 })]);
  });

  it("keep one sample for each five minutes, the first", () => {
    const { equity } = stand.stores;
    const start = Math.ceil(NOON / 300_000) * 300_000;
    const later = sample(start + 300_000, { unknown: [], totals: undefined });
    expect(
      [sample(start), sample(start + 299_999, { known: notional("7") }), later].map((it) => equity.add(it)),
    ).toEqual([true, false, true]);
    expect(equity.list({})).toEqual([sample(start), later]);
    expect(equity.list({ since: start + 1 })).toEqual([later]);
    expect(equity.first()).toEqual(sample(start));
    expect([equity.newestAt(start - 1), equity.newestAt(start + 299_999), equity.newestAt(start + 300_000)]).toEqual([
      undefined,
      sample(start),
      later,
    ]);
    expect(equity.latestTotals()).toEqual(sample(start).totals);
  });
});

it("visits two sides of one second in the order of their intents, as far as they are ours", () => {
  const home = temporaryHome();
  const storage = home.open().forAccount(ACCOUNT);
  const second = Math.floor(NOON / 1_000) * 1_000;
  const placed = (id: string, createdAt: number, over: Partial<Order> = {}) =>
    orderSample({ clientOrderId: clientOrderId(`td-${id}`), orderId: orderId(id), createdAt, ...over });
  const taken = (id: string, side: Fill["side"]) =>
    sampleFill(id, { orderId: orderId(id), side, at: second, liquidity: "taker" });
  storage.journal.commit(
    batchOf({
      fills: [taken("buy", "buy"), taken("sale", "sell"), taken("web", "buy")],
      orders: [placed("sale", 70), placed("buy", 90), placed("web", 80, { origin: "foreign" })],
    }),
  );
  const { executions } = storage.portfolio;
  const seen: string[] = [];
  executions.visit({ upTo: executions.mark() }, ({ tradeId }) => seen.push(tradeId));
  home.remove();
  expect(seen).toEqual(["web", "sale", "buy"]);
});

it("keeps accounts apart", () => {
  const home = temporaryHome();
  try {
    const storage = home.open();
    const [mine, theirs] = [storage.forAccount(ACCOUNT), storage.forAccount(OTHER_ACCOUNT)];
    theirs.journal.commit(batchOf({ fills: [sampleFill()] }));
    theirs.portfolio.transfers.save([deposit()]);
    theirs.portfolio.equity.add(sample(NOON));
    const seen: SymbolExecution[] = [];
    const { executions } = mine.portfolio;
    const upTo = executions.mark();
    executions.visit({ upTo }, (fill) => seen.push(fill));
    executions.visitSince(0, (fill) => seen.push(fill));
    executions.visitWritten({ after: 0, upTo }, (fill) => seen.push(fill));
    expect([seen, mine.portfolio.transfers.list({}), mine.portfolio.equity.list({})]).toEqual([[], [], []]);
  } finally {
    home.remove();
  }
});

it("marks what it writes for the synchronisation", () => {
  const home = temporaryHome();
  try {
    const storage = home.open();
    const { portfolio } = storage.forAccount(ACCOUNT);
    portfolio.transfers.save([deposit()]);
    portfolio.transfers.save([deposit()]);
    portfolio.equity.add(sample(NOON));
    portfolio.equity.add(sample(NOON + 1));
    expect(storage.status().unsyncedRows).toBe(2);
  } finally {
    home.remove();
  }
});
