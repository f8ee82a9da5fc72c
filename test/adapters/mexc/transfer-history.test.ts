import { describe, expect, it } from "vitest";
import type { TransferKind } from "../../../src/core/domain/transfer.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import type { Script } from "./scripted-exchange.ts";
import { SCRIPT_NOW, scriptedExchange } from "./scripted-exchange.ts";

const signal = new AbortController().signal;
const DAY = 86_400_000;
const queryOf = ({ url }: { readonly url: string }) => new URL(url).searchParams;
const lastDays = (days: number) => ({ since: SCRIPT_NOW - days * DAY, until: SCRIPT_NOW });
const fetched = async (script: Script, kind: TransferKind, days = 1) => {
  const exchange = scriptedExchange(script);
  return { transfers: await exchange.transferHistory.fetchTransfers(kind, lastDays(days), signal), ...exchange };
};

const depositRow = {
  amount: "250.5",
  coin: "USDT",
  network: "TRX",
  status: 5,
  address: "T1",
  txId: "ab:0",
  insertTime: SCRIPT_NOW - 9_000,
  unlockConfirm: "12",
  confirmTimes: "12",
  memo: null,
};
const withdrawalRow = {
  id: "bb17",
  txId: null,
  coin: "BTC",
  amount: "0.51",
  transferType: 0,
  status: 7,
  transactionFee: "0.01",
  applyTime: SCRIPT_NOW - 9_000,
  updateTime: SCRIPT_NOW,
};
const futuresRow = {
  tranId: "77",
  clientTranId: null,
  asset: "USDT",
  amount: "5",
  fromAccountType: "SPOT",
  toAccountType: "FUTURES",
  status: "SUCCESS",
  timestamp: SCRIPT_NOW - 9_000,
};

describe("what moved", () => {
  it("is a deposit into the account", async () => {
    const { transfers } = await fetched(() => [depositRow], "deposit");
    expect(transfers).toEqual([
      {
        transferId: "ab:0",
        kind: "deposit",
        asset: "USDT",
        quantity: quantity("250.5"),
        state: "done",
        at: SCRIPT_NOW - 9_000,
      },
    ]);
  });

  it("is a withdrawal out of it, with the exchange's fee in the amount", async () => {
    const { transfers } = await fetched(() => [withdrawalRow], "withdrawal");
    expect(transfers).toEqual([
      {
        transferId: "bb17",
        kind: "withdrawal",
        asset: "BTC",
        quantity: quantity("-0.51"),
        state: "done",
        at: SCRIPT_NOW - 9_000,
      },
    ]);
  });

  it("goes to futures and comes back from there", async () => {
    const back = { ...futuresRow, tranId: 78, fromAccountType: "FUTURES", toAccountType: "SPOT", amount: "2" };
    const { transfers } = await fetched((_path, request) => {
      const isOut = queryOf(request).get("toAccountType") === "FUTURES";
      return { rows: [isOut ? futuresRow : back], total: 1 };
    }, "futures");
    expect(transfers.map((it) => [it.transferId, it.quantity, it.state])).toEqual([
      ["77", quantity("-5"), "done"],
      ["78", quantity("2"), "done"],
    ]);
  });

  it.each([
    [1, "pending"],
    [9, "pending"],
    [11, "pending"],
    [5, "done"],
    [12, "done"],
    [7, "failed"],
    [8, "failed"],
    [10, "failed"],
    [99, "pending"],
  ])("stands, as a deposit with the status %i, as %s", async (status, state) => {
    expect((await fetched(() => [{ ...depositRow, status }], "deposit")).transfers).toMatchObject([{ state }]);
  });

  it.each([
    [1, "pending"],
    [6, "pending"],
    [10, "pending"],
    [7, "done"],
    [8, "failed"],
    [9, "failed"],
  ])("stands, as a withdrawal with the status %i, as %s", async (status, state) => {
    expect((await fetched(() => [{ ...withdrawalRow, status }], "withdrawal")).transfers).toMatchObject([{ state }]);
  });

  it("tells deposits without a transaction apart by their moment", async () => {
    const rows = [1, 2].map((at) => ({ ...depositRow, txId: null, insertTime: SCRIPT_NOW - at }));
    const { transfers } = await fetched(() => rows, "deposit");
    expect(new Set(transfers.map((it) => it.transferId)).size).toBe(2);
  });
});

describe("the lists", () => {
  it("are asked in windows of a week, which begin where the one before ended", async () => {
    const { sent } = await fetched(() => [], "deposit", 16);
    const windows = sent.map((request) =>
      [queryOf(request).get("startTime"), queryOf(request).get("endTime")].map(Number),
    );
    const [first] = windows;
    expect(windows).toHaveLength(3);
    expect(first?.[0]).toBe(SCRIPT_NOW - 16 * DAY);
    expect(windows.at(-1)?.[1]).toBe(SCRIPT_NOW);
    for (const [at, [start, end]] of windows.entries()) {
      expect((end ?? 0) - (start ?? 0)).toBeLessThanOrEqual(7 * DAY);
      if (at > 0) expect(start).toBe(windows[at - 1]?.[1]);
    }
  });

  it("are never asked from further back than the exchange keeps them", async () => {
    const { sent, transferHistory } = scriptedExchange(() => []);
    const long = { since: SCRIPT_NOW - 400 * DAY, until: SCRIPT_NOW - 84 * DAY };
    await transferHistory.fetchTransfers("withdrawal", long, signal);
    const starts = sent.map((request) => SCRIPT_NOW - Number(queryOf(request).get("startTime")));
    expect(starts).toEqual([transferHistory.reachMs("withdrawal")]);
    expect(starts[0]).toBeLessThan(90 * DAY);
  });

  it("are read to the last page", async () => {
    const all = Array.from({ length: 250 }, (_, at) => ({ ...futuresRow, tranId: at }));
    const { transfers } = await fetched((_path, request) => {
      if (queryOf(request).get("fromAccountType") === "FUTURES") return { rows: [], total: 0 };
      const first = (Number(queryOf(request).get("page")) - 1) * 100;
      return { rows: all.slice(first, first + 100), total: 250 };
    }, "futures");
    expect(transfers).toHaveLength(250);
  });

  it("stand without a row that cannot be read, and say so", async () => {
    const hostile = { ...depositRow, coin: "US\u202eDT" };
    const { transfers, poison } = await fetched(
      () => [depositRow, hostile, { ...depositRow, amount: "-5" }],
      "deposit",
    );
    expect(transfers).toHaveLength(1);
    expect(poison).toHaveLength(2);
  });
});
