import { expect, it } from "vitest";
import { planProtection } from "../../../../src/core/domain/arming/plan-protection.ts";
import { price, quantity, ZERO_QUANTITY } from "../../../../src/core/domain/money.ts";
import { DEFAULT_CONFIRMATION } from "../../../../src/core/domain/protection.ts";
import { createScene, sizeOf } from "./guard-scene.ts";

it("sells all that a sale still offers that had filled in part before it was linked", () => {
  const asked = createScene({ free: "0" });
  asked.balance("0", "0.006");
  const before = asked.place("target", { side: "sell" }, "0.01", "70000");
  asked.fill(before, "0.004", "70000");
  const plan = planProtection(
    {
      symbol: asked.instrument.symbol,
      linkedId: before,
      exits: { takeProfits: [], stopLoss: { kind: "fixed", price: price("60000") } },
      exit: { kind: "market" },
      trigger: "last",
      confirmation: DEFAULT_CONFIRMATION,
    },
    {
      instrument: asked.instrument,
      ledger: { ...asked.ledger, protections: new Map() },
      balancesKnown: true,
      fills: [...asked.ledger.fills.values()],
      bid: price("65000"),
      averageCost: undefined,
      position: ZERO_QUANTITY,
      protectionId: "p1",
      now: asked.now,
    },
  );
  if (plan.kind === "denied") throw new Error(plan.denials.map(({ message }) => message).join(" "));
  const scene = createScene({ protection: plan.protection, free: "0" });
  const linked = scene.place("target", { side: "sell" }, "0.01", "70000");
  scene.fill(linked, "0.004", "70000");
  scene.balance("0", "0.006");
  scene.see("59999", "59999");
  expect(scene.next()).toEqual([{ kind: "cancel", clientOrderId: linked }]);
  scene.apply({ type: "cancel-intended", clientOrderId: linked });
  scene.end(linked);
  expect(sizeOf(scene.nextExit())).toBe(quantity("0.006"));
});
