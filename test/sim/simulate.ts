import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { INVARIANTS } from "./invariants/invariants.ts";
import type { SeedResult } from "./run-seed.ts";
import { runSeed } from "./run-seed.ts";
import { createDisk } from "./world/disk.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    workers: { type: "string", default: "2" },
    /** Seeds that fail before the rest is not tried any more. */
    bail: { type: "string", default: "5" },
    /** A file to write the count to, in the shape of Vitest's JSON report. */
    report: { type: "string" },
  },
});

const YOUNG_MB = 64;

process.exitCode = values.seed === undefined ? await runMany() : await runOne(Number(values.seed));

async function runOne(seed: number): Promise<number> {
  const disk = createDisk();
  try {
    const result = await runSeed(seed, disk, values.trace);
    if (values.trace) console.log(result.trace.join("\n"));
    tellFailure(result);
    console.log(
      `seed ${String(seed)}: ${result.violations.length === 0 ? "held" : "failed"}, trace ${result.traceHash}`,
    );
    return result.violations.length === 0 ? 0 : 1;
  } finally {
    disk.remove();
  }
}

async function runMany(): Promise<number> {
  const count = Number(values.seeds);
  const from = Number(values.from);
  const most = Number(values.bail);
  const began = performance.now();
  const failed: SeedResult[] = [];
  const totals: Record<string, number> = {};
  let next = from;
  let done = 0;

  await Promise.all(
    Array.from({ length: Math.min(Number(values.workers), count) }, () => {
      const worker = new Worker(new URL("./seed-worker.ts", import.meta.url), {
        // What a seed makes dies young: with room for it, next to nothing is copied.
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      });
      const feed = () => {
        if (next < from + count && failed.length < most) worker.postMessage(next++, []);
        else worker.postMessage("stop", []);
      };
      worker.on("message", (result: SeedResult) => {
        done += 1;
        for (const [name, value] of Object.entries(result.counts)) totals[name] = (totals[name] ?? 0) + Number(value);
        if (result.violations.length > 0) {
          failed.push(result);
          tellFailure(result);
        }
        if (done % 1_000 === 0) console.error(`${String(done)} seeds, ${String(failed.length)} failed`);
        feed();
      });
      feed();
      return new Promise<void>((resolve, reject) => {
        worker.on("error", reject);
        worker.on("exit", () => {
          resolve();
        });
      });
    }),
  );

  const seconds = (performance.now() - began) / 1_000;
  const violated = new Set<string>(failed.flatMap(({ violations }) => violations.map(({ invariant }) => invariant)));
  for (const [name, meaning] of Object.entries(INVARIANTS)) {
    console.log(`${violated.has(name) ? "✗" : "✓"} ${name}: ${meaning}`);
  }
  const told = Object.entries(totals).map(([name, total]) => `${name} ${String(total)}`);
  console.log(told.join(", "));
  console.log(
    `${String(done)} seeds from ${String(from)}, ${String(failed.length)} failed, in ${seconds.toFixed(0)} s ` +
      `(${(done / seconds).toFixed(0)} a second)`,
  );
  if (values.report !== undefined) writeReport(values.report, done === count && failed.length === 0, violated.size);
  return done === count && failed.length === 0 ? 0 : 1;
}

function tellFailure({ seed, violations, trace }: SeedResult): void {
  if (violations.length === 0) return;
  for (const { invariant, what } of violations) console.log(`seed ${String(seed)} broke ${invariant}: ${what}`);
  if (!values.trace) for (const line of trace.slice(-20)) console.log(`  ${line}`);
  console.log(`  again, with all of its story: npm run test:sim -- --seed ${String(seed)} --trace`);
}

function writeReport(file: string, success: boolean, numFailedTests: number): void {
  const numPassedTests = Object.keys(INVARIANTS).length - numFailedTests;
  const counts = { numPassedTests, numFailedTests, numPendingTests: 0, numTodoTests: 0 };
  writeFileSync(file, `${JSON.stringify({ success, ...counts })}\n`);
}
