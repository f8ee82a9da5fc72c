import { describe, expect, it } from "vitest";
import type { LeaseRecord } from "../../../src/core/domain/guard-lease.ts";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { BadgeFacts } from "../../../src/core/domain/protection-badge.ts";
import { protectionBadge } from "../../../src/core/domain/protection-badge.ts";
import type { OrderState } from "../../../src/core/domain/order.ts";
import type { LegRule, Protection, ProtectionLeg } from "../../../src/core/domain/protection.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import { BTCUSDT, NOW, orderSample, protectionSample } from "./samples.ts";

const { symbol } = BTCUSDT;
const LEASE: LeaseRecord = {
  ...{ holder: "run-1", pid: 7, host: "here", token: 1, acquiredAt: NOW, heartbeatAt: NOW - 900, released: false },
  markets: { [symbol]: { state: "watching" } },
};

function badge(over: Partial<BadgeFacts> = {}) {
  return protectionBadge({
    ...{
      symbol,
      quantity: quantity("0.002"),
      sellable: quantity("0.002"),
      holders: [],
      instrument: BTCUSDT,
      protections: [protectionSample()],
      orders: new Map(),
      lease: LEASE,
      tradingState: ACTIVE,
    },
    ...{ now: NOW, covered: () => quantity("0.002") },
    ...over,
  });
}

function withLeg(change: Partial<ProtectionLeg>): Protection {
  const protection = protectionSample();
  return { ...protection, legs: protection.legs.map((leg) => ({ ...leg, ...change })) };
}

const held = (amount: string, id: string, because: "sale" | "foreign-sale") => ({
  ...{ quantity: quantity(amount), because, words: `held by ${id}` },
  order: orderSample({ clientOrderId: clientOrderId(id) }),
});

/** A leg that fired, and how its exit stands. */
function withExit(state: OrderState) {
  const id = clientOrderId("x-1");
  const attempt = { exitOrderId: id, quantity: quantity("0.002"), observedPrice: price("59990"), at: NOW };
  const order = orderSample({
    clientOrderId: id,
    side: "sell",
    state,
    reason: { code: "SCRIPTED", message: "no look" },
  });
  return { protections: [withLeg({ state: "exiting", attempts: [attempt] })], orders: new Map([[id, order]]) };
}

const withRule = (rule: LegRule) => ({ protections: [withLeg({ rule })] });
const TRAIL: LegRule = { kind: "trailing-stop", distance: { kind: "ratio", ratio: ratio("0.1") } };

describe("the badge", () => {
  it("is protected when a live stop stands for all of it and somebody is there to act", () => {
    expect(badge()).toEqual({ state: "protected", pid: 7, heartbeatAgeMs: 900, reasons: [] });
  });

  it.each<[state: string, when: string, over: Partial<BadgeFacts>, why: RegExp]>([
    ["unprotected", "nobody guards", { lease: undefined }, /nobody guards/],
    ["unprotected", "there is no protection", { protections: [] }, /no live stop/],
    ["unprotected", "it is of another market", { symbol: "ETHUSDT" as typeof symbol }, /no live stop/],
    ["unprotected", "it has ended", { protections: [{ ...protectionSample(), state: "ended" }] }, /no live stop/],
    ["unprotected", "the only stop asks", { protections: [withLeg({ state: "asking" })] }, /waits for your answer/],
    [
      "unprotected",
      "the only stop is recovering",
      { protections: [withLeg({ state: "recovering" })] },
      /once the price/,
    ],
    [
      "degraded",
      "nobody knows what became of its exit",
      withExit("unknown"),
      /the outcome of its exit x-1 is not proven: no look/,
    ],
    ["degraded", "its exit is under way", withExit("submitted"), /not proven/],
    ["degraded", "its exit was refused", withExit("rejected"), /the last exit of sl was refused: no look/],
    ["degraded", "its exit never left", withExit("denied"), /was refused/],
    ["protected", "its exit sold a part and ended", withExit("cancelled"), /^$/],
    ["unprotected", "there is only a time", withRule({ kind: "time-stop", at: NOW + 1 }), /no live stop/],
    [
      "unprotected",
      "there is only a target",
      withRule({ kind: "take-profit", triggerPrice: price("1"), share: ratio("1") }),
      /no live stop/,
    ],
    [
      "unprotected",
      "a trail waits for its activation",
      withRule({ ...TRAIL, activationPrice: price("9") }),
      /no live stop/,
    ],
    [
      "degraded",
      "another order holds the base",
      { sellable: quantity("0.0005"), holders: [held("0.0015", "web-1", "foreign-sale")] },
      /0.0015 of it cannot be sold: held by web-1, which a stop does not cancel$/,
    ],
    [
      "unprotected",
      "another order holds all of the base",
      { sellable: quantity("0"), holders: [held("0.002", "td-9", "sale")] },
      /all of it cannot be sold: held by td-9, which a stop does not cancel; a stop armed with --oco td-9/,
    ],
    [
      "unprotected",
      "what it could sell at its level is below the least order",
      {
        quantity: quantity("0.00001"),
        covered: () => quantity("0.00001"),
        protections: [withLeg({ rule: { kind: "stop-loss", triggerPrice: price("60000") } })],
      },
      /too little: worth 0.6 USDT/,
    ],
    [
      "unprotected",
      "what other orders leave is below the least order",
      { sellable: quantity("0.00001"), holders: [held("0.00199", "td-9", "sale")] },
      /too little: worth 0.6 USDT/,
    ],
    ["degraded", "it stands for a part", { quantity: quantity("0.005") }, /stands for 0.002 of 0.005/],
    ["degraded", "the market is not watched", { lease: { ...LEASE, markets: {} } }, /not watched/],
    ["degraded", "trading is halted", { tradingState: { kind: "halted", reason: "panic" } }, /halted: panic/],
    [
      "degraded",
      "its exit is blocked",
      { protections: [withLeg({ state: "exiting", blocked: { code: "X", message: "base is locked" } })] },
      /cannot sell: base is locked/,
    ],
  ])("is %s when %s", (state, _when, over, why) => {
    const found = badge(over);
    expect(found.state).toBe(state);
    expect(found.reasons.join("; ")).toMatch(why);
  });

  it.each<[string, Partial<ProtectionLeg>]>([
    ["a trail from the start", { rule: TRAIL }],
    ["a trail that was activated", { rule: { ...TRAIL, activationPrice: price("9") }, highest: price("65000") }],
    ["a stop that is selling", { state: "exiting" }],
  ])("counts %s as a stop", (_what, change) => {
    expect(badge({ protections: [withLeg(change)] }).state).toBe("protected");
  });
});

describe("another machine guards", () => {
  const elsewhere = { deviceId: "d2", host: "laptop", seenAt: NOW - 5_000, isLetGo: false };

  it("is degraded while it is heard of: this one cannot see what that one watches", () => {
    expect(badge({ lease: undefined, elsewhere })).toMatchObject({
      state: "degraded",
      reasons: [expect.stringContaining("the machine laptop guards it")],
    });
  });

  it.each([{ seenAt: NOW - 61_000 }, { isLetGo: true }])("is unprotected when nobody may be there: %j", (change) => {
    expect(badge({ lease: undefined, elsewhere: { ...elsewhere, ...change } }).state).toBe("unprotected");
  });
});
