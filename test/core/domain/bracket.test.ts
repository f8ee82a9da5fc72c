import { describe, expect, it } from "vitest";
import type { AskedPrice } from "../../../src/core/domain/asked-order.ts";
import { bracketProtection, planBracket } from "../../../src/core/domain/bracket.ts";
import type { AskedExits } from "../../../src/core/domain/exit-words.ts";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { price, ratio } from "../../../src/core/domain/money.ts";
import { BTCUSDT, limitBuy, NOW } from "./samples.ts";

const fixed = (text: string): AskedPrice => ({ kind: "fixed", price: price(text) });
const by = (text: string): AskedPrice => ({ kind: "relative", by: ratio(text) });
const half = (level: AskedPrice) => ({ level, share: ratio("0.5") });

describe("a bracket", () => {
  it("counts its levels from the limit, on the tick that sells sooner", () => {
    const draft = limitBuy({ limitPrice: price("64999.99") });
    const exits = { takeProfits: [half(by("0.03")), half(fixed("70000.005"))], stopLoss: by("-0.015") };
    expect(planBracket(exits, draft, BTCUSDT)).toMatchObject({
      kind: "bracket",
      offTick: [{ code: "LEVEL_OFF_TICK" }],
      hindrances: [],
      rules: [
        { legId: "sl", rule: { kind: "stop-loss", triggerPrice: price("64025") } },
        { legId: "tp1", rule: { kind: "take-profit", triggerPrice: price("66949.98"), share: ratio("0.5") } },
        { legId: "tp2", rule: { kind: "take-profit", triggerPrice: price("70000"), share: ratio("0.5") } },
      ],
    });
  });

  it("counts from the price seen where there is no limit", () => {
    const { limitPrice: _limit, ...rest } = limitBuy();
    const market = { ...rest, type: "market" } as const;
    expect(planBracket({ takeProfits: [], stopLoss: by("-0.01") }, market, BTCUSDT)).toMatchObject({
      rules: [{ rule: { triggerPrice: price("64350") } }],
    });
    const { seen: _seen, ...blind } = market;
    expect(planBracket({ takeProfits: [], stopLoss: by("-0.01") }, blind, BTCUSDT)).toMatchObject({
      kind: "impossible",
      why: "there is no entry price to count tp and sl from",
    });
  });

  it.each<[string, AskedExits, RegExp]>([
    [
      "a stop at the entry",
      { takeProfits: [], stopLoss: fixed("65000") },
      /a stop at 65000 USDT is not below the entry of 65000/,
    ],
    [
      "a take-profit below it",
      { takeProfits: [half(fixed("64000"))] },
      /a take-profit at 64000 USDT is not above the entry/,
    ],
    ["a stop nearer than a tick", { takeProfits: [], stopLoss: by("-0.00000001") }, /not below/],
    ["a take-profit nearer than a tick", { takeProfits: [half(by("0.00000001"))] }, /not above/],
  ])("refuses %s", (_what, exits, why) => {
    expect(planBracket(exits, limitBuy(), BTCUSDT)).toMatchObject({
      kind: "impossible",
      why: expect.stringMatching(why) as string,
    });
  });

  it("never becomes another level where no price can be, whoever rounds", () => {
    const exits = { takeProfits: [], stopLoss: fixed("0.000000001") };
    expect(planBracket(exits, limitBuy(), BTCUSDT)).toMatchObject({
      kind: "impossible",
      code: "LEVEL_BELOW_TICK",
      why: expect.stringContaining("0.01 USDT") as string,
    });
  });

  it("says which exit is too small to be sold at its level", () => {
    const exits = { takeProfits: [], stopLoss: fixed("5") };
    expect(planBracket(exits, limitBuy(), BTCUSDT)).toMatchObject({
      hindrances: [{ code: "STOP_TOO_SMALL", message: expect.stringContaining("worth 0.5 USDT") as string }],
    });
  });

  it("covers what its order fills", () => {
    const draft = { ...limitBuy(), clientOrderId: clientOrderId("td-9") };
    const planned = planBracket({ takeProfits: [], stopLoss: by("-0.01") }, draft, BTCUSDT);
    if (planned.kind === "impossible") throw new Error(planned.why);
    expect(bracketProtection(planned.rules, draft, { protectionId: "p-1", at: NOW })).toMatchObject({
      protectionId: "p-1",
      coverage: { kind: "entry", clientOrderId: "td-9" },
      legs: [{ legId: "sl", state: "live", attempts: [] }],
      entryPrice: price("65000"),
      state: "armed",
      version: 1,
    });
  });
});
