import { afterEach, expect, it } from "vitest";
import type { ConnectionTimings } from "../../src/adapters/mexc/ws/connection-timings.ts";
import type { Book } from "../../src/core/domain/book.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import { formatMoney, price, quantity } from "../../src/core/domain/money.ts";
import type { PublicTrade } from "../../src/core/domain/public-trade.ts";
import type { ExchangeControls } from "./exchange-controls.ts";
import { createExchangeControls } from "./exchange-controls.ts";
import { ledgerDifferences } from "./ledger-differences.ts";
import { createRandom } from "./seeded-random.ts";
import type { SoakWorld } from "./soak-world.ts";
import { createSoakWorld, START } from "./soak-world.ts";

const SEED = 11;
const BTC = marketSymbol("BTCUSDT");
const signal = new AbortController().signal;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

let world: SoakWorld;
let controls: ExchangeControls;

async function open(timings: Partial<ConnectionTimings> = {}): Promise<void> {
  world = await createSoakWorld(SEED, createRandom(SEED), quiet, timings);
  controls = createExchangeControls(world);
  const opened = world.app.startSession(signal);
  await steps(20, 200);
  await opened;
  world.app.selectMarket(BTC, "1m");
  await until(() => bookState() === "live");
}
afterEach(() => world.close());

const bookState = () => world.app.store.getState().market.book?.state;

async function steps(count: number, durationMs: number): Promise<void> {
  for (let step = 0; step < count; step += 1) await world.step(durationMs);
}

/** Lets time pass until it holds. @returns how long it took, ms. */
async function until(holds: () => boolean, mostMs = 120_000, stepMs = 200): Promise<number> {
  for (let passedMs = 0; passedMs <= mostMs; passedMs += stepMs) {
    if (holds()) return passedMs;
    await world.step(stepMs);
  }
  throw new Error(`did not happen within ${mostMs / 1_000} s of seed ${SEED}`);
}

/** The best levels of our book beside those that REST shows at the same moment. */
async function topsOfBook(): Promise<readonly [unknown, unknown]> {
  await steps(2, 200);
  // What the last step pushed is drawn with the next frame; the exchange stands still meanwhile.
  world.time.jump(40);
  const theirs = await world.app.marketData.fetchBook(BTC, 5, signal);
  const ours = world.app.store.getState().market.book;
  const plain = (book: Book | undefined) =>
    [book?.bids, book?.asks].map((side) =>
      side?.slice(0, 5).map((level) => [formatMoney(level.price), formatMoney(level.quantity)]),
    );
  return [plain(ours), plain(theirs)];
}

it("shows a stalled book as stale although PONGs come, and heals it when the feed is back", async () => {
  await open();
  // A whole move to another socket fits into one step, so the states are counted where none is conflated.
  const states: string[] = [];
  const subscription = world.app.marketFeed.subscribe({ kind: "book", symbol: BTC }, (event) => {
    if (event.type === "book") states.push(event.state);
  });
  await controls.fault({ kind: "stall", durationMs: 60_000 });
  const noticedMs = await until(() => states.includes("stale"));
  expect(noticedMs).toBeLessThan(25_000);
  subscription.close();
  await steps(300, 200);
  await until(() => bookState() === "live", 180_000);
  expect(world.exchange.health().silences).toBeGreaterThan(0);
  expect(world.exchange.health().reconnects).toBe(0);
  const [ours, theirs] = await topsOfBook();
  expect(ours).toEqual(theirs);
});

it("shows a book as stale while the connection is away, with the wait in the session's state", async () => {
  await open();
  await controls.disconnect();
  await until(() => bookState() === "stale", 5_000, 50);
  expect(world.app.store.getState().session.marketConnection).toMatchObject({ kind: "waiting" });
  await until(() => bookState() === "live");
  expect(world.app.store.getState().session.marketConnection).toEqual({ kind: "connected" });
  const [ours, theirs] = await topsOfBook();
  expect(ours).toEqual(theirs);
});

it.each(["drop-push", "poison-push", "reorder-push"])("fetches the book anew after a %s", async (kind) => {
  await open();
  let syncs = 0;
  const subscription = world.app.marketFeed.subscribe({ kind: "book", symbol: BTC }, (event) => {
    if (event.type === "book" && event.state === "syncing") syncs += 1;
  });
  await controls.fault({ kind, channel: "aggre.depth", count: 1 });
  await until(() => syncs > 0, 30_000);
  await until(() => bookState() === "live");
  subscription.close();
  const [ours, theirs] = await topsOfBook();
  expect(ours).toEqual(theirs);
});

it("finds an order and its fill by the next reconcile when every private push of it was lost", async () => {
  await open();
  await controls.fault({ kind: "drop-push", channel: "private", share: 1 });
  const top = world.app.store.getState().market.book;
  const placing = world.app.placeOrder(
    {
      symbol: BTC,
      side: "buy",
      type: "market",
      size: { kind: "base", quantity: quantity("0.002") },
      seen: { price: top?.asks[0]?.price ?? price("1"), at: world.app.now() },
    },
    signal,
  );
  await steps(3, 200);
  const placed = await placing;
  if (placed.kind !== "placed") throw new Error("denied");
  const held = () => world.app.store.getState().trading.orders.get(placed.order.clientOrderId);
  expect(held()?.state).toBe("open");
  await until(() => held()?.state === "filled" && held()?.filledQuantity === quantity("0.002"), 90_000);
  expect(world.exchange.health().reconnects).toBe(0);
  await steps(350, 200);
  const truth = await controls.ledger();
  expect(ledgerDifferences(truth, world.simulator.apiKey, world.app)).toEqual([]);
});

it("finds an order that was placed and filled elsewhere while the private stream was away", async () => {
  await open();
  const query = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.002";
  // Known to trade this market: only of such markets the lists are read.
  await controls.signed("POST", "/order", query);
  await until(() => world.app.store.getState().trading.fills.size > 0);
  await controls.disconnect();
  await controls.signed("POST", "/order", query);
  const differences = async () => ledgerDifferences(await controls.ledger(), world.simulator.apiKey, world.app);
  expect(await differences()).not.toEqual([]);
  await until(() => world.app.store.getState().session.accountConnection?.kind === "waiting", 5_000, 50);
  await until(() => world.app.store.getState().session.accountConnection?.kind === "connected");
  await steps(20, 200);
  expect(await differences()).toEqual([]);
});

it("tells every public trade once while its connection moves to a fresh one", async () => {
  const lifetimeMs = 10 * 60_000;
  await open({ lifetimeMs });
  const heard: string[] = [];
  const keyOf = ({ at, price: paid, quantity: amount, side }: PublicTrade) => `${at} ${paid} ${amount} ${side}`;
  const subscription = world.app.marketFeed.subscribe({ kind: "trades", symbol: BTC }, (event) => {
    if (event.type === "trades") heard.push(...event.trades.map(keyOf));
  });
  while (world.time.clock.now() < START + 0.97 * lifetimeMs) await world.step(2_000);
  expect(world.exchange.health().renewals).toBe(0);
  heard.length = 0;
  const from = world.time.clock.now();
  // The public connection and the private one.
  await until(() => world.exchange.health().renewals === 2, lifetimeMs, 200);
  await steps(10, 200);
  subscription.close();
  const upTo = world.time.clock.now() - 1_000;
  const listed = await world.app.marketData.fetchTrades(BTC, 1_000, signal);
  const expected = listed.filter(({ at }) => at > from + 1_000 && at < upTo).map(keyOf);
  expect(expected.length).toBeGreaterThan(20);
  for (const key of expected) {
    const times = (all: readonly string[]) => all.filter((one) => one === key).length;
    expect([key, times(heard)]).toEqual([key, times(expected)]);
  }
  expect(world.exchange.health()).toMatchObject({ reconnects: 0, silences: 0 });
});
