import fc from "fast-check";
import { expect, test } from "vitest";
import { createIdSource } from "../../../src/adapters/system/id-source.ts";
import { parseClientOrderId } from "../../../src/core/domain/identifiers.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("ids are well formed, unique and in order, whatever the clock does and however poor the randomness", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 45 }), { minLength: 1, maxLength: 60 }),
      fc.constantFrom(0x00, 0x7f, 0xff),
      (clock, byte) => {
        let at = 0;
        const ids = createIdSource({
          now: () => clock[Math.min(at++, clock.length - 1)] ?? 0,
          randomBytes: (length) => new Uint8Array(length).fill(byte),
        });
        const orders = clock.map(() => ids.clientOrderId());
        const records = clock.map(() => ids.recordId());
        for (const id of orders) expect(parseClientOrderId(id)).toBe(id);
        for (const id of records) expect(id).toMatch(UUID_V7);
        for (const made of [orders, records]) {
          expect(new Set(made).size).toBe(made.length);
          expect(made.toSorted()).toEqual(made);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("two processes that start in the same millisecond make different ids", () => {
  const sources = [1, 2].map(() => createIdSource({ now: () => 1_767_355_200_000 }));
  const ids = sources.flatMap((source) => Array.from({ length: 2000 }, () => source.clientOrderId()));
  expect(new Set(ids).size).toBe(4000);
});

test("an order id is a ULID as its specification writes one", () => {
  const id = createIdSource({ now: () => 1_469_918_176_385 }).clientOrderId();
  expect(id).toMatch(/^td01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/);
});

test("a record id carries its time", () => {
  const id = createIdSource({ now: () => 1_767_355_200_000 }).recordId();
  expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(1_767_355_200_000);
});
