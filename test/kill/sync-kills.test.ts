import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSyncStore } from "../../src/adapters/storage/sync-store.ts";
import { createTursoRemote } from "../../src/adapters/sync/turso-remote.ts";
import { createSystemClock } from "../../src/adapters/system/system-clock.ts";
import type { SyncContext } from "../../src/core/use-cases/synchronise.ts";
import { verifyDeep } from "../../src/core/use-cases/verify-remote.ts";
import { bundleFixture } from "../adapters/storage/bundle-fixture.ts";
import { ACCOUNT, MIGRATIONS, temporaryHome, testIds } from "../adapters/storage/samples.ts";
import type { TestHome } from "../adapters/storage/samples.ts";
import type { OwnRemote } from "../remotes/remotes.ts";
import { openRemote } from "../remotes/remotes.ts";
import { createKillRun, KILLS } from "./kill-run.ts";

const ROUNDS = Math.min(40, KILLS);

let home: TestHome;
let remote: OwnRemote;
let folders: readonly string[];
beforeEach(async () => {
  home = temporaryHome();
  home.open();
  remote = await openRemote("sqlite");
  folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), "tapedeck-sync-kills-")));
});
afterEach(async () => {
  home.remove();
  await remote.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs it until it has said so much, and kills it. @returns every line it said */
async function killAfter(args: readonly string[], lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("exit", (_code, signal) => {
      resolve(signal);
    });
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) child.kill("SIGKILL");
  }
  expect(await exited).toBe("SIGKILL");
  return said;
}

it(`of ${ROUNDS} times two writers and a syncer are killed -9, no acknowledged write is lost, and the remote is equal`, async () => {
  const run = createKillRun(5);
  console.log(`sync kills: KILL_SEED=${run.seed}`);
  const [one = "", two = ""] = folders;
  const writer = bundleFixture("commit-until-killed.ts", one);
  const syncer = bundleFixture(join(import.meta.dirname, "sync-until-killed.ts"), two);
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const writers = [0, 1].map((at) =>
      killAfter([writer, MIGRATIONS, home.file, `r${round}w${at}`], 5 + run.within(40)),
    );
    const synchronising = killAfter([syncer, home.file, remote.url, remote.token], 1 + run.within(4));
    acknowledged.push(...(await Promise.all(writers)).flat());
    await synchronising;
  }
  const clock = createSystemClock();
  const store = openSyncStore({ file: home.file, clock, ids: testIds() });
  const client = createTursoRemote({ url: remote.url, token: remote.token, tables: store.tables });
  const { signal } = new AbortController();
  const context: SyncContext = {
    store,
    remote: client,
    host: "after",
    newMark: randomUUID,
    now: () => clock.now(),
    yieldTurn: () => Promise.resolve(),
  };
  expect((await verifyDeep(context, signal)).findings).toEqual([]);
  const there = new Set((await client.scan("intents", "", 1_000_000, signal)).map(({ key }) => key));
  const lost = acknowledged.filter((id) => !there.has(`${ACCOUNT.accountId}:${id}`));
  expect(lost, `KILL_SEED=${run.seed}`).toEqual([]);
  console.log(`sync kills: ${acknowledged.length} acknowledged writes, none lost`);
  client.close();
  store.close();
});
