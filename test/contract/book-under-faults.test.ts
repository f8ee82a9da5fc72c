import { describe, expect, it, vi } from "vitest";
import { createMexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { decodePush } from "../../src/adapters/mexc/ws/decode-push.ts";
import type { DepthSnapshot } from "../../src/adapters/mexc/ws/local-book.ts";
import { createLocalBook } from "../../src/adapters/mexc/ws/local-book.ts";
import { createSystemClock } from "../../src/adapters/system/system-clock.ts";
import type { LadderView, Level } from "../../src/core/domain/book.ts";
import { createLadder } from "../../src/core/domain/book.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import { formatMoney } from "../../src/core/domain/money.ts";
import type { MarketEvent } from "../../src/core/ports/market-feed.ts";
import { Random } from "../../src/simulator/random.ts";
import { startStepped } from "../simulator/server/stepped-simulator.ts";
import { runSimulation } from "../simulator/simulation-run.ts";

const SYMBOL = "BTCUSDT";
const CHANNEL = `spot@public.aggre.depth.v3.api.pb@100ms@${SYMBOL}`;
const PUSHES = 10_000;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

type Fate = "arrives" | "dropped" | "twice" | "late" | "disconnect";

function fateOf(random: Random): Fate {
  const draw = random.next();
  if (draw < 0.9) return "arrives";
  if (draw < 0.93) return "dropped";
  if (draw < 0.96) return "twice";
  return draw < 0.99 ? "late" : "disconnect";
}

/** The simulated exchange's feed of a book, and a local book at the other end of a wire that loses and confuses. */
function createScene(seed: number) {
  const random = new Random(seed);
  const run = runSimulation({ seed });
  const venue = run.exchange.market(SYMBOL).book;
  const frames: Uint8Array[] = [];
  run.hub.subscribe({ apiKey: undefined, push: (frame) => void frames.push(frame), hangUp: () => undefined }, CHANNEL);
  const oldSnapshots: DepthSnapshot[] = [];
  let deliveries: (() => void)[] = [];

  const book = createLocalBook({
    fetchSnapshot: () =>
      new Promise((resolve, reject) => {
        const taken = snapshotOf(venue);
        const [old] = oldSnapshots;
        oldSnapshots.push(taken);
        if (oldSnapshots.length > 3) oldSnapshots.shift();
        const draw = random.next();
        if (draw < 0.1) deliveries.push(() => reject(new Error("away")));
        else if (draw < 0.2 && old !== undefined) deliveries.push(() => resolve(old));
        else deliveries.push(() => resolve(taken));
      }),
    sleep: turn,
    now: () => run.now(),
    onChange: () => undefined,
  });
  return {
    random,
    run,
    venue,
    frames,
    book,
    /** Lets the answers arrive that are on their way. */
    answer: async () => {
      const due = deliveries;
      deliveries = [];
      for (const deliver of due) deliver();
      for (let count = 0; due.length > 0 && count < 3; count += 1) await turn();
    },
  };
}

type VenueBook = ReturnType<ReturnType<typeof runSimulation>["exchange"]["market"]>["book"];

function snapshotOf(venue: VenueBook): DepthSnapshot {
  const rows = (side: "BUY" | "SELL") =>
    venue.top(side, Infinity).map(({ price, total }) => [formatMoney(price), formatMoney(total, 8)] as const);
  return { lastUpdateId: venue.version, bids: rows("BUY"), asks: rows("SELL") };
}

function levelsOfVenue(venue: VenueBook) {
  const side = (name: "BUY" | "SELL") => venue.top(name, Infinity).map(({ price, total }) => [price, total] as const);
  return { bids: side("BUY"), asks: side("SELL") };
}

function levelsOf(ladder: LadderView) {
  const side = (name: "buy" | "sell") =>
    ladder.top(name, Infinity).map(({ price, quantity }) => [price, quantity] as const);
  return { bids: side("buy"), asks: side("sell") };
}

describe("§8 a local book behind a wire that loses, repeats and confuses", () => {
  it.each([20_261_125])(
    "ends equal to the exchange's after ten thousand pushes (seed %i)",
    async (seed) => {
      const { random, run, venue, frames, book, answer } = createScene(seed);
      const seen = { pushes: 0, gaps: 0, compared: 0, syncing: 0, disconnects: 0, live: 0 };
      let late: Uint8Array | undefined;
      let silentFor = 0;

      const deliver = (frame: Uint8Array) => {
        const push = decodePush(frame);
        if (push.body.kind !== "depths") throw new Error(push.body.kind);
        const isGap = book.state === "live" && push.body.fromVersion > book.version + 1;
        book.apply(push.body, push.sendTime);
        if (!isGap) return;
        seen.gaps += 1;
        // Within the one push that shows it.
        expect(book.state).toBe("syncing");
      };

      book.resync();
      while (seen.pushes < PUSHES) {
        run.pass(100);
        for (const frame of frames.splice(0)) {
          seen.pushes += 1;
          if (silentFor > 0) {
            silentFor -= 1;
            if (silentFor === 0) book.ensure();
            continue;
          }
          const fate = fateOf(random);
          if (fate === "disconnect") {
            seen.disconnects += 1;
            book.lose();
            silentFor = 1 + random.integer(20);
          } else if (fate === "late") {
            late ??= frame;
          } else if (fate !== "dropped") {
            deliver(frame);
            if (fate === "twice") deliver(frame);
            if (late !== undefined) deliver(late);
            late = undefined;
          }
        }
        if (book.state === "live") seen.live += 1;
        else seen.syncing += 1;
        if (book.state === "live" && book.version === venue.version && seen.pushes % 20 === 0) {
          expect(levelsOf(book.ladder), `after push ${seen.pushes}`).toEqual(levelsOfVenue(venue));
          seen.compared += 1;
        }
        if (random.next() < 0.5) await answer();
      }

      // The wire is sound again: one push shows what may be missing, and an answer heals it.
      if (silentFor > 0) book.ensure();
      for (let rounds = 0; rounds < 50 && !(book.state === "live" && book.version === venue.version); rounds += 1) {
        run.pass(100);
        for (const frame of frames.splice(0)) deliver(frame);
        await answer();
      }
      expect(book.state).toBe("live");
      expect(levelsOf(book.ladder)).toEqual(levelsOfVenue(venue));
      // All of it has happened, many times.
      expect(seen.gaps, JSON.stringify(seen)).toBeGreaterThan(100);
      expect(seen.disconnects).toBeGreaterThan(30);
      expect(seen.compared).toBeGreaterThan(100);
      expect(seen.live).toBeGreaterThan(seen.syncing);
      book.close();
    },
    120_000,
  );

  it("ends equal over real sockets, with faults and broken connections of the exchange's own making", async () => {
    const { simulator, advance } = await startStepped({ seed: 9 });
    const exchange = createMexcExchange({
      endpoints: { restUrl: simulator.restUrl, wsUrl: simulator.wsUrl },
      clock: createSystemClock(),
      random: () => 0,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    await using _closing = { [Symbol.asyncDispose]: () => exchange.close() };
    let book: Extract<MarketEvent, { type: "book" }> | undefined;
    const states: string[] = [];
    exchange.marketFeed.subscribe({ kind: "book", symbol: marketSymbol(SYMBOL) }, (event) => {
      if (event.type !== "book") return;
      if (book?.state !== event.state) states.push(event.state);
      book = event;
    });
    const untilLive = () => vi.waitFor(() => expect(book?.state).toBe("live"), { timeout: 20_000, interval: 5 });
    const control = async (call: string, body: object) => {
      const answer = await fetch(`${simulator.restUrl}/_sim/${call}`, { method: "POST", body: JSON.stringify(body) });
      expect(answer.status).toBe(200);
    };
    await untilLive();
    for (const kind of ["drop-push", "duplicate-push", "reorder-push"])
      await control("faults", { kind, symbol: SYMBOL, share: 0.04, seed: 3 });
    for (let count = 0; count < 400; count += 1) {
      advance(100);
      if (count % 150 === 149) await control("disconnect", {});
      // Frames must be read from the socket while the exchange goes on.
      await turn();
      if (count % 10 === 0) await untilLive();
    }
    await control("faults", { kind: "none" });
    await vi.waitFor(
      async () => {
        advance(100);
        await untilLive();
        const whole = await exchange.marketData.fetchBook(marketSymbol(SYMBOL), 5_000, new AbortController().signal);
        const levels = levelsOf(book?.ladder ?? createLadder());
        expect(levels.bids.length).toBeGreaterThan(10);
        const side = (rows: readonly Level[]) => rows.map(({ price, quantity }) => [price, quantity]);
        expect(levels).toEqual({ bids: side(whole.bids), asks: side(whole.asks) });
      },
      { timeout: 20_000, interval: 20 },
    );
    expect(states.filter((state) => state === "syncing").length).toBeGreaterThan(3);
    expect(states).toContain("stale");
  }, 90_000);
});
