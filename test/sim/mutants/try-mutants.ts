import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Mutant } from "./mutant.ts";
import { MUTANTS } from "./mutants.ts";
import { mutateSource } from "./mutate-source.ts";

/** Shows that each deliberate bug is caught: by a world within so many seeds, or by its tests. */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "4000" },
    only: { type: "string" },
    report: { type: "string" },
  },
});
const ROOT = join(import.meta.dirname, "../../..");
const HERE = "./test/sim/mutants";
/** One known seed or one test file occupies one core. */
const AT_ONCE = 2;
const VITEST = "node_modules/vitest/vitest.mjs";

interface Ran {
  readonly code: number;
  readonly output: string;
}

function run(mutant: Mutant, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TAPEDECK_MUTANT: mutant.name, NO_COLOR: "1" };
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

/** @returns what caught it, in words; undefined when nothing did */
async function hunt(mutant: Mutant): Promise<string | undefined> {
  if (mutant.tests !== undefined) {
    const { output } = await run(mutant, [
      VITEST,
      "run",
      "--config",
      "test/sim/mutants/vitest.config.ts",
      "--root",
      ".",
      mutant.tests,
    ]);
    const failed = /^ FAIL {2}(.*)$/m.exec(output)?.[1];
    return failed === undefined ? undefined : `test: ${failed}`;
  }
  const known = mutant.seed === undefined ? undefined : await huntInWorlds(mutant, mutant.seed, 1);
  return known ?? huntInWorlds(mutant, 1, Number(values.seeds));
}

async function huntInWorlds(mutant: Mutant, from: number, seeds: number): Promise<string | undefined> {
  const worlds = ["test/sim/simulate.ts", "--from", String(from), "--seeds", String(seeds), "--bail", "1"];
  const { output } = await run(mutant, ["--import", `${HERE}/load-mutant.ts`, ...worlds]);
  const broken = /^seed (\d+) broke ([a-z-]+): (.*)$/m.exec(output);
  if (broken === null) {
    if (!/ 0 failed, in /.test(output)) throw new Error(`${mutant.name} did not run:\n${output.slice(-2_000)}`);
    return undefined;
  }
  return `seed ${String(broken[1])}: ${String(broken[2])}`;
}

for (const { name, edits } of MUTANTS) {
  for (const edit of edits) {
    if (!existsSync(join(ROOT, edit.file))) throw new Error(`${name}: there is no ${edit.file}`);
    mutateSource(readFileSync(join(ROOT, edit.file), "utf8"), [edit]);
  }
}
let caught = 0;
let escaped = 0;
const waiting = MUTANTS.filter(({ name }) => values.only === undefined || name.includes(values.only));

async function huntAll(): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const by = await hunt(mutant);
    if (by === undefined) escaped += 1;
    else caught += 1;
    console.log(`${by === undefined ? "✗" : "✓"} ${mutant.name.padEnd(34)} ${by ?? "NOT CAUGHT"} · ${mutant.bug}`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, huntAll));
console.log(`${String(caught)} mutants caught, ${String(escaped)} not`);
if (values.report !== undefined) {
  const counts = { numPassedTests: caught, numFailedTests: escaped, numPendingTests: 0, numTodoTests: 0 };
  writeFileSync(values.report, `${JSON.stringify({ success: escaped === 0, ...counts })}\n`);
}
process.exitCode = escaped === 0 ? 0 : 1;
