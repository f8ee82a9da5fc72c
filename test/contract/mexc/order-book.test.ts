import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Row, VenueClient } from "./venue.ts";
import type { VenueStream } from "./venue-stream.ts";

const BTC = "BTCUSDT";
const CHANNEL = `spot@public.aggre.depth.v3.api.pb@100ms@${BTC}`;

interface Change {
  readonly from: number;
  readonly to: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
interface Level {
  readonly price: string;
  readonly quantity: string;
}
type Side = Map<number, number>;

let venue: VenueClient;
let stream: VenueStream;

beforeEach(async () => {
  venue = await openVenue({ symbolCount: 2 });
  stream = await venue.connect();
  await stream.subscribe(CHANNEL);
});
afterEach(() => venue[Symbol.asyncDispose]());

function changes(): readonly Change[] {
  return stream.pushes.flatMap(({ channel, publicAggreDepths }) => {
    if (channel !== CHANNEL) return [];
    const { fromVersion, toVersion, bids = [], asks = [] } = publicAggreDepths as Readonly<Record<string, never>>;
    return [{ from: Number(fromVersion), to: Number(toVersion), bids, asks }];
  });
}

async function snapshot(): Promise<{ readonly last: number; readonly bids: Side; readonly asks: Side }> {
  const body = (await venue.get("/api/v3/depth", { symbol: BTC, limit: 5_000 })).body as Row;
  const side = (rows: unknown): Side =>
    new Map(
      (rows as readonly (readonly [string, string])[]).map(([price, quantity]) => [Number(price), Number(quantity)]),
    );
  return { last: Number(body["lastUpdateId"]), bids: side(body["bids"]), asks: side(body["asks"]) };
}

/** Plays on until as many pushes as wanted have come. */
async function until(count: number): Promise<void> {
  for (let at = 0; at < 5_000 && changes().length < count; at += 1) {
    venue.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(changes().length).toBeGreaterThanOrEqual(count);
}

function apply(side: Side, levels: readonly Level[]): void {
  for (const { price, quantity } of levels) {
    if (Number(quantity) === 0) side.delete(Number(price));
    else side.set(Number(price), Number(quantity));
  }
}

describe("§8 the local book", () => {
  it("§8 consecutive pushes are exactly contiguous, and many span several versions", async () => {
    await until(60);
    const all = changes();
    for (const [at, { from, to }] of all.entries()) {
      expect(to).toBeGreaterThanOrEqual(from);
      if (at > 0) expect(from).toBe((all[at - 1]?.to ?? 0) + 1);
    }
    expect(all.some(({ from, to }) => to > from)).toBe(true);
  });

  it("§8 by the rules of the fact sheet a book follows from any snapshot to any other", async () => {
    await until(5);
    // Off the beat of the pushes, so that the first snapshot may fall into one of them.
    venue.jump(30);
    const book = await snapshot();
    let { last } = book;
    await until(80);
    // Each step ends with a push, so nothing has happened since the newest one.
    venue.advance(70);
    const end = await snapshot();
    await expect.poll(() => changes().at(-1)?.to).toBe(end.last);
    for (const { from, to, bids, asks } of changes()) {
      if (to <= last) continue;
      expect(from).toBeLessThanOrEqual(last + 1);
      apply(book.bids, bids);
      apply(book.asks, asks);
      last = to;
    }
    expect(last).toBe(end.last);
    expect(sorted(book.bids)).toEqual(sorted(end.bids));
    expect(sorted(book.asks)).toEqual(sorted(end.asks));
  });

  it("§8 §10.16 a snapshot often lands inside the range of a push", async () => {
    let inside = 0;
    for (let at = 0; at < 200 && inside === 0; at += 1) {
      // Between two pushes of 100 ms, so that the snapshot is amid the changes collected for the next one.
      venue.jump(30);
      const { last } = await snapshot();
      await until(changes().length + 1);
      if (changes().some(({ from, to }) => from <= last && last < to)) inside += 1;
    }
    expect(inside).toBeGreaterThan(0);
  });

  it("§8 quantities are absolute, 0 deletes, and the push is trimmed where the snapshot is padded", async () => {
    await until(40);
    const levels = changes().flatMap(({ bids, asks }) => [...bids, ...asks]);
    expect(levels.some(({ quantity }) => quantity === "0")).toBe(true);
    expect(levels.every(({ price, quantity }) => !/\.\d*0$/.test(price) && !/\.\d*0$/.test(quantity))).toBe(true);
  });

  it("§8 a lost push shows as a gap in the very next one", async () => {
    await until(5);
    const before = changes().at(-1)?.to ?? 0;
    const seen = changes().length;
    await venue.control("faults", { kind: "drop-push", symbol: BTC, count: 1 });
    await until(seen + 1);
    expect(changes()[seen]?.from).toBeGreaterThan(before + 1);
  });
});

function sorted(side: Side): readonly (readonly [number, number])[] {
  return [...side].sort(([left], [right]) => left - right);
}
