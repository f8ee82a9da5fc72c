import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEvent, encodeEvent } from "../../../src/adapters/storage/event-codec.ts";
import { DOMAIN_EVENT_TYPES } from "../../../src/core/domain/event-types.ts";
import type { Approved } from "../../../src/core/domain/approved.ts";
import type { Balance } from "../../../src/core/domain/balance.ts";
import type { DomainEvent, DomainEventType } from "../../../src/core/domain/events.ts";
import type { Difference, SettledDifference } from "../../../src/core/domain/difference.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import {
  accountId,
  asset,
  clientOrderId,
  marketSymbol,
  orderId,
  tradeId,
} from "../../../src/core/domain/identifiers.ts";
import type { Notional, Price, Quantity, Ratio } from "../../../src/core/domain/money.ts";
import type { OrderDraft, OrderReason, OrderReport, OrderSize, OrderType } from "../../../src/core/domain/order.ts";
import type {
  ClosingSale,
  ExitAttempt,
  GapQuestion,
  LegRule,
  Protection,
  ProtectionLeg,
} from "../../../src/core/domain/protection.ts";
import type { HeldState } from "../../../src/core/domain/trading-state.ts";

const units = fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n });
const priceOf = units.map((value) => value as Price);
const quantityOf = units.map((value) => value as Quantity);
const ratioOf = units.map((value) => value as Ratio);
const notionalOf = units.map((value) => value as Notional);
const words = fc.string({ unit: "binary", maxLength: 20 });
const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const id = words.map(clientOrderId);
const symbol = words.map(marketSymbol);
const side = fc.constantFrom("buy", "sell");
const type = fc.constantFrom<OrderType>("limit", "market", "post-only", "immediate-or-cancel", "fill-or-kill");
const source = fc.constantFrom("stream", "query", "reconcile");
const reason: fc.Arbitrary<OrderReason> = fc.record({ code: words, message: words });
const size: fc.Arbitrary<OrderSize> = fc.oneof(
  quantityOf.map((quantity) => ({ kind: "base" as const, quantity })),
  notionalOf.map((notional) => ({ kind: "quote" as const, notional })),
);
const draft = fc.record<OrderDraft, "symbol" | "side" | "type" | "size">(
  {
    symbol,
    side,
    type,
    size,
    limitPrice: priceOf,
    clientOrderId: id,
    seen: fc.record({ price: priceOf, at: time }),
  },
  { requiredKeys: ["symbol", "side", "type", "size"] },
);
const report = fc.record<OrderReport>({
  orderId: words.map(orderId),
  clientOrderId: id,
  symbol,
  side,
  type,
  quantity: quantityOf,
  limitPrice: priceOf,
  status: fc.constantFrom("open", "partially-filled", "filled", "cancelled"),
  executedQuantity: quantityOf,
  executedNotional: notionalOf,
  createdAt: time,
  updatedAt: time,
});
const fill = fc.record<Fill>({
  tradeId: words.map(tradeId),
  orderId: words.map(orderId),
  clientOrderId: id,
  symbol,
  side,
  price: priceOf,
  quantity: quantityOf,
  notional: notionalOf,
  fee: fc.record({ asset: words.map(asset), quantity: quantityOf }),
  liquidity: fc.constantFrom("maker", "taker"),
  at: time,
});
const balance = fc.record<Balance>({ asset: words.map(asset), free: quantityOf, locked: quantityOf, at: time });
const heldState: fc.Arbitrary<HeldState> = fc.oneof(
  fc.constant({ kind: "active" } as const),
  fc.record({ kind: fc.constantFrom("reducing" as const, "halted" as const), reason: words }),
);
const evidence = fc.array(fc.record({ what: words, value: words, limit: words }), { maxLength: 2 });
const attempt = fc.record<ExitAttempt>({ exitOrderId: id, quantity: quantityOf, observedPrice: priceOf, at: time });
const question: fc.Arbitrary<GapQuestion> = fc.oneof(
  fc.record({ since: time, seenPrice: priceOf, at: time }),
  fc.record({ since: time, seenPrice: priceOf, at: time, worstPrice: priceOf }),
);
const rule: fc.Arbitrary<LegRule> = fc.oneof(
  fc.record({ kind: fc.constant("stop-loss" as const), triggerPrice: priceOf }),
  fc.record({ kind: fc.constant("take-profit" as const), triggerPrice: priceOf, share: ratioOf }),
  fc.record({
    kind: fc.constant("trailing-stop" as const),
    distance: fc.record({ kind: fc.constant("ratio" as const), ratio: ratioOf }),
    activationPrice: priceOf,
  }),
  fc.record({ kind: fc.constant("break-even" as const), triggerPrice: priceOf, offset: ratioOf }),
  fc.record({ kind: fc.constant("time-stop" as const), at: time }),
);
const leg: fc.Arbitrary<ProtectionLeg> = fc.record({
  legId: words,
  rule,
  state: fc.constantFrom("live", "recovering", "asking", "exiting", "done", "ended"),
  highest: priceOf,
  attempts: fc.array(attempt, { maxLength: 2 }),
  question,
  blocked: reason,
  firedAt: time,
  ceiling: quantityOf,
});
const closingSale = fc.record<ClosingSale>({ closeOrderId: id, after: quantityOf, quantity: quantityOf });
const protection: fc.Arbitrary<Protection> = fc.record({
  protectionId: words,
  symbol,
  coverage: fc.oneof(
    fc.record({ kind: fc.constant("quantity" as const), quantity: quantityOf }),
    fc.constant({ kind: "holding" } as const),
    fc.record({ kind: fc.constant("entry" as const), clientOrderId: id }),
  ),
  legs: fc.array(leg, { maxLength: 3 }),
  exit: fc.oneof(
    fc.constant({ kind: "market" } as const),
    fc.record({ kind: fc.constant("limit" as const), offset: ratioOf }),
  ),
  trigger: fc.constantFrom("last", "bid-ask", "mark"),
  confirmation: fc.record({ prints: fc.nat(), holdMs: fc.nat() }),
  linkedOrderId: id,
  closes: fc.array(closingSale, { maxLength: 2 }),
  entryPrice: priceOf,
  state: fc.constantFrom("armed", "ended"),
  endedBecause: words,
  version: fc.nat(),
  createdAt: time,
});
const difference: fc.Arbitrary<Difference> = fc.record({
  kind: fc.constantFrom("balance-differs", "state-differs", "order-vanished", "balance-unexplained"),
  action: fc.constantFrom("adopt", "ignore", "cancel", "investigate"),
  subject: words,
  symbol,
  ours: words,
  theirs: words,
});

type Body<T extends DomainEventType> = Omit<Extract<DomainEvent, { type: T }>, "type">;
/** One generator an event: a new event without one does not compile. */
const BODIES: { readonly [T in DomainEventType]: fc.Arbitrary<Body<T>> } = {
  "order-intended": fc.record({
    intent: fc.record({ clientOrderId: id, draft: draft.map((it) => it as Approved<OrderDraft>), at: time }),
  }),
  "order-not-sent": fc.record({ clientOrderId: id, reason }),
  "order-accepted": fc.record({ clientOrderId: id, orderId: words.map(orderId) }),
  "order-rejected": fc.record({ clientOrderId: id, reason }),
  "order-outcome-unknown": fc.record({ clientOrderId: id, reason }),
  "order-not-seen": fc.record({ clientOrderId: id, reason }),
  "order-absent": fc.record({ clientOrderId: id, reason }),
  "order-vanished": fc.record({ clientOrderId: id, reason }),
  "order-reported": fc.record({ clientOrderId: id, report, source }),
  "order-written-off": fc.record({
    clientOrderId: id,
    reason,
    evidence: fc.record({
      askedAt: time,
      byId: fc.constant("not-found"),
      openOrders: fc.nat(),
      ordersSince: time,
      ordersListed: fc.nat(),
      fillsSince: time,
      fillsListed: fc.nat(),
    }),
  }),
  "order-adopted": fc.record({ clientOrderId: id }),
  "cancel-intended": fc.record({ clientOrderId: id }),
  "cancel-accepted": fc.record({ clientOrderId: id }),
  "cancel-rejected": fc.record({ clientOrderId: id, reason }),
  "cancel-outcome-unknown": fc.record({ clientOrderId: id, reason }),
  "fill-recorded": fc.record({ clientOrderId: id, fill, source }),
  "balance-reported": fc.record({ balance, source }),
  "balances-replaced": fc.record({ balances: fc.array(balance, { maxLength: 4 }) }),
  "trading-state-changed": fc.record({ state: heldState, by: words, evidence }),
  "difference-found": fc.record({ difference }),
  "difference-settled": fc.record({
    difference: fc
      .tuple(difference, words, fc.constantFrom("settled", "ignored", "waiting", "needs-person"))
      .map(([found, result, outcome]): SettledDifference => ({ ...found, outcome, result })),
  }),
  "archive-hole-found": fc.record({
    hole: fc.record({ symbol, kind: fc.constantFrom("orders", "fills"), from: time, until: time }),
  }),
  "balances-explained": fc.record({
    since: time,
    until: time,
    changes: fc.array(
      fc.record({
        asset: words.map(asset),
        before: quantityOf,
        after: quantityOf,
        traded: quantityOf,
        fees: quantityOf,
        transferred: quantityOf,
        unexplained: quantityOf,
      }),
      { maxLength: 2 },
    ),
    isAccounted: fc.boolean(),
  }),
  "reconcile-finished": fc.record({ ordersChecked: fc.nat(), fillsAdded: fc.nat(), unresolved: fc.nat() }),
  "session-started": fc.record({
    mode: fc.constantFrom("live", "paper", "demo", "replay"),
    accountId: words.map(accountId),
    version: words,
  }),
  "session-ended": fc.constant({}),
  "anomaly-seen": fc.record({ what: words, clientOrderId: id }),
  "protection-armed": fc.record({ protection }),
  "protection-disarmed": fc.record({ protectionId: words, why: words }),
  "protection-ended": fc.record({ protectionId: words, why: words }),
  "highest-moved": fc.record({ protectionId: words, legId: words, highest: priceOf }),
  "stop-moved": fc.record({ protectionId: words, legId: words, triggerPrice: priceOf }),
  "exit-attempted": fc.record({
    protectionId: words,
    legId: words,
    exitOrderId: id,
    quantity: quantityOf,
    target: quantityOf,
    ceiling: quantityOf,
    observedPrice: priceOf,
  }),
  "close-attempted": fc.record({ protectionId: words, sale: closingSale }),
  "leg-fired": fc.record({ protectionId: words, legId: words }),
  "exit-blocked": fc.record({ protectionId: words, legId: words, reason }),
  "leg-ended": fc.record({
    protectionId: words,
    legId: words,
    outcome: fc.constantFrom("done", "ended"),
    why: words,
  }),
  "leg-recovered": fc.record({ protectionId: words, legId: words }),
  "question-asked": fc.record({ protectionId: words, legId: words, question }),
  "question-answered": fc.record({
    protectionId: words,
    legId: words,
    answer: fc.constantFrom("sell-now", "re-arm", "ignore"),
  }),
};

describe("an event on disk", () => {
  test.each(DOMAIN_EVENT_TYPES)("%s comes back as it was", (eventType) => {
    fc.assert(
      fc.property(BODIES[eventType], (body) => {
        const event = { type: eventType, ...body } as DomainEvent;
        const text = encodeEvent(event);
        expect(decodeEvent(text)).toEqual(event);
        expect(encodeEvent(decodeEvent(text))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test("every event has a generator here", () => {
    expect(Object.keys(BODIES).toSorted()).toEqual([...DOMAIN_EVENT_TYPES].toSorted());
  });

  test("money is written as its decimal text", () => {
    const highest = 65_000_010_000_000_000_000_000n as Price;
    const text = encodeEvent({ type: "highest-moved", protectionId: "p", legId: "ts", highest });
    expect(text).toBe('{"type":"highest-moved","protectionId":"p","legId":"ts","highest":{"$":"65000.01"}}');
  });

  test.each<[string, unknown]>([
    ["a map", new Map([["a", 1]])],
    ["a set", new Set(["a"])],
    ["a number that is none", Number.NaN],
  ])("%s is refused, for it would not come back", (_what, reason_) => {
    const event = { type: "anomaly-seen", what: reason_ } as unknown as DomainEvent;
    expect(() => encodeEvent(event)).toThrow(TypeError);
  });

  test.each(["", "nonsense", "null", "[]", '{"type":"toString"}', '{"type":"order-eaten"}', '{"type":{"$":"x"}}'])(
    "%j is refused as unreadable",
    (text) => {
      expect(() => decodeEvent(text)).toThrow(expect.objectContaining({ code: "DATABASE_UNREADABLE" }));
    },
  );
});
