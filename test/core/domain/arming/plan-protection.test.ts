import { describe, expect, it } from "vitest";
import { planProtection } from "../../../../src/core/domain/arming/plan-protection.ts";
import type { WantedProtection } from "../../../../src/core/domain/arming/wanted-protection.ts";
import { notional, price, quantity, ratio, ZERO_QUANTITY } from "../../../../src/core/domain/money.ts";
import { DEFAULT_CONFIRMATION } from "../../../../src/core/domain/protection.ts";
import { createScene } from "../guarding/guard-scene.ts";

const fixed = (text: string) => ({ kind: "fixed", price: price(text) }) as const;
const STOP = { takeProfits: [], stopLoss: fixed("60000") };

/** 1 BTC is held, the price is 65000; of a buy the exchange may have told more than we hold fills of. */
function planOf(wanted: Partial<WantedProtection>, { position = "0", bid = "65000", told = "0" } = {}) {
  const scene = createScene({
    free: "1",
    instrument: { minNotional: notional("5"), minNotionalMarket: notional("5") },
  });
  if (told !== "0") scene.place("buy", { side: "buy" }, "1", "65000");
  const orders = new Map(
    [...scene.ledger.orders].map(([id, order]) => [id, { ...order, reportedQuantity: quantity(told) }]),
  );
  return planProtection(
    {
      ...{ symbol: scene.instrument.symbol, exits: STOP, exit: { kind: "market" } },
      ...{ trigger: "last", confirmation: DEFAULT_CONFIRMATION, ...wanted },
    },
    {
      ...{
        instrument: scene.instrument,
        ledger: { ...scene.ledger, orders, protections: new Map() },
        balancesKnown: true,
      },
      ...{ fills: [], bid: price(bid), averageCost: undefined, position: quantity(position), protectionId: "p1" },
      now: scene.now,
    },
  );
}

const codesOf = (plan: ReturnType<typeof planOf>) =>
  plan.kind === "denied" ? plan.denials.map(({ code }) => code) : plan.hindrances.map(({ code }) => code);

describe("what is covered when no quantity is named", () => {
  it("is the position to the last digit, and what stays outside is told", () => {
    expect(planOf({}, { position: "0.01005" })).toMatchObject({
      protection: { coverage: { kind: "quantity", quantity: quantity("0.01005") } },
      scope: {
        of: "position",
        covers: quantity("0.01005"),
        position: quantity("0.01005"),
        held: quantity("1"),
        outside: quantity("0.98995"),
      },
    });
  });

  it("is never more than is held, as base may have been withdrawn", () => {
    expect(planOf({}, { position: "3" })).toMatchObject({
      protection: { coverage: { quantity: quantity("1") } },
      scope: { outside: ZERO_QUANTITY },
    });
  });

  it("is nothing where nothing was bought here, and the words that cover it are named", () => {
    const plan = planOf({}, { position: "0" });
    expect(plan).toMatchObject({ denials: [{ code: "NO_POSITION", hint: expect.stringContaining("--quantity") }] });
    expect(plan).toMatchObject({ denials: [{ message: expect.stringContaining("1 BTC") }] });
  });

  it("is told to be less than was bought while fills are missing; a number that was named depends on none", () => {
    const known = { position: "0.01", told: "0.02" };
    expect(planOf({}, known)).toMatchObject({
      hindrances: [{ code: "FILLS_MISSING", message: expect.stringMatching(/0\.02 BTC of order buy/) }],
    });
    expect(codesOf(planOf({ quantity: quantity("0.01") }, known))).toEqual([]);
    expect(codesOf(planOf({ isAll: true }, known))).toEqual([]);
  });

  it("is everything with --all, and what was named with a quantity", () => {
    expect(planOf({ isAll: true })).toMatchObject({
      protection: { coverage: { kind: "holding" } },
      scope: { of: "all", covers: quantity("1"), outside: ZERO_QUANTITY },
    });
    expect(planOf({ quantity: quantity("0.4") }, { position: "0.1" })).toMatchObject({
      protection: { coverage: { kind: "quantity", quantity: quantity("0.4") } },
      scope: { of: "quantity", covers: quantity("0.4"), outside: quantity("0.6") },
    });
  });
});

describe("a level", () => {
  const stopAt = (text: string) => planOf({ isAll: true, exits: { takeProfits: [], stopLoss: fixed(text) } });

  it("below the tick is refused with the tick, never moved up to it", () => {
    const plan = stopAt("0.000000001");
    expect(codesOf(plan)).toEqual(["LEVEL_BELOW_TICK"]);
    expect(plan).toMatchObject({ denials: [{ message: expect.stringContaining("0.01 USDT") }] });
  });

  it("off the tick is refused with its neighbours", () => {
    const plan = stopAt("60000.005");
    expect(codesOf(plan)).toEqual(["LEVEL_OFF_TICK"]);
    expect(plan).toMatchObject({ denials: [{ hint: expect.stringContaining("60000 or 60000.01") }] });
    const target = { takeProfits: [{ level: fixed("70000.001"), share: ratio("1") }] };
    expect(codesOf(planOf({ isAll: true, exits: target }))).toEqual(["LEVEL_OFF_TICK"]);
    expect(codesOf(planOf({ isAll: true, breakEven: fixed("70000.001") }))).toContain("LEVEL_OFF_TICK");
  });

  it("that is a distance may be rounded, as nobody typed it", () => {
    const exits = { takeProfits: [], stopLoss: { kind: "relative", by: ratio("-0.0123456789") } } as const;
    expect(codesOf(planOf({ isAll: true, exits }))).toEqual([]);
  });

  it("of a trailing stop that could never be reached is refused", () => {
    const trail = { distance: { kind: "price", price: price("64999.995") } } as const;
    expect(codesOf(planOf({ isAll: true, exits: { takeProfits: [] }, trail }))).toEqual(["LEVEL_BELOW_TICK"]);
  });
});

describe("an exit below the least order at its own level", () => {
  it("is said of a stop: it may be armed, and would not sell", () => {
    const exits = { takeProfits: [], stopLoss: fixed("10") };
    const plan = planOf({ quantity: quantity("0.1"), exits });
    expect(codesOf(plan)).toEqual(["STOP_TOO_SMALL"]);
    expect(plan).toMatchObject({
      hindrances: [{ message: expect.stringMatching(/sl .* 0\.1 BTC.*worth 1 USDT, below the least of 5 USDT/) }],
    });
  });

  it("is said of one rung of a ladder, by its own share", () => {
    const rung = (level: string, share: string) => ({ level: fixed(level), share: ratio(share) });
    const exits = { takeProfits: [rung("70000", "0.01"), rung("80000", "0.99")] };
    expect(codesOf(planOf({ quantity: quantity("0.001"), exits }))).toEqual(["TARGET_TOO_SMALL"]);
  });

  it("is judged at what a limit exit would ask", () => {
    const exits = { takeProfits: [], stopLoss: fixed("51") };
    expect(codesOf(planOf({ quantity: quantity("0.1"), exits }))).toEqual([]);
    expect(
      codesOf(planOf({ quantity: quantity("0.1"), exits, exit: { kind: "limit", offset: ratio("0.1") } })),
    ).toEqual(["STOP_TOO_SMALL"]);
  });
});
