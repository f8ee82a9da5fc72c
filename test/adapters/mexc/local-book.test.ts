import fc from "fast-check";
import { expect, it } from "vitest";
import type { DepthsBody } from "../../../src/adapters/mexc/ws/decode-push.ts";
import type { DepthSnapshot } from "../../../src/adapters/mexc/ws/local-book.ts";
import { createLocalBook } from "../../../src/adapters/mexc/ws/local-book.ts";
import type { LadderView } from "../../../src/core/domain/book.ts";
import { formatMoney } from "../../../src/core/domain/money.ts";
import { depthsOf } from "./push-schema.ts";

/** The exchange's side of a book: a version for every change, pushes that span several of them. */
function createVenue() {
  const bids = new Map<string, string>();
  let version = 100;
  return {
    change(price: number, quantity: number): DepthsBody {
      const span = 1 + (price % 3);
      const fromVersion = version + 1;
      version += span;
      if (quantity === 0) bids.delete(String(price));
      else bids.set(String(price), String(quantity));
      return depthsOf({
        bids: [{ price: String(price), quantity: String(quantity) }],
        fromVersion,
        toVersion: version,
      });
    },
    snapshot: (): DepthSnapshot => ({ lastUpdateId: version, bids: [...bids], asks: [] }),
    levels: () => [...bids].sort(([left], [right]) => Number(right) - Number(left)),
  };
}

function levelsOf(ladder: LadderView): readonly (readonly [string, string])[] {
  return ladder.top("buy", 100).map((level) => [formatMoney(level.price), formatMoney(level.quantity)] as const);
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function setup(venue = createVenue()) {
  let shown: LadderView | undefined;
  let fetches = 0;
  const states: string[] = [];
  let answer: () => Promise<DepthSnapshot> = () => Promise.resolve(venue.snapshot());
  const book = createLocalBook({
    fetchSnapshot: () => {
      fetches += 1;
      return answer();
    },
    sleep: turn,
    now: () => 0,
    onChange: (ladder, state) => {
      shown = ladder;
      states.push(state);
    },
  });
  return {
    venue,
    book,
    states,
    levels: () => (shown === undefined ? [] : levelsOf(shown)),
    fetches: () => fetches,
    answerWith: (next: () => Promise<DepthSnapshot>) => {
      answer = next;
    },
  };
}

it("joins a snapshot that lies inside the buffered pushes", async () => {
  const { venue, book, levels } = setup();
  book.resync();
  for (let price = 1; price <= 5; price += 1) book.apply(venue.change(price, 1), 0);
  await turn();
  for (let price = 3; price <= 8; price += 1) book.apply(venue.change(price, 2), 0);
  expect(book.state).toBe("live");
  expect(levels()).toEqual(venue.levels());
});

it("notices a missing push at once and heals", async () => {
  const { venue, book, levels, states, fetches } = setup();
  book.resync();
  await turn();
  book.apply(venue.change(1, 1), 0);
  venue.change(2, 2);
  states.length = 0;
  book.apply(venue.change(3, 3), 0);
  expect(states).toEqual(["syncing"]);
  await turn();
  expect(book.state).toBe("live");
  expect(fetches()).toBe(2);
  expect(levels()).toEqual(venue.levels());
});

it("asks again for a snapshot that is too old or does not come", async () => {
  const { venue, book, answerWith, levels } = setup();
  const old = venue.snapshot();
  venue.change(1, 1);
  const answers = [() => Promise.reject(new Error("away")), () => Promise.resolve(old)];
  answerWith(() => (answers.shift() ?? (() => Promise.resolve(venue.snapshot())))());
  book.resync();
  book.apply(venue.change(2, 2), 0);
  for (let round = 0; round < 10 && book.state !== "live"; round += 1) await turn();
  expect(book.state).toBe("live");
  expect(levels()).toEqual(venue.levels());
});

it("says stale when the stream is lost, and applies nothing meanwhile", async () => {
  const { venue, book, levels } = setup();
  book.resync();
  await turn();
  book.apply(venue.change(1, 1), 0);
  const before = levels();
  book.lose();
  book.apply(venue.change(2, 2), 0);
  expect(book.state).toBe("stale");
  expect(levels()).toEqual(before);
  book.resync();
  await turn();
  expect(levels()).toEqual(venue.levels());
});

it("ends equal to the exchange's book whatever is dropped or repeated", async () => {
  const step = fc.record({
    price: fc.integer({ min: 1, max: 30 }),
    quantity: fc.integer({ min: 0, max: 3 }),
    fate: fc.constantFrom("ok", "ok", "ok", "ok", "drop", "repeat", "wait"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 120 }), async (steps) => {
      const { venue, book, levels } = setup();
      book.resync();
      for (const { price, quantity, fate } of steps) {
        const push = venue.change(price, quantity);
        if (fate === "wait") await turn();
        if (fate !== "drop") book.apply(push, 0);
        if (fate === "repeat") book.apply(push, 0);
      }
      // One more push shows a gap that may be left at the end.
      book.apply(venue.change(31, 1), 0);
      for (let round = 0; round < 20 && book.state !== "live"; round += 1) await turn();
      expect(book.state).toBe("live");
      expect(levels()).toEqual(venue.levels());
      book.close();
    }),
    { numRuns: 200 },
  );
});
