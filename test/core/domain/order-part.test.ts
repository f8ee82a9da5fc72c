import { expect, it } from "vitest";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import { partOf } from "../../../src/core/domain/order-part.ts";
import { NOW, protectionSample } from "./samples.ts";

const id = clientOrderId("td-1");

it("names what an order is to a protection: its entry, the sale beside it, an exit, or nothing", () => {
  const [leg] = protectionSample().legs;
  if (leg === undefined) throw new Error("the sample has no leg");
  const attempt = { exitOrderId: id, quantity: quantity("0.002"), observedPrice: price("59990"), at: NOW };
  const entry = protectionSample({ coverage: { kind: "entry", clientOrderId: id } });
  const exits = protectionSample({ legs: [{ ...leg, state: "exiting", attempts: [attempt] }] });
  expect(partOf(id, [entry])).toMatchObject({ kind: "entry" });
  expect(partOf(id, [protectionSample({ linkedOrderId: id })])).toMatchObject({ kind: "linked" });
  expect(partOf(id, [protectionSample(), exits])).toMatchObject({ kind: "exit", leg: { legId: "sl" } });
  expect(partOf(id, [protectionSample()])).toBeUndefined();
});
