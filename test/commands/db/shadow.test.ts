import BetterSqlite from "better-sqlite3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { openSyncing } from "../../../src/app/compose/open-syncing.ts";
import { ACCOUNT, MIGRATIONS, batchOf, sampleFill, testGuard, testIds } from "../../adapters/storage/samples.ts";
import type { OwnRemote } from "../../remotes/remotes.ts";
import { openRemote } from "../../remotes/remotes.ts";
import { runLine } from "../run-line.ts";

/** Two hundred thousand with SHADOW_ROWS=200000. */
const ROWS = Number(process.env["SHADOW_ROWS"] ?? 4_000);

let home: string;
let remote: OwnRemote;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "tapedeck-shadow-"));
  remote = await openRemote("sqlite");
  const storage = openStorage({
    file: databaseFile(),
    migrationsFolder: MIGRATIONS,
    clock: createSystemClock(),
    ids: testIds(),
    guard: testGuard(),
  });
  const { journal } = storage.forAccount(ACCOUNT);
  for (let from = 0; from < ROWS; from += 1_000) {
    const fills = Array.from({ length: Math.min(1_000, ROWS - from) }, (_, at) => sampleFill(`t${String(from + at)}`));
    journal.commit(batchOf({ fills }));
  }
  storage.close();
});
afterEach(async () => {
  await remote.close();
  rmSync(home, { recursive: true, force: true });
});

const databaseFile = () => join(home, "data", "console.db");
const db = (line: string) =>
  runLine([...line.split(" "), "--json"], undefined, {
    env: { TAPEDECK_HOME: home, TURSO_DATABASE_URL: remote.url, TURSO_AUTH_TOKEN: remote.token },
    services: { openSyncing: (options) => Promise.resolve(openSyncing(options)) },
  });

/** Does to the remote's file what nobody should. */
function spoil(sql: string): void {
  const file = new BetterSqlite(remote.file);
  file.exec(sql);
  file.close();
}
const keyOf = (trade: string) => `demo:mx0test:BTCUSDT:${trade}`;

function auditTypes(): readonly string[] {
  const reader = new BetterSqlite(databaseFile(), { readonly: true });
  const types = reader
    .prepare<[], string>("SELECT type FROM journal WHERE account_id = 'program' ORDER BY sequence")
    .pluck();
  const told = types.all();
  reader.close();
  return told;
}

test("a shadow finds a row that is gone, one too many, and a value that was changed in place", async () => {
  const entered = await db("db shadow on --yes");
  expect(entered.code, entered.err).toBe(0);
  expect(entered.objects().at(-1)).toMatchObject({ schema: "tapedeck.shadow/1", storageMode: "shadow", cleanInRow: 0 });
  const clean = await db("db shadow verify");
  expect(clean.code, clean.err).toBe(0);
  expect(clean.objects()[0]).toMatchObject({ kind: "fast", differences: 0, findings: [] });
  expect((await db("db shadow verify --deep")).objects()[0]).toMatchObject({ kind: "deep", differences: 0 });

  spoil(`DELETE FROM fills WHERE trade_id = 't7'`);
  spoil(`INSERT INTO fills SELECT 'demo:mx0test:BTCUSDT:extra' AS key, account_id, mode, 'extra', order_id, client_order_id,
    symbol, side, price, quantity, notional, fee_asset, fee_quantity, liquidity, at, _hlc, _del, _h + 1, _dev, _rev
    FROM fills WHERE trade_id = 't8'`);
  spoil(`UPDATE fills SET price = '65000.13' WHERE trade_id = 't9'`);
  const fast = await db("db shadow verify");
  expect(fast.code).toBe(9);
  expect(fast.objects()[0]).toMatchObject({ differences: 2 });
  expect(fast.out).toContain(`"kind":"missing"`);
  const deep = await db("db shadow verify --deep");
  expect(deep.code).toBe(9);
  const { findings } = deep.objects()[0] as { findings: readonly { kind: string; key: string }[] };
  expect(new Set(findings.map(({ kind, key }) => `${kind} ${key}`))).toEqual(
    new Set([`missing ${keyOf("t7")}`, `altered-there ${keyOf("extra")}`, `altered-there ${keyOf("t9")}`]),
  );
  expect((await db("db shadow status")).objects()[0]).toMatchObject({ storageMode: "shadow", cleanInRow: 0 });
});

test("the cut-over names each gate that does not hold, and nothing changes", async () => {
  expect((await db("db shadow on --yes")).code).toBe(0);
  expect((await db("db shadow verify --deep")).code).toBe(0);
  const plan = await db("db cutover plan");
  expect(plan.code).toBe(9);
  const { gates } = plan.objects()[0] as { gates: readonly { name: string; passed: boolean }[] };
  expect(gates.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(["clean-verifications", "backup"]);
  const refused = await db("db cutover run --yes");
  expect(refused.code).toBe(5);
  expect(`${refused.out}${refused.err}`).toMatch(/CUTOVER_REFUSED.*clean-verifications.*backup/s);
  expect((await db("db shadow status")).objects()[0]).toMatchObject({ storageMode: "shadow", cleanInRow: 1 });
  const back = await db("db cutover rollback --yes");
  expect(back.objects()[0]).toMatchObject({ storageMode: "local" });
  expect((await db("db cutover rollback --yes")).code).toBe(5);
  expect(auditTypes()).toEqual(["storage-mode-changed", "shadow-verified", "storage-mode-changed"]);
});

test("each step needs a person's word", async () => {
  expect((await db("db shadow on")).code).toBe(2);
  expect((await db("db cutover run")).code).toBe(2);
  expect((await db("db shadow sideways")).code).toBe(2);
});
