import { expect, it } from "vitest";
import { planProtection } from "../../../../src/core/domain/arming/plan-protection.ts";
import type { WantedProtection } from "../../../../src/core/domain/arming/wanted-protection.ts";
import { clientOrderId } from "../../../../src/core/domain/identifiers.ts";
import { price, quantity, subtract, ZERO_QUANTITY } from "../../../../src/core/domain/money.ts";
import type { Order } from "../../../../src/core/domain/order.ts";
import { DEFAULT_CONFIRMATION } from "../../../../src/core/domain/protection.ts";
import { createScene } from "../guarding/guard-scene.ts";

const SALE = clientOrderId("td-sale");

/** 1 BTC, of which a resting sale holds a part. */
function hindrancesOf(locked: string, wanted: Partial<WantedProtection>, over: Partial<Order> = {}) {
  const scene = createScene({ free: "1" });
  if (locked !== "0") {
    scene.place(SALE, { side: "sell" }, locked, "70000");
    scene.balance(subtract(quantity("1"), quantity(locked)), locked);
  }
  const orders = new Map([...scene.ledger.orders].map(([id, order]) => [id, { ...order, ...over }]));
  const plan = planProtection(
    {
      symbol: scene.instrument.symbol,
      exits: { takeProfits: [], stopLoss: { kind: "fixed", price: price("60000") } },
      exit: { kind: "market" },
      trigger: "last",
      confirmation: DEFAULT_CONFIRMATION,
      isAll: true,
      ...wanted,
    },
    {
      instrument: scene.instrument,
      ledger: { ...scene.ledger, orders, protections: new Map() },
      balancesKnown: true,
      fills: [],
      bid: price("65000"),
      averageCost: undefined,
      position: ZERO_QUANTITY,
      protectionId: "p1",
      now: scene.now,
    },
  );
  if (plan.kind === "denied") throw new Error(plan.denials.map(({ message }) => message).join(" "));
  return plan.hindrances.map(({ message, hint }) => `${message} ${hint}`);
}

it.each<[string, string, Partial<WantedProtection>]>([
  ["nothing is locked", "0", {}],
  ["what is free is enough", "0.6", { quantity: quantity("0.4") }],
  ["the sale is linked to it", "1", { linkedId: SALE }],
])("says nothing when %s", (_, locked, wanted) => {
  expect(hindrancesOf(locked, wanted)).toEqual([]);
});

it.each<[string, string, Partial<WantedProtection>, RegExp]>([
  ["all of it is locked", "1", {}, /^None of the 1 BTC can be sold .* held by the sale td-sale\. .*--oco td-sale/],
  ["a part is locked", "0.6", {}, /^0.6 of the 1 BTC cannot be sold .* 0.6 BTC held by the sale td-sale/],
  ["the free part is too small for it", "0.6", { quantity: quantity("0.5") }, /^0.1 of the 0.5 BTC cannot/],
])("says what could not be sold, and how it could, when %s", (_, locked, wanted, says) => {
  expect(hindrancesOf(locked, wanted)).toEqual([expect.stringMatching(says)]);
});

it("sends to whoever placed the order when it was placed elsewhere", () => {
  const [said] = hindrancesOf("1", {}, { origin: "foreign" });
  expect(said).toContain("placed elsewhere");
  expect(said).toContain("tapedeck order adopt td-sale");
});
