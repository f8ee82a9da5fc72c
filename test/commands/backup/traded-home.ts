import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { REAL_SERVICES } from "../../../src/commands/services.ts";
import { ACCOUNT, fixedClock, intentBatch, MIGRATIONS, testGuard, testIds } from "../../adapters/storage/samples.ts";
import type { FakeIoOptions } from "../fake-io.ts";
import { runLine } from "../run-line.ts";

/** A home with orders in its database, and the program's own backups of it. */
export function tradedHome(config?: string) {
  const path = mkdtempSync(join(tmpdir(), "tapedeck-backup-home-"));
  const database = join(path, "data", "console.db");
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true });
  });
  if (config !== undefined) {
    mkdirSync(join(path, "config"), { mode: 0o700 });
    writeFileSync(join(path, "config", "config.toml"), config, { mode: 0o600 });
  }
  const open = (file = database) =>
    openStorage({ file, migrationsFolder: MIGRATIONS, clock: fixedClock(), ids: testIds(), guard: testGuard() });
  const trade = (id: string) => {
    const storage = open();
    storage.forAccount(ACCOUNT).journal.commit(intentBatch(id));
    storage.close();
  };
  trade("td-1");
  return {
    path,
    database,
    backups: join(path, "data", "backups"),
    open,
    trade,
    /** The orders of a database, by their ids. */
    orders(file = database) {
      const storage = open(file);
      const ids = storage.allOrders({}).map(({ order }) => order.clientOrderId);
      storage.close();
      return ids.sort();
    },
    run: (line: string, options: FakeIoOptions = {}) =>
      runLine(line.split(" "), undefined, {
        ...options,
        env: { TAPEDECK_HOME: path, ...options.env },
        services: { openBackups: REAL_SERVICES.openBackups },
      }),
  };
}

export type TradedHome = ReturnType<typeof tradedHome>;
