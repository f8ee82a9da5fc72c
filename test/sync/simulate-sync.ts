import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ensureTurso } from "../../tools/ensure-turso.ts";
import type { RemoteEngine } from "../remotes/remotes.ts";
import { REMOTE_ENGINES } from "../remotes/remotes.ts";
import { runSyncSeed } from "./run-sync-seed.ts";

/** Many seeds of the synchronisation's simulation, on the engine of one's choice. */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    remote: { type: "string", default: "sqlite" },
    /** A file to write the count to, in the shape of Vitest's JSON report. */
    report: { type: "string" },
  },
});
const engine = REMOTE_ENGINES.find((name) => name === values.remote);
if (engine === undefined) throw new Error(`--remote is one of ${REMOTE_ENGINES.join(", ")}`);
if (engine === "turso") ensureTurso();
process.exitCode = (await run(engine)) ? 0 : 1;

async function run(remote: RemoteEngine): Promise<boolean> {
  const began = performance.now();
  const from = Number(values.from);
  const count = Number(values.seeds);
  const totals: Record<string, number> = {};
  let failed = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const { broken, counts } = await runSyncSeed(seed, remote);
    for (const [name, value] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + value;
    if (broken.length === 0) continue;
    failed += 1;
    console.log(`seed ${String(seed)} broke:`);
    for (const what of broken.slice(0, 8)) console.log(`  ${what}`);
  }
  console.log(
    Object.entries(totals)
      .map(([name, total]) => `${name} ${String(total)}`)
      .join(", "),
  );
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(`${String(count)} seeds from ${String(from)} on ${remote}, ${String(failed)} failed, in ${seconds} s`);
  if (values.report !== undefined) {
    const tallies = { numPassedTests: failed === 0 ? 1 : 0, numFailedTests: failed === 0 ? 0 : 1 };
    writeFileSync(
      values.report,
      `${JSON.stringify({ success: failed === 0, ...tallies, numPendingTests: 0, numTodoTests: 0 })}\n`,
    );
  }
  return failed === 0;
}
