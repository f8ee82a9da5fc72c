import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleFixture } from "../storage/bundle-fixture.ts";
import { createRandom } from "../../sim/seeded-random.ts";
import type { BackupHome } from "./backup-home.ts";
import { filesIn, makeBackupHome, runOf } from "./backup-home.ts";

const ROUNDS = 25;
const SEED = Number(process.env["KILL_SEED"] ?? Date.now() % 1_000_000);

let home: BackupHome;
let maker: string;
beforeAll(() => {
  home = makeBackupHome(3_000);
  maker = bundleFixture(join(import.meta.dirname, "fixtures", "create-until-killed.ts"), home.folder);
});
afterAll(() => {
  home.remove();
});

function workFolders(): readonly string[] {
  return [...filesIn(home.folder), ...filesIn(home.backups)].filter((name) => name.startsWith(".tapedeck-work-"));
}

/** Lets a process make backups, and kills it once it has said so many words. @returns what it said it had made. */
async function killAfter(words: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [maker, home.live, home.backups], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("exit", (_code, signal) => {
      resolve(signal);
    });
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === words) child.kill("SIGKILL");
    // Written to while it is copied, as by a console.
    else home.add(1);
  }
  expect(await exited).toBe("SIGKILL");
  return said.filter((line) => line.startsWith("made ")).map((line) => line.slice("made ".length));
}

test(`a kill -9 at any moment leaves no half backup and loses no whole one (KILL_SEED=${SEED})`, async () => {
  const random = createRandom(SEED);
  const below = (most: number) => Math.floor(random() * most);
  const made: string[] = [];
  let leftovers = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    made.push(...(await killAfter(1 + below(24))));
    leftovers += workFolders().length;
  }
  const { backups, unreadable } = await home.archive.list();
  expect(unreadable).toEqual([]);
  const listed = new Set<string>(backups.map(({ id }) => id));
  expect(made.filter((id) => !listed.has(id))).toEqual([]);
  for (const { id } of backups) await home.archive.verify(id, runOf());
  expect(home.client.pragma("integrity_check", { simple: true })).toBe("ok");
  // Some were killed half way, and whoever comes next cleans up after them.
  expect(leftovers).toBeGreaterThan(0);
  await home.archive.create(home.request(), runOf());
  expect(workFolders()).toEqual([]);
}, 90_000);
