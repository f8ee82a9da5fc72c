import { join } from "node:path";
import { expect, it } from "vitest";
import { REAL_SERVICES } from "../../../src/commands/services.ts";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { clientOrderId, orderId } from "../../../src/core/domain/identifiers.ts";
import { batchOf, MIGRATIONS, sampleOrder, testGuard, testIds } from "../../adapters/storage/samples.ts";
import { createClient } from "../../simulator/server/signed-client.ts";
import { useSimulator } from "../on-simulator.ts";
import { runLine } from "../run-line.ts";

const there = useSimulator();
const { line } = there;
const DAY_MS = 24 * 3_600_000;
const GONE = "td-gone";
const REASON = ["--reason", "support: no record of it"];

/** Leaves in the database what a console that has been here for long leaves: an order that vanished days ago. */
async function seedVanished(daysAgo: number): Promise<void> {
  await line("order", "ls");
  const clock = createSystemClock();
  const ids = testIds();
  const storage = openStorage({
    file: join(there.home, "data", "console.db"),
    migrationsFolder: MIGRATIONS,
    clock,
    ids,
    guard: testGuard(),
  });
  const [owner] = storage.accounts();
  if (owner === undefined) throw new Error("the first command left no account");
  const at = Date.now() - daysAgo * DAY_MS;
  const reason = { code: "ORDER_VANISHED", message: "The exchange acknowledged it and now shows no trace of it." };
  const order = sampleOrder(
    { state: "unknown", orderId: orderId("C02__999"), createdAt: at, updatedAt: at + 3_600_000, reason },
    GONE,
  );
  const event = { type: "order-vanished", clientOrderId: clientOrderId(GONE), reason } as const;
  storage.forAccount(owner).journal.commit(batchOf({ at, events: [event], orders: [order] }));
  storage.close();
}

it("ends what the exchange lost, after reconcile has named the command, and shows it as what it is", async () => {
  await seedVanished(9);
  const found = await line("reconcile");
  expect(found.code).toBe(9);
  expect(found.objects()).toMatchObject([
    { differences: [{ kind: "order-vanished", next: `tapedeck order write-off ${GONE} --reason TEXT --yes` }] },
  ]);
  const done = await line("order", "write-off", GONE, ...REASON, "--yes");
  expect([done.code, done.objects()]).toMatchObject([
    0,
    [{ state: "written-off", reason: { code: "WRITTEN_OFF", message: "support: no record of it" } }],
  ]);
  expect((await line("reconcile")).objects()).toMatchObject([{ clean: true, differences: [] }]);
  expect((await line("order", "ls", "--open")).objects()).toMatchObject([{ orders: [] }]);
  expect((await line("order", "show", GONE, "-o", "table")).out).toContain("written off — outcome never proven");
  const services = { openJournalBook: REAL_SERVICES.openJournalBook };
  const journal = await runLine(["journal", "ls", "--order", GONE], undefined, { env: there.env(), services });
  expect(journal.out).toContain('"byId":"not-found"');
  // Asking twice for the same is no failure.
  expect((await line("order", "write-off", GONE, ...REASON, "--yes")).code).toBe(0);
});

it("is refused while the exchange may still tell, without a reason, a yes, or an answer", async () => {
  await seedVanished(2);
  const early = await line("order", "write-off", GONE, ...REASON, "--yes");
  expect([early.code, early.errors()]).toMatchObject([1, [{ error: { code: "EVIDENCE_MAY_COME" } }]]);
  expect((await line("order", "write-off", GONE, "--yes")).code).toBe(2);
  const unconfirmed = await line("order", "write-off", GONE, ...REASON);
  expect([unconfirmed.code, unconfirmed.errors()]).toMatchObject([2, [{ error: { code: "CONFIRMATION_NEEDED" } }]]);
  await createClient(there.simulator).control("faults", { kind: "5xx", target: "any", count: 50 });
  expect((await line("order", "write-off", GONE, ...REASON, "--yes")).code).toBe(7);
  expect((await line("order", "ls", "--stored")).objects()).toMatchObject([{ orders: [{ state: "unknown" }] }]);
});

it("is refused for what the exchange shows", async () => {
  await line("order", "place", "buy", "BTCUSDT", "0.001", "@", "20000", "--client-id", "mine-1");
  const shown = await line("order", "write-off", "mine-1", ...REASON, "--yes");
  expect([shown.code, shown.errors()]).toMatchObject([1, [{ error: { code: "ORDER_SHOWN" } }]]);
});
