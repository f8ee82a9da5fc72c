import Database from "better-sqlite3";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { createRandom } from "../../sim/seeded-random.ts";
import { bundleFixture } from "../storage/bundle-fixture.ts";
import { makeBackupHome, runOf } from "./backup-home.ts";

const ROUNDS = 15;
const SEED = Number(process.env["KILL_SEED"] ?? Date.now() % 1_000_000);

test(`a kill -9 at any moment of a restore in place leaves the one database or the other (KILL_SEED=${SEED})`, async () => {
  const random = createRandom(SEED);
  const home = makeBackupHome(20_000);
  onTestFinished(home.remove);
  const small = await home.archive.create(home.request({ kind: "full" }), runOf());
  home.add(10_000);
  const large = await home.archive.create(home.request({ kind: "full" }), runOf());
  const rows = new Set([small, large].map(({ manifest }) => manifest.database.rows["fills"]));
  expect(rows.size).toBe(2);
  const live = join(home.folder, "live.db");
  home.client.pragma("wal_checkpoint(TRUNCATE)");
  copyFileSync(home.live, live);
  const restorer = bundleFixture(join(import.meta.dirname, "fixtures", "restore-until-killed.ts"), home.folder);
  const args = [restorer, live, home.backups, small.backup.id, large.backup.id];
  const found: (number | undefined)[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    // What matters happens between the word that it is put in place and the word that it is.
    let wanted = 1 + Math.floor(random() * 3);
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== "restoring") continue;
      wanted -= 1;
      if (wanted > 0) continue;
      const spin = performance.now() + random() * 40;
      while (performance.now() < spin);
      child.kill("SIGKILL");
      break;
    }
    expect((await exited)[1]).toBe("SIGKILL");
    const client = new Database(live);
    expect(client.pragma("integrity_check", { simple: true })).toBe("ok");
    found.push(client.prepare<[], number>("SELECT count(*) FROM fills").pluck().get());
    client.close();
  }
  expect(found.filter((count) => !rows.has(count))).toEqual([]);
}, 60_000);
