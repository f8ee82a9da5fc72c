import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { createApp } from "../../../src/app/create-app.ts";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { batchOf, MIGRATIONS, sampleOrder, testGuard, testIds } from "../../adapters/storage/samples.ts";
import { useSimulator } from "../on-simulator.ts";
import { runLine } from "../run-line.ts";

const there = useSimulator();
const ID = "td-lost";
/** A process that lives and is not this one. */
const OTHER = process.ppid;

/** An order whose answer was lost a moment ago: the exchange could still take it, so that nothing is proven. */
async function leaveUnknown(): Promise<void> {
  await there.line("order", "ls");
  const clock = createSystemClock();
  const storage = openStorage({
    file: join(there.home, "data", "console.db"),
    migrationsFolder: MIGRATIONS,
    clock,
    ids: testIds(),
    guard: testGuard(),
  });
  const [owner] = storage.accounts();
  if (owner === undefined) throw new Error("the first command left no account");
  const at = clock.now();
  const reason = { code: "TIMED_OUT", message: "no answer" };
  const order = sampleOrder({ state: "unknown", createdAt: at, updatedAt: at, reason }, ID);
  const event = { type: "order-outcome-unknown", clientOrderId: clientOrderId(ID), reason } as const;
  storage.forAccount(owner).journal.commit(batchOf({ at, events: [event], orders: [order] }));
  storage.close();
}

/** What a console tells that asks for the order. */
function tellAsked(againInMs: number): void {
  const folder = join(there.home, "state", "looks");
  mkdirSync(folder, { recursive: true });
  const look = { askedAt: Date.now() - 3_000, isAnswered: true, againAt: Date.now() + againInMs };
  writeFileSync(join(folder, `${OTHER}.json`), JSON.stringify({ [ID]: look }));
}

const table = async (...argv: readonly string[]) =>
  (await runLine([...argv, "-o", "table"], undefined, { env: there.env(), services: { createApp } })).out;

it("says of an unknown order that this command asked, and that nobody goes on, or who does", async () => {
  await leaveUnknown();
  expect(await table("order", "ls", "--stored")).toContain("nobody asks for it; `tapedeck reconcile` does");
  expect(await table("order", "ls")).toMatch(/unknown .*asked \d+ s ago, and nobody asks again; `tapedeck reconcile`/);
  expect(await table("order", "show", ID)).toMatch(/proof +asked \d+ s ago, and nobody asks again/);
  tellAsked(60_000);
  expect(await table("order", "show", ID)).toMatch(
    new RegExp(`proof +asked \\d+ s ago, again in \\d+ s by process ${OTHER}`),
  );
  expect((await there.line("order", "ls")).objects()).toMatchObject([
    { orders: [{ state: "unknown", asked: { answered: true, pid: OTHER, againAt: expect.any(String) } }] },
  ]);
  // What was announced long ago and never came is nobody's word any more.
  tellAsked(-40_000);
  expect(await table("order", "ls", "--stored")).toContain("nobody asks again");
});

it("says nothing of the kind of an order that is proven", async () => {
  await there.line("order", "place", "buy", "BTCUSDT", "0.001", "@", "20000", "--client-id", "mine-1");
  expect(await table("order", "ls")).not.toMatch(/PROOF|asks/);
  expect((await there.line("order", "show", "mine-1")).objects()).toMatchObject([{ state: "open", asked: null }]);
});
