import { expect, it } from "vitest";
import { createClient } from "../../simulator/server/signed-client.ts";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator();

const { line } = there;

/** A resting buy far below the market, as the web would place it. */
async function placeElsewhere(more = ""): Promise<string> {
  const query = `symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.001&price=20000${more}`;
  const { body } = await createClient(there.simulator).signed("POST", "/order", query);
  return (body as { orderId: string }).orderId;
}
const onExchange = async () => {
  const { body } = await createClient(there.simulator).control("ledger");
  return (body as { orders: { orderId: string; status: string }[] }).orders;
};

it("finds, names, adopts and cancels an order that was placed elsewhere", async () => {
  const id = await placeElsewhere();
  const shown = await line("reconcile", "--dry-run");
  expect(shown.code).toBe(0);
  expect(shown.objects()).toMatchObject([{ differences: [{ kind: "foreign-seen", subject: `x-${id}` }] }]);
  expect((await line("order", "ls", "--stored")).objects()).toMatchObject([{ orders: [] }]);

  const settled = await line("reconcile");
  expect([settled.code, settled.objects()]).toMatchObject([
    0,
    [{ clean: true, differences: [{ outcome: "settled" }] }],
  ]);
  expect((await line("reconcile")).objects()).toMatchObject([{ clean: true, differences: [] }]);
  expect((await line("order", "ls")).objects()).toMatchObject([{ orders: [{ origin: "foreign", state: "open" }] }]);

  const kept = await line("order", "cancel", id);
  expect([kept.code, kept.errors()]).toMatchObject([1, [{ error: { code: "NOT_CONFIRMED" } }]]);
  expect(await onExchange()).toMatchObject([{ orderId: id, status: "NEW" }]);

  expect((await line("order", "adopt", id)).code).toBe(0);
  expect((await line("order", "ls")).objects()).toMatchObject([{ orders: [{ origin: "adopted" }] }]);
  const cancelled = await line("order", "cancel", id);
  expect([cancelled.code, cancelled.objects()]).toMatchObject([0, [{ state: "cancelled", origin: "adopted" }]]);
  expect(await onExchange()).toMatchObject([{ orderId: id, status: "CANCELED" }]);
});

it("calls for a person while a second order of one request stands, and is clean once it was cancelled", async () => {
  const client = createClient(there.simulator);
  await client.control("switches", { "duplicate-client-ids": "accept" });
  await client.control("faults", { kind: "duplicate", target: "order", count: 1 });
  const words = ["buy", "BTCUSDT", "0.001", "@", "39000", "--client-id", "mine-1"];
  expect((await line("order", "place", ...words)).code).toBe(0);
  const found = await line("reconcile");
  expect(found.code).toBe(9);
  const [told] = found.objects() as unknown as { differences: { kind: string; subject: string; next: string }[] }[];
  const second = told?.differences.find(({ kind }) => kind === "second-order");
  expect(second?.next).toBe(`tapedeck order cancel ${second?.subject} --yes`);
  expect((await line(...(second?.next ?? "").split(" ").slice(1))).code).toBe(0);
  expect((await line("reconcile")).code).toBe(0);
  expect((await onExchange()).map(({ status }) => status).toSorted()).toEqual(["CANCELED", "NEW"]);
});

it("proves an outcome that nobody heard, and ends with 7 when the exchange is away", async () => {
  const client = createClient(there.simulator);
  expect((await line("order", "ls")).code).toBe(0);
  await client.control("faults", { kind: "lost-response", target: "order", count: 1 });
  const placed = await line("order", "place", "buy", "BTCUSDT", "0.001", "@", "39000", "--client-id", "mine-1");
  expect(placed.code).toBe(0);
  const settled = await line("reconcile");
  expect([settled.code, settled.objects()]).toMatchObject([0, [{ clean: true }]]);
  await client.control("faults", { kind: "5xx", target: "any", count: 50 });
  expect((await line("reconcile")).code).toBe(7);
});
