import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RemoteEngine } from "../remotes/remotes.ts";
import { openRemote } from "../remotes/remotes.ts";
import { createRandom } from "../sim/seeded-random.ts";
import { AppError } from "../../src/core/domain/errors.ts";
import { createTursoRemote } from "../../src/adapters/sync/turso-remote.ts";
import type { SyncDevice } from "./sync-device.ts";
import { createSyncDevice } from "./sync-device.ts";
import { createSyncOracles } from "./sync-oracles.ts";
import { createSyncWrites } from "./sync-writes.ts";

export interface SyncSeedResult {
  readonly seed: number;
  /** What must hold and did not. */
  readonly broken: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** What matters is what a commit promises and not the disk's speed. */
const IN_MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const STEPS = 120;
const SKEWS_MS = [0, -60_000, 120_000];
const MINUTE_MS = 60_000;

/**
 * What a device knows beyond a row that it does not let in yet may have been refused by the remote for that row's sake, and
 * is then nowhere else: for as long as a clock is wrong, a lost disk can cost a little more than what was not pushed.
 */
function waitsForItsTime({ store }: SyncDevice): boolean {
  return store.conflicts(1_000).some(({ kind }) => kind === "clock");
}

/**
 * Three machines with clocks of their own write apart, meet through a remote on a bad line, and are put back to old backups.
 * When the line is good again all of them and the remote must hold the same, and nothing that was acknowledged may be lost.
 */
export async function runSyncSeed(seed: number, engine: RemoteEngine): Promise<SyncSeedResult> {
  const random = createRandom(seed);
  const folder = mkdtempSync(join(IN_MEMORY, "tapedeck-sync-"));
  const remote = await openRemote(engine, IN_MEMORY);
  let wall = 1_800_000_000_000;
  let isQuiet = false;
  const counts = {
    syncs: 0,
    failedSyncs: 0,
    restores: 0,
    copiesSeen: 0,
    writes: 0,
    conflicts: 0,
    putAside: 0,
    faults: 0,
  };
  const pick = (from: number) => Math.floor(random() * from);
  const ahead = new Map<number, number>();
  const devices = SKEWS_MS.map((skew, index) =>
    createSyncDevice({
      name: `device${String(index)}`,
      folder,
      now: () => wall + skew + (ahead.get(index) ?? 0),
      random,
      remote,
    }),
  );
  const oracles = createSyncOracles();
  const writes = createSyncWrites(random, oracles);
  /** A device that writes while its own push is on the line. */
  let busy: SyncDevice | undefined;

  remote.setFaults(() => {
    if (busy !== undefined && random() < 0.5) {
      writes.write(busy);
      counts.writes += 1;
    }
    if (isQuiet) return undefined;
    const chance = random();
    if (chance < 0.04) return "drop-before";
    if (chance < 0.1) return "drop-after";
    if (chance < 0.13) return { status: 503 };
    return undefined;
  });

  async function sync(device: SyncDevice, isAllowedToFail: boolean): Promise<void> {
    counts.syncs += 1;
    try {
      const { putAside } = await device.synchronise();
      counts.putAside += putAside;
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      if (cause.code === "SYNC_COPIED") {
        counts.copiesSeen += 1;
        device.store.rebaseline();
        device.restart();
      } else if (isAllowedToFail && cause.code === "SYNC_UNREACHABLE") counts.failedSyncs += 1;
      else oracles.fail(`${device.name} could not synchronise: ${cause.code} ${cause.message}`);
    }
  }

  try {
    for (let step = 0; step < STEPS; step += 1) {
      wall += 1 + pick(400);
      const index = pick(devices.length);
      const device = devices[index];
      if (device === undefined) continue;
      const chance = random();
      if (chance < 0.6) {
        writes.write(device);
        counts.writes += 1;
      } else if (chance < 0.9) {
        busy = random() < 0.4 ? device : undefined;
        await sync(device, true);
        busy = undefined;
      } else if (chance < 0.92 && seed % 4 === 0) {
        // A clock that runs ten minutes ahead for one write: no other device lets the row in before its time.
        ahead.set(index, 10 * MINUTE_MS);
        writes.write(device);
        ahead.delete(index);
      } else if (chance < 0.96) {
        // In one of four worlds no disk is ever lost, so that every row that gave way has to be somewhere.
        if (seed % 4 !== 1) device.backUp();
      } else if (device.hasBackup) {
        // What was never pushed is lost with a disk; that is the backup's matter, not the synchronisation's.
        isQuiet = true;
        // The first may end in being told that this is a copy.
        for (let round = 0; round < 2; round += 1) await sync(device, false);
        isQuiet = false;
        if (waitsForItsTime(device)) continue;
        device.restore(random() < 0.5);
        counts.restores += 1;
      }
    }
    isQuiet = true;
    wall += 60 * MINUTE_MS;
    for (let round = 0; round < 5; round += 1) {
      for (const device of devices) {
        // Now every change of the last moment counts: nothing comes after it that would hide its loss.
        busy = round === 0 ? device : undefined;
        await sync(device, false);
      }
    }
    const reader = createTursoRemote({ url: remote.url, token: remote.token, tables: devices[0]?.store.tables ?? [] });
    await reader.greet({ deviceId: "reader", host: "test" }, new AbortController().signal);
    await oracles.check(devices, reader);
    reader.close();
    counts.conflicts = devices.reduce((sum, { store }) => sum + store.conflictCount(), 0);
    counts.faults = remote.stats.faults;
    return { seed, broken: oracles.broken, counts };
  } finally {
    for (const device of devices) device.close();
    await remote.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
