import Database from "better-sqlite3";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleFixture } from "./bundle-fixture.ts";
import { ACCOUNT, MIGRATIONS, temporaryHome } from "./samples.ts";
import type { TestHome } from "./samples.ts";

const ROUNDS = 5;

let home: TestHome;
let writer: string;
beforeEach(() => {
  home = temporaryHome();
  writer = bundleFixture("commit-until-killed.ts", home.folder);
});
afterEach(() => {
  home.remove();
});

/** Starts a writer, kills it with SIGKILL once it has acknowledged so many commits, and returns every id it named. */
async function killAfter(name: string, acknowledged: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [writer, MIGRATIONS, home.file, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("exit", (_code, signal) => {
      resolve(signal);
    });
  });
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === acknowledged) child.kill("SIGKILL");
  }
  expect(await exited).toBe("SIGKILL");
  return ids;
}

test("what was acknowledged before a kill -9 is in the file, whole, with two processes writing", async () => {
  const seed = Date.now() % 1000;
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const both = [0, 1].map((at) => killAfter(`r${round}w${at}`, 5 + ((seed + round * 37 + at * 11) % 60)));
    acknowledged.push(...(await Promise.all(both)).flat());
  }
  const storage = home.open();
  const { journal, orders } = storage.forAccount(ACCOUNT);
  const inOrders = new Set<string>(orders.list({}).map((order) => order.clientOrderId));
  expect(
    acknowledged.filter((id) => !inOrders.has(id)),
    `seed ${seed}`,
  ).toEqual([]);
  // Each commit is there as a whole: the event, the intent and the order, and no gap in the numbers.
  const events = journal.latest(1_000_000);
  const database = new Database(home.file, { readonly: true });
  const intents = database.prepare("SELECT client_order_id FROM intents").pluck().all() as string[];
  database.close();
  expect(new Set(intents)).toEqual(inOrders);
  expect(events.map((event) => event.sequence)).toEqual(Array.from(inOrders, (_id, at) => inOrders.size - at));
  expect(storage.checkIntegrity()).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(2 * ROUNDS * 5);
}, 20_000);
