import { expect, it } from "vitest";
import { fuzzDecoder } from "./fuzz-decoder.ts";

const FRAMES = 1_000_000;
const seed = Number(process.env["FUZZ_SEED"] ?? 1 + Math.floor(Math.random() * 2 ** 31));

it(`decodes a million frames (FUZZ_SEED=${seed})`, () => {
  const count = fuzzDecoder(seed, FRAMES);
  console.log(`seed ${seed}: ${JSON.stringify(count)}`);
  expect(count.rewritten + count.spoiled + count.random).toBe(FRAMES);
  expect(count.refused).toBeGreaterThan(FRAMES / 10);
});
