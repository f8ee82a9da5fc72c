import { expect, it } from "vitest";
import { createGuardViews } from "../../../src/app/runtime/guardian/guard-view.ts";
import { NO_MEMORY } from "../../../src/core/domain/guarding/trigger-memory.ts";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { applyEvent, EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { BTCUSDT, fill, intended, limitBuy, NOW, protectionSample } from "../../core/domain/samples.ts";

it("tells each fill once, also where the entry was placed at the moment the stop fired, or the clock was set back", () => {
  const entry = clientOrderId("td-1");
  const leg = protectionSample().legs[0] ?? expect.fail("no leg");
  const protection = protectionSample({
    coverage: { kind: "entry", clientOrderId: entry },
    legs: [{ ...leg, state: "exiting", firedAt: NOW - 1_000 }],
  });
  const ledger = [
    intended(limitBuy(), "td-1"),
    { type: "fill-recorded", clientOrderId: entry, fill: fill({ clientOrderId: entry }), source: "stream" } as const,
  ].reduce((state, event) => applyEvent(state, event, NOW).ledger, EMPTY_LEDGER);
  const view = createGuardViews({
    ledger: () => ledger,
    recall: () => undefined,
    clock: { now: () => NOW, monotonic: () => NOW, sleep: () => Promise.resolve() },
  });
  expect(view({ protection, instrument: BTCUSDT, memory: NO_MEMORY, quote: undefined }).fills).toHaveLength(1);
});
