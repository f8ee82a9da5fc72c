import type { App } from "../../../src/app/app.ts";
import type { Balance } from "../../../src/core/domain/balance.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, tradeId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { Ticker } from "../../../src/core/domain/ticker.ts";
import type { Transfer } from "../../../src/core/domain/transfer.ts";
import type { SettingStore } from "../../../src/core/ports/stores.ts";
import { createMemoryStorage } from "../../app/runtime/memory-journal.ts";
import { openScriptedApp } from "../../app/session-parts.ts";
import { BTCUSDT, fill, NOW } from "../../core/domain/samples.ts";
import { createManualClock } from "../../manual-clock.ts";
import { ETHUSDT, unreachable } from "../fake-app.ts";

/** What one account holds and what its exchange says; `open` starts a new process on it. */
export function createScriptedAccount() {
  const manual = createManualClock(NOW);
  const memory = createMemoryStorage(manual.clock);
  const values = new Map<string, string>();
  const settings: SettingStore = { get: (key) => values.get(key), set: (key, value) => void values.set(key, value) };
  const prices = new Map<string, string>([["BTCUSDT", "110"]]);
  const balances = new Map<string, string>([["USDT", "1000"]]);
  let transfers: readonly Transfer[] = [];
  let isAway = false;
  let written = 0;
  const ask = <T>(answer: () => T): Promise<T> => (isAway ? Promise.reject(unreachable()) : Promise.resolve(answer()));

  return {
    manual,
    prices,
    balances,
    setAway: (is: boolean) => {
      isAway = is;
    },
    setTransfers: (all: readonly Transfer[]) => {
      transfers = all;
    },
    /** Puts a fill on disk a second after the one before. */
    trade(side: Fill["side"], amount: string, at: string, over: Partial<Fill> = {}): Fill {
      written += 1;
      const made = fill({
        tradeId: tradeId(`t-${written}`),
        side,
        quantity: quantity(amount),
        price: price(at),
        at: NOW + written * 1_000,
        ...over,
      });
      memory.storage.journal.commit({ at: NOW, events: [], orders: [], fills: [made], protections: [] });
      return made;
    },
    open(): App {
      return openScriptedApp(
        {
          accountData: {
            fetchBalances: () =>
              ask(() =>
                [...balances].map(([name, free]): Balance => ({
                  asset: asset(name),
                  free: quantity(free),
                  locked: quantity("0"),
                  at: manual.clock.now(),
                })),
              ),
          },
          marketData: {
            fetchInstruments: () => ask(() => [BTCUSDT, ETHUSDT]),
            fetchTickers: () =>
              ask(() =>
                [...prices].map(([symbol, last]): Ticker => ({
                  symbol: symbol as Ticker["symbol"],
                  last: price(last),
                  at: manual.clock.now() - 2_000,
                })),
              ),
          },
          transferHistory: { fetchTransfers: (kind) => ask(() => transfers.filter((it) => it.kind === kind)) },
        },
        { manual, account: memory.storage, settings },
      ).app;
    },
  };
}
