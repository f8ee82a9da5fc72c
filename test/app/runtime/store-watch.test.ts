import { expect, it } from "vitest";
import { LOOK_AT_STORE_MS, watchStore } from "../../../src/app/runtime/store-watch.ts";
import { createManualClock } from "../../manual-clock.ts";

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

it("goes on asking for what others wrote until it could be taken over, and then until they write again", async () => {
  const { clock, advance } = createManualClock();
  const lifetime = new AbortController();
  let isWritten = false;
  let isAhead = false;
  let taken = 0;
  void watchStore({
    changes: {
      seen() {
        const was = isWritten;
        isWritten = false;
        return was;
      },
    },
    clock,
    logger: SILENT,
    lifetime: lifetime.signal,
    adopt() {
      if (!isAhead) taken += 1;
      return !isAhead;
    },
  });
  await advance(0);
  expect(taken).toBe(1);
  // Written while something of our own is not on disk: SQLite tells of it once.
  [isWritten, isAhead] = [true, true];
  await advance(3 * LOOK_AT_STORE_MS);
  expect(taken).toBe(1);
  isAhead = false;
  await advance(LOOK_AT_STORE_MS);
  expect(taken).toBe(2);
  await advance(5 * LOOK_AT_STORE_MS);
  expect(taken).toBe(2);
  lifetime.abort();
});
