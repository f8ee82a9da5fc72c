import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holesOf } from "../../src/core/domain/archive.ts";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import { marketSymbol, orderId } from "../../src/core/domain/identifiers.ts";
import type { MarketSymbol } from "../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../src/core/domain/money.ts";
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
        fetchOrders: ({ symbol, since }) => {
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
  await manual.advance(20 * 60_000);
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
  await manual.advance(30 * 60_000);
  await session.app.close();
  const next = open(otherProcess());
  await next.app.startSession(signal);
  expect(next.asked[0]?.backMs).toBeGreaterThan(24 * 60_000);
});

it("asks for seven days of a market that a command began to trade while a session was open", async () => {
  const session = open(otherProcess());
  await session.place();
  await session.app.startSession(signal);
  await open(otherProcess()).place(ETHUSDT);
  await manual.advance(12 * 60_000);
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
  const session = open({ manual, account: memory.storage, settings: home.open().settings });
  await session.place();
  memory.setBroken(true);
  await session.app.startSession(signal);
  expect(session.asked).toHaveLength(1);
  expect(memory.ranges()).toEqual([]);
  memory.setBroken(false);
  await manual.advance(12 * 60_000);
  expect(memory.ranges()).toHaveLength(2);
});

it("goes on when the moment cannot be written, and asks the same again", async () => {
  const memory = createMemoryStorage();
  const archive = {
    ranges: () => [],
    note: () => {
      throw new AppError({ code: "STORAGE_FAILED", message: "disk full", exitCode: EXIT_CODES.failure });
    },
  };
  const session = open({ manual, account: { ...memory.storage, archive }, settings: home.open().settings });
  await session.place();
  await session.app.startSession(signal);
  await manual.advance(10 * 60_000);
  expect(session.app.store.getState().session.reconcileError).toBeUndefined();
  expect(session.asked.map(({ backMs }) => backMs)).toEqual([WHOLE_WINDOW_MS, WHOLE_WINDOW_MS, WHOLE_WINDOW_MS]);
});

describe("after forty days away", () => {
  const away40 = async () => {
    const session = open(otherProcess());
    await session.place();
    await session.app.startSession(signal);
    await session.app.close();
    await manual.advance(40 * 24 * HOUR_MS);
    const next = open(otherProcess());
    await next.app.startSession(signal);
    return next;
  };

  it("names on screen, with its dates, what the exchange no longer lists, and keeps the hole", async () => {
    const { app } = await away40();
    const texts = app.store.getState().session.notices.map(({ text }) => text);
    const start = new Date(NOW).toISOString();
    expect(texts).toContainEqual(expect.stringContaining(`BTCUSDT: executions from ${start} to `));
    expect(texts).toContainEqual(expect.stringContaining("the exchange no longer lists them"));
    const holes = holesOf(app.stored?.archive.ranges() ?? []);
    expect(holes.map(({ kind }) => kind).toSorted()).toEqual(["fills", "orders"]);
    await manual.advance(12 * 60_000);
    expect(holesOf(app.stored?.archive.ranges() ?? [])).toEqual(holes);
  });

  it("tells of it once", async () => {
    const { app } = await away40();
    await manual.advance(12 * 60_000);
    const texts = app.store.getState().session.notices.map(({ text }) => text);
    expect(texts.filter((text) => text.includes("executions from"))).toHaveLength(1);
  });
});

describe("markets in which nothing of ours happens", () => {
  const symbols = Array.from({ length: 12 }, (_, n) => marketSymbol(`COIN${n}USDT`));
  const openHolder = (asked: MarketSymbol[], refuse?: MarketSymbol) =>
    openScriptedApp(
      {
        marketData: {
          fetchInstruments: () => Promise.resolve(symbols.map((symbol) => ({ ...BTCUSDT, symbol }))),
        },
        accountData: {
          fetchBalances: () =>
            Promise.resolve([{ asset: BTCUSDT.base, free: quantity("1"), locked: quantity("0"), at: NOW }]),
          fetchOrders: ({ symbol }) => {
            asked.push(symbol);
            return symbol === refuse
              ? Promise.reject(new AppError({ code: "SYMBOL_UNKNOWN", message: "Gone.", exitCode: EXIT_CODES.usage }))
              : Promise.resolve([]);
          },
        },
      },
      otherProcess(),
    );

  it("are read in turn while a balance could have been sold there, a few a round, and then once a day", async () => {
    const asked: MarketSymbol[] = [];
    const { app } = openHolder(asked);
    await app.startSession(signal);
    expect(asked).toEqual([]);
    await manual.advance(6 * 60_000);
    expect(asked).toHaveLength(5);
    await manual.advance(24 * 60_000);
    expect(new Set(asked).size).toBe(12);
    expect(asked).toHaveLength(12);
    await app.close();
    manual.jump(24 * HOUR_MS);
    const next = openHolder(asked).app;
    ends.push(() => next.close());
    await next.startSession(signal);
    expect(asked).toHaveLength(12);
    await manual.advance(16 * 60_000);
    expect(asked).toHaveLength(24);
  });

  it("that the exchange has taken down keep no other from being whole", async () => {
    const asked: MarketSymbol[] = [];
    const { app } = openHolder(asked, marketSymbol("COIN0USDT"));
    ends.push(() => app.close());
    await app.startSession(signal);
    const { archive } = await app.reconcileWhole(signal);
    expect([...archive.refused.keys()]).toEqual(["COIN0USDT"]);
    expect(new Set((app.stored?.archive.ranges() ?? []).map(({ symbol }) => symbol)).size).toBe(11);
    expect(app.store.getState().session.reconcileError).toBeUndefined();
  });
});
