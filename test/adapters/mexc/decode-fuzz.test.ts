import { expect, it } from "vitest";
import { fuzzDecoder } from "../../fuzz/fuzz-decoder.ts";

// `npm run test:fuzz` decodes a million.
it("decodes thirty thousand frames of every body, sound and spoiled, without a wrong answer or a crash", () => {
  const count = fuzzDecoder(20_261_125, 30_000);
  expect(count.sound).toBeGreaterThan(500);
  expect(count.rewritten).toBeGreaterThan(2_000);
  // Both must happen, or the spoiling is too weak or too strong to find anything.
  expect(count.refused).toBeGreaterThan(5_000);
  expect(count.spoiled + count.random - count.refused).toBeGreaterThan(2_000);
}, 60_000);
