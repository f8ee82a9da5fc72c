import Database from "better-sqlite3";
import { statSync } from "node:fs";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { createIdSource } from "../../../src/adapters/system/id-source.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { ACCOUNT, MIGRATIONS, intentBatch, testGuard } from "../../adapters/storage/samples.ts";
import { createBareOrder } from "./bare-order.ts";

/** SQLite's file format: the log's head, and before each page its frame's. */
const LOG_HEAD_BYTES = 32;
const FRAME_BYTES = 4096 + 24;

/** How many pages one intent's commit writes into the log of files that a run has filled. */
export function countCommitPages(files: { readonly console: string; readonly bare: string }) {
  for (const file of [files.console, files.bare]) emptyLog(file);
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const storage = openStorage({ file: files.console, migrationsFolder: MIGRATIONS, clock, ids, guard: testGuard() });
  const { journal } = storage.forAccount(ACCOUNT);
  const bare = createBareOrder(files.bare, "http://127.0.0.1:9");
  try {
    return {
      tapedeck: grownBy(files.console, () => journal.commit(intentBatch(ids.clientOrderId()))),
      bare: grownBy(files.bare, () => {
        bare.save(ids.clientOrderId());
      }),
    };
  } finally {
    storage.close();
    bare.close();
  }
}

function emptyLog(file: string): void {
  const client = new Database(file);
  client.pragma("wal_checkpoint(TRUNCATE)");
  client.close();
}

/** Nobody else holds the file, so its log begins with this commit. */
function grownBy(file: string, commit: () => void): number {
  commit();
  return (statSync(`${file}-wal`).size - LOG_HEAD_BYTES) / FRAME_BYTES;
}
