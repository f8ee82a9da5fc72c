import { describe, expect, it } from "vitest";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { asset, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { Transfer, TransferKind } from "../../../src/core/domain/transfer.ts";
import { createValuer } from "../../../src/core/domain/valuation.ts";
import { pullTransfers } from "../../../src/core/use-cases/pull-transfers.ts";
import { createMemoryPortfolio } from "../../app/runtime/memory-portfolio.ts";
import { NOW } from "../domain/samples.ts";

const DAY = 86_400_000;
const REACH = 90 * DAY;
const signal = new AbortController().signal;
const BTC = { symbol: marketSymbol("BTCUSDT"), base: asset("BTC"), quote: asset("USDT") };
const deposit = (over: Partial<Transfer> = {}): Transfer => ({
  transferId: "tx",
  kind: "deposit",
  asset: asset("BTC"),
  quantity: quantity("2"),
  state: "done",
  at: NOW - 60_000,
  ...over,
});

function stand() {
  const { transfers: store } = createMemoryPortfolio(() => []);
  const until = new Map<TransferKind, number>();
  const asked: [TransferKind, number, number][] = [];
  let listed: readonly Transfer[] = [];
  let refused: TransferKind | undefined;
  return {
    store,
    until,
    asked,
    list: (...all: readonly Transfer[]) => {
      listed = all;
    },
    refuse: (kind: TransferKind) => {
      refused = kind;
    },
    pull: (now: number) =>
      pullTransfers(
        {
          history: {
            reachMs: () => REACH,
            fetchTransfers(kind, { since, until: end }) {
              asked.push([kind, since, end]);
              if (kind === refused)
                return Promise.reject(new AppError({ code: "NO_RIGHT", message: "no", exitCode: EXIT_CODES.failure }));
              return Promise.resolve(listed.filter((it) => it.kind === kind));
            },
          },
          store,
          readUntil: { of: (kind) => until.get(kind), note: (kind, at) => void until.set(kind, at) },
          valuer: createValuer([BTC], () => ({ price: price("60000"), at: NOW })),
          quote: asset("USDT"),
          now,
        },
        signal,
      ),
  };
}

describe("pulling transfers", () => {
  it("asks three weeks back at first, and six days before what was read afterwards", async () => {
    const { pull, asked } = stand();
    await pull(NOW);
    await pull(NOW + DAY);
    const deposits = asked.filter(([kind]) => kind === "deposit").map(([, since]) => since);
    expect(deposits).toEqual([NOW - 21 * DAY, NOW - 6 * DAY]);
  });

  it("asks as far back as whatever is still under way", async () => {
    const { pull, asked, list } = stand();
    list(deposit({ state: "pending", at: NOW - 15 * DAY }));
    await pull(NOW);
    await pull(NOW + DAY);
    expect(asked.filter(([kind]) => kind === "deposit").at(-1)?.[1]).toBe(NOW - 15 * DAY);
  });

  it("keeps when a transfer was last seen under way, and counts it from then on", async () => {
    const { pull, store, list } = stand();
    list(deposit({ state: "pending" }));
    await pull(NOW);
    await pull(NOW + 5_000);
    list(deposit());
    await pull(NOW + 9_000);
    expect(store.list({})).toMatchObject([{ state: "done", pendingUntil: NOW + 5_000 }]);
  });

  it("keeps what a transfer was worth when it came to light, and nothing for one that came to light late", async () => {
    const { pull, store, list } = stand();
    list(deposit(), deposit({ transferId: "old", at: NOW - 2 * 3_600_000 }));
    await pull(NOW);
    expect(store.list({}).map(({ transferId, worth }) => [transferId, worth?.value])).toEqual([
      ["old", undefined],
      ["tx", notional("120000")],
    ]);
  });

  it("reads the other lists when one is refused, says so, and asks for all of it again", async () => {
    const { pull, until, refuse } = stand();
    refuse("withdrawal");
    const readings = await pull(NOW);
    expect(readings.map(({ kind, fault, readUntil }) => [kind, fault?.code, readUntil])).toEqual([
      ["deposit", undefined, NOW],
      ["withdrawal", "NO_RIGHT", undefined],
      ["futures", undefined, NOW],
    ]);
    expect(until.has("withdrawal")).toBe(false);
  });

  it("names the time that nobody read and the exchange no longer lists", async () => {
    const { pull } = stand();
    await pull(NOW);
    const later = NOW + 100 * DAY;
    expect((await pull(later))[0]?.hole).toEqual({ from: NOW, to: later - REACH });
    expect((await pull(later))[0]?.hole).toBeUndefined();
  });
});
