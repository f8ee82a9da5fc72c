import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Claim } from "../../../../src/core/domain/closing/claims.ts";
import { claimsOf } from "../../../../src/core/domain/closing/claims.ts";
import type { BeforeSale } from "../../../../src/core/domain/closing/protections-after-sale.ts";
import { coveredBase } from "../../../../src/core/domain/guarding/covered-base.ts";
import { asset, clientOrderId } from "../../../../src/core/domain/identifiers.ts";
import type { Quantity } from "../../../../src/core/domain/money.ts";
import { formatMoney, less, quantity, ZERO_QUANTITY } from "../../../../src/core/domain/money.ts";
import type { Order } from "../../../../src/core/domain/order.ts";
import type { Protection } from "../../../../src/core/domain/protection.ts";
import { BTCUSDT, NOW, orderSample, protectionSample } from "../samples.ts";

const CLOSE = clientOrderId("close");

function covering(protectionId: string, amount: string | Quantity, more: Partial<Protection> = {}): Protection {
  const of = typeof amount === "string" ? quantity(amount) : amount;
  return protectionSample({ protectionId, coverage: { kind: "quantity", quantity: of }, ...more });
}

function before(
  held: string | Quantity,
  protections: readonly Protection[],
  orders: readonly Order[] = [],
): BeforeSale {
  const free = typeof held === "string" ? quantity(held) : held;
  return {
    ...{ protections, instrument: BTCUSDT, fills: [], ending: new Set() },
    orders: new Map(orders.map((order) => [order.clientOrderId, order])),
    base: { asset: asset("BTC"), free, locked: ZERO_QUANTITY, at: NOW },
  };
}

/** What stays covered once the order has executed so much and ended. */
function leftAfter(scene: BeforeSale, claims: readonly Claim[], executed: Quantity): readonly Quantity[] {
  const order = orderSample({ clientOrderId: CLOSE, side: "sell", state: "cancelled", reportedQuantity: executed });
  return scene.protections.map((protection) => {
    const closes = claims
      .filter((claim) => claim.protection === protection)
      .map(({ takes }) => ({ ...takes, closeOrderId: CLOSE }));
    const orders = new Map(scene.orders).set(CLOSE, order);
    return coveredBase({ ...scene, orders, protection: { ...protection, closes } }).left ?? ZERO_QUANTITY;
  });
}

const words = (claims: readonly Claim[]) =>
  claims.map(({ protection, takes }) => [
    protection.protectionId,
    formatMoney(takes.after),
    formatMoney(takes.quantity),
  ]);

describe("what a close takes of the protections", () => {
  it.each<[string, string, readonly Protection[], string, readonly (readonly string[])[]]>([
    ["all of one", "1", [covering("a", "1")], "1", [["a", "0", "1"]]],
    ["all of one, though more is held", "3", [covering("a", "1")], "1", [["a", "0", "1"]]],
    ["what is covered last", "2", [covering("a", "1")], "2", [["a", "1", "1"]]],
    ["nothing of one that goes on covering what is there", "3", [covering("a", "2")], "1", []],
    ["of a part only what is not there any more", "1", [covering("a", "1")], "0.4", [["a", "0", "0.4"]]],
    [
      "the oldest first",
      "2",
      [covering("a", "1"), covering("b", "1")],
      "1.5",
      [
        ["a", "0", "1"],
        ["b", "1", "0.5"],
      ],
    ],
    [
      "every part of all that is held",
      "2",
      [protectionSample({ protectionId: "h", coverage: { kind: "holding" } })],
      "1.5",
      [["h", "0", "1.5"]],
    ],
  ])("%s", (_, held, protections, sold, claims) => {
    expect(words(claimsOf(before(held, protections), quantity(sold)))).toEqual(claims);
  });

  it("leaves what a resting sale of a protection holds to that one", () => {
    const linkedOrderId = clientOrderId("td-1");
    const size = { kind: "base", quantity: quantity("0.6") } as const;
    const none = { filledQuantity: ZERO_QUANTITY, reportedQuantity: ZERO_QUANTITY };
    const resting = orderSample({ clientOrderId: linkedOrderId, side: "sell", state: "open", size, ...none });
    const scene = before("1", [covering("oco", "0.6", { linkedOrderId })], [resting]);
    expect(claimsOf(scene, quantity("0.4"))).toEqual([]);
  });
});

it("leaves as much covered as there is, however much of it the order sells", () => {
  const amount = (count: number) => (BigInt(count) * 10n ** 16n) as Quantity;
  const story = fc.record({
    covers: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 3 }),
    beside: fc.nat(50),
    sold: fc.integer({ min: 1, max: 200 }),
    executed: fc.nat(200),
  });
  fc.assert(
    fc.property(story, ({ covers, beside, sold, executed }) => {
      const total = covers.reduce((sum, one) => sum + one, 0) + beside;
      const sells = Math.min(sold, total);
      const scene = before(
        amount(total),
        covers.map((one, index) => covering(`p${index}`, amount(one))),
      );
      const claims = claimsOf(scene, amount(sells));
      const claimed = claims.reduce((sum, { takes }) => sum + takes.quantity, 0n);
      expect(claimed <= amount(sells)).toBe(true);
      const did = Math.min(executed, sells);
      const left = leftAfter(scene, claims, amount(did)).reduce((sum, one) => sum + one, 0n);
      const there = less(amount(total), amount(did));
      // Never more than there is: a second sale would find nothing, or what was bought since.
      expect(left <= there).toBe(true);
      // And what the close did not sell of a protection is covered as before.
      const beyondUnclaimed = amount(did) - (amount(sells) - claimed);
      const covered = covers.reduce((sum, one) => sum + amount(one), 0n);
      expect(left).toBe(covered - (beyondUnclaimed > 0n ? beyondUnclaimed : 0n));
    }),
  );
});
