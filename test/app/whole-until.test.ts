import { afterEach, beforeEach, expect, it } from "vitest";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import { marketSymbol, orderId } from "../../src/core/domain/identifiers.ts";
import type { MarketSymbol } from "../../src/core/domain/identifiers.ts";
import { price } from "../../src/core/domain/money.ts";
import type { SettingStore } from "../../src/core/ports/stores.ts";
import type { TestHome } from "../adapters/storage/samples.ts";
import { ACCOUNT, temporaryHome } from "../adapters/storage/samples.ts";
import { BTCUSDT, limitBuy, NOW } from "../core/domain/samples.ts";
import type { ManualClock } from "../manual-clock.ts";
import { createManualClock } from "../manual-clock.ts";
import { createMemoryStorage } from "./runtime/memory-journal.ts";
import type { ScriptedPlace } from "./session-parts.ts";
import { openScriptedApp } from "./session-parts.ts";

const HOUR_MS = 3_600_000;
const WHOLE_WINDOW_MS = (7 * 24 - 1) * HOUR_MS;
const OVERLAP_MS = 2 * 60_000;
const ETHUSDT = marketSymbol("ETHUSDT");
const signal = new AbortController().signal;
const away = () =>
  Promise.reject(new AppError({ code: "EXCHANGE_UNAVAILABLE", message: "Away.", exitCode: EXIT_CODES.unavailable }));

let home: TestHome;
let manual: ManualClock;
let ends: (() => Promise<void>)[];
beforeEach(() => {
  manual = createManualClock(NOW);
  home = temporaryHome(manual.clock);
  ends = [];
});
afterEach(async () => {
  for (const end of ends) await end();
  home.remove();
});

/** Another process on the same database file. */
function otherProcess(): ScriptedPlace {
  const storage = home.open();
  return { manual, account: storage.forAccount(ACCOUNT), settings: storage.settings };
}

/** An app on a place, with what its back-fills asked for: how far before now, in ms, by symbol. */
function open(place: ScriptedPlace) {
  const asked: { readonly symbol: MarketSymbol; readonly backMs: number }[] = [];
  let isAway = false;
  const { app } = openScriptedApp(
    {
      submit: () => ({ kind: "accepted", orderId: orderId(`C02__${manual.clock.now()}`) }),
      marketData: {
        fetchInstruments: (symbols) => Promise.resolve([{ ...BTCUSDT, symbol: symbols?.[0] ?? BTCUSDT.symbol }]),
      },
      accountData: {
        fetchFills: ({ symbol, since }) => {
          if (isAway) return away();
          if (since !== undefined) asked.push({ symbol, backMs: manual.clock.now() - since });
          return Promise.resolve([]);
        },
      },
    },
    place,
  );
  ends.push(() => app.close());
  return {
    app,
    asked,
    setAway: (is: boolean) => {
      isAway = is;
    },
    place: async (symbol: MarketSymbol = BTCUSDT.symbol) => {
      await app.reconcile(signal);
      const seen = { price: price("65000"), at: manual.clock.now() };
      const result = await app.placeOrder(limitBuy({ symbol, seen }), signal);
      expect(result.kind).toBe("placed");
    },
  };
}

it("asks for seven days when nobody ever asked, then only since the account was whole, also after a kill", async () => {
  await open(otherProcess()).place();
  const first = open(otherProcess());
  await first.app.startSession(signal);
  expect(first.asked).toEqual([{ symbol: BTCUSDT.symbol, backMs: WHOLE_WINDOW_MS }]);
  await manual.advance(3 * HOUR_MS);
  // The first one is not closed: whatever it did not write at once would be missing here.
  const next = open(otherProcess());
  await next.app.startSession(signal);
  expect(next.asked[0]?.backMs).toBeLessThan(6 * 60_000);
});

it("asks since the end of the last session, although a command placed an order and compared meanwhile", async () => {
  const session = open(otherProcess());
  await session.place();
  await session.app.startSession(signal);
  await session.app.close();
  await manual.advance(2 * HOUR_MS);
  const command = open(otherProcess());
  await command.place();
  await command.app.close();
  await manual.advance(HOUR_MS);
  const later = open(otherProcess());
  await later.app.startSession(signal);
  expect(later.asked).toEqual([{ symbol: BTCUSDT.symbol, backMs: 3 * HOUR_MS + OVERLAP_MS }]);
});

it("does not call whole what a back-fill that failed did not bring", async () => {
  const session = open(otherProcess());
  await session.place();
  await session.app.startSession(signal);
  session.setAway(true);
  await manual.advance(2 * HOUR_MS);
  await session.app.close();
  const next = open(otherProcess());
  await next.app.startSession(signal);
  expect(next.asked[0]?.backMs).toBeGreaterThan(2 * HOUR_MS - 6 * 60_000);
});

it("asks for seven days of a market that a command began to trade while a session was open", async () => {
  const session = open(otherProcess());
  await session.place();
  await session.app.startSession(signal);
  await open(otherProcess()).place(ETHUSDT);
  await manual.advance(HOUR_MS);
  const back = session.asked.filter(({ symbol }) => symbol === ETHUSDT).map(({ backMs }) => backMs);
  expect(back[0]).toBe(WHOLE_WINDOW_MS);
  expect(back.slice(1).every((backMs) => backMs < 8 * 60_000)).toBe(true);
});

it("does not believe a moment that has not come yet: the clock was wrong when it was written", async () => {
  const session = open(otherProcess());
  await session.place();
  await manual.advance(2 * HOUR_MS);
  await session.app.startSession(signal);
  await session.app.close();
  manual = createManualClock(NOW + HOUR_MS);
  const next = open(otherProcess());
  await next.app.startSession(signal);
  expect(next.asked[0]?.backMs).toBe(WHOLE_WINDOW_MS);
});

it("calls nothing whole while what was seen is not on disk", async () => {
  const memory = createMemoryStorage();
  const values = new Map<string, string>();
  const settings: SettingStore = {
    get: (key) => values.get(key),
    set: (key, value) => {
      values.set(key, value);
    },
  };
  const session = open({ manual, account: memory.storage, settings });
  await session.place();
  memory.setBroken(true);
  await session.app.startSession(signal);
  expect(session.asked).toHaveLength(1);
  expect([...values]).toEqual([]);
  memory.setBroken(false);
  await manual.advance(HOUR_MS);
  expect([...values]).toHaveLength(1);
});

it("goes on when the moment cannot be written, and asks the same again", async () => {
  const memory = createMemoryStorage();
  const settings: SettingStore = {
    get: () => undefined,
    set: () => {
      throw new AppError({ code: "STORAGE_FAILED", message: "disk full", exitCode: EXIT_CODES.failure });
    },
  };
  const session = open({ manual, account: memory.storage, settings });
  await session.place();
  await session.app.startSession(signal);
  await manual.advance(10 * 60_000);
  expect(session.app.store.getState().session.reconcileError).toBeUndefined();
  expect(session.asked.map(({ backMs }) => backMs)).toEqual([WHOLE_WINDOW_MS, WHOLE_WINDOW_MS, WHOLE_WINDOW_MS]);
});
