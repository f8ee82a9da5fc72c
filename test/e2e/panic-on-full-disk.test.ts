import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Simulator } from "./program.ts";
import { makeHome, run, runJson, startSimulator } from "./program.ts";
import { PROGRAM } from "./pty-screen.ts";

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
beforeEach(async () => {
  home = makeHome();
  simulator = await startSimulator(["--seed", "9"], home.path);
});
afterEach(async () => {
  await simulator.stop();
  home.remove();
});

const rest = (symbol: string, at: string) =>
  runJson(["order", "place", "buy", symbol, "0.1", "@", at, "--post-only"], simulator.env);
const openThere = async () =>
  (await simulator.ledger()).orders.filter(({ status }) => status === "NEW" || status === "PARTIALLY_FILLED");

/** Runs the program where no file may grow beyond so many blocks of 512 bytes: what a full disk does to a writer. */
async function runOnFullDisk(args: readonly string[], blocks: number) {
  const line = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;
  const child = spawn("/bin/sh", ["-c", line, process.execPath, PROGRAM, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...simulator.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  return { code, stdout, stderr };
}

describe.skipIf(process.platform === "win32")("panic where nothing can be written", () => {
  it.each([
    ["no file may have a byte", 0, "STORAGE_FAILED"],
    ["the database opens and takes no commit", 64, "what happened cannot be written to disk"],
  ])("cancels everything when %s, and says that the halt is not on disk", async (_what, blocks, refusal) => {
    await rest("BTCUSDT", "20000");
    await rest("ETHUSDT", "500");
    expect(await openThere()).toHaveLength(2);

    const refused = await runOnFullDisk(["order", "place", "buy", "BTCUSDT", "0.001", "@", "20000", "--json"], blocks);
    expect(refused.stderr).toContain(refusal);
    const { code, stdout, stderr } = await runOnFullDisk(["panic", "--yes", "--json"], blocks);

    expect(await openThere()).toEqual([]);
    expect({ code, told: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 9,
      told: { schema: "tapedeck.panic/1", halted: false, stillOpen: [], unknown: [], complete: true },
    });
    expect(stderr).toContain("The halt is not on disk: other processes, and the next one started, may still send");
    // The store is as it was: the next process is not halted, and the report said so.
    expect(await runJson(["trading", "status"], simulator.env)).toMatchObject({ state: "active" });

    // Once the disk has room again, the same command halts for all.
    expect(await runJson(["panic", "--yes"], simulator.env)).toMatchObject({ halted: true, complete: true });
    expect(await runJson(["trading", "status"], simulator.env)).toMatchObject({ state: "halted", by: "panic" });
  });
});

describe("panic without a usable store", () => {
  it("cancels when the database is damaged, and leaves the file as it is", async () => {
    await rest("BTCUSDT", "20000");
    const broken = join(home.path, "broken");
    mkdirSync(join(broken, "data"), { recursive: true });
    writeFileSync(join(broken, "data", "console.db"), "not a database at all ".repeat(200));
    const { code, stdout, stderr } = await run(["panic", "--yes", "--json"], {
      ...simulator.env,
      TAPEDECK_HOME: broken,
    });
    expect({ code, told: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 9,
      told: { halted: false, complete: true, cancelled: 1, protections: null },
    });
    expect(stderr).toContain("DATABASE_UNREADABLE");
    expect(await openThere()).toEqual([]);
  });

  it("cancels when the home cannot be made, and tells the rest of the commands why they do not run", async () => {
    await rest("BTCUSDT", "20000");
    writeFileSync(join(home.path, "a-file"), "");
    const env = { ...simulator.env, TAPEDECK_HOME: join(home.path, "a-file", "home") };
    expect(await run(["order", "ls", "--json"], env)).toMatchObject({ code: 3 });
    const { code, stdout, stderr } = await run(["panic", "--yes", "-o", "table"], env);
    expect({ code, stdout }).toMatchObject({ code: 9, stdout: expect.stringContaining("NOT halted") as unknown });
    expect(stderr).toContain("HOME_UNUSABLE");
    expect(stdout).toContain("not known without the store, and NOT halted: a guardian goes on selling");
    expect(await openThere()).toEqual([]);
  });
});
