import { describe, expect, it } from "vitest";
import type { ClientOrderId } from "../../../../src/core/domain/identifiers.ts";
import { clientOrderId } from "../../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../../src/core/domain/order.ts";
import type { Coverage } from "../../../../src/core/domain/protection.ts";
import type { Scene } from "./guard-scene.ts";
import { createScene, sizeOf } from "./guard-scene.ts";

const covers = (amount: string): Coverage => ({ kind: "quantity", quantity: quantity(amount) });

/** The one commit of a person's close: what it takes of the protection, and its intent. */
function close(scene: Scene, amount: string, type: OrderDraft["type"] = "market", after = "0"): ClientOrderId {
  const closeOrderId = clientOrderId("close");
  const sale = { closeOrderId, after: quantity(after), quantity: quantity(amount) };
  scene.apply({ type: "close-attempted", protectionId: "p1", sale });
  return scene.place("close", { side: "sell", type }, amount, "66000");
}

describe.each<[string, Coverage]>([
  ["a quantity", covers("0.002")],
  ["all that is held", { kind: "holding" }],
])("a stop over %s whose position is being closed", (_, coverage) => {
  const closing = (type: OrderDraft["type"] = "market") => {
    const scene = createScene({ free: "0.002", protection: { coverage } });
    const id = close(scene, "0.002", type);
    scene.see("59999", "59999");
    return { scene, id };
  };

  it("sells nothing while the close may sell it, and cancels no order that ends by itself", () => {
    const { scene, id } = closing();
    expect(scene.next()).toEqual([]);
    expect(scene.leg("sl").state).toBe("exiting");
    scene.wait(6_000);
    expect(scene.next()).toEqual([{ kind: "prove", clientOrderId: id }]);
  });

  it("has nothing to do once the close has sold it, whatever the balance says and whatever is bought then", () => {
    const { scene, id } = closing();
    scene.wait(10);
    scene.fill(id, "0.002");
    scene.next();
    scene.wait(1);
    scene.balance("0");
    scene.next();
    expect(scene.protection()).toMatchObject({
      state: "ended",
      endedBecause: "the position was closed by order close",
    });
    scene.balance("1");
    scene.see("59000", "59000");
    expect(scene.next()).toEqual([]);
  });

  it("sells what the close did not: all of it, or the rest", () => {
    const refused = closing().scene;
    refused.end("close" as never);
    expect(sizeOf(refused.nextExit())).toBe(quantity("0.002"));

    const { scene, id } = closing();
    scene.wait(10);
    scene.fill(id, "0.0008");
    scene.end(id);
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.0012"));
  });

  it("takes a close that rests back first, like any sale that shares its base", () => {
    const { scene, id } = closing("limit");
    expect(scene.next()).toEqual([{ kind: "cancel", clientOrderId: id }]);
    scene.apply({ type: "cancel-intended", clientOrderId: id });
    scene.end(id);
    expect(sizeOf(scene.nextExit())).toBe(quantity("0.002"));
  });
});

it("counts of a close only what is beyond the base that nothing stood for", () => {
  const scene = createScene({ free: "0.005", protection: { coverage: covers("0.002") } });
  const closeOrderId = clientOrderId("close");
  const sale = { closeOrderId, after: quantity("0.003"), quantity: quantity("0.002") };
  scene.apply({ type: "close-attempted", protectionId: "p1", sale });
  const id = scene.place("close", { side: "sell", type: "market" }, "0.005", "66000");
  scene.wait(10);
  scene.fill(id, "0.004");
  scene.end(id);
  scene.wait(1);
  scene.balance("0.001");
  scene.see("59999", "59999");
  expect(sizeOf(scene.nextExit())).toBe(quantity("0.001"));
});
