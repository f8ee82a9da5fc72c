import { expect, it } from "vitest";
import { exchangeTime } from "../../../../src/core/domain/exchange-time.ts";
import { confirmedBeyond, NO_MEMORY, observe } from "../../../../src/core/domain/guarding/trigger-memory.ts";
import { price, ratio } from "../../../../src/core/domain/money.ts";
import type { Protection } from "../../../../src/core/domain/protection.ts";
import { NOW, protectionSample } from "../samples.ts";

const trailing = (highest?: string): Protection =>
  protectionSample({
    confirmation: { prints: 1, holdMs: 0 },
    legs: [
      {
        ...{ legId: "trail", state: "live", attempts: [] },
        ...(highest === undefined ? {} : { highest: price(highest) }),
        rule: { kind: "trailing-stop", distance: { kind: "ratio", ratio: ratio("0.01") } },
      },
    ],
  });
const print = (at: string, stamp: number) => ({ last: price(at), at: NOW, printedAt: exchangeTime(NOW + stamp) });

it("a print from before the level had risen, told after it, does not fire", () => {
  let memory = observe(NO_MEMORY, trailing("100"), print("100", 0), true);
  memory = observe(memory, trailing("100"), print("200", 5_000), true);
  memory = observe(memory, trailing("200"), print("150", 4_000), true);
  expect(confirmedBeyond(memory, trailing("200"), "trail")).toBeUndefined();
  memory = observe(memory, trailing("200"), print("150", 6_000), true);
  expect(confirmedBeyond(memory, trailing("200"), "trail")).toMatchObject({ prints: 1 });
});

it("a print from before there was a level, told after it, does not fire either", () => {
  let memory = observe(NO_MEMORY, trailing(), print("200", 5_000), true);
  memory = observe(memory, trailing("200"), print("150", 4_000), true);
  expect(confirmedBeyond(memory, trailing("200"), "trail")).toBeUndefined();
});
