import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { ensurePeers } from "../../tools/ensure-peers.ts";
import { grouped } from "./figures.ts";
import type { BenchReport, BenchTable, Scenario } from "./scenario.ts";
import { createBackupScenario } from "./backup/backup-scenario.ts";
import { createOrderPathScenario } from "./order-path/order-path-scenario.ts";
import { createPositionsScenario } from "./positions/positions-scenario.ts";
import { createStartScenario } from "./start/start-scenario.ts";
import { createStorageScenario } from "./storage/storage-scenario.ts";
import { createStreamScenario } from "./stream/stream-scenario.ts";
import { createWholePathScenario } from "./whole-path/whole-path-scenario.ts";

const SCENARIOS: readonly Scenario[] = [
  createStreamScenario(),
  createWholePathScenario(),
  createOrderPathScenario(),
  createStartScenario(),
  createPositionsScenario(),
  createStorageScenario(),
  createBackupScenario(),
];

const USAGE = `npm run bench -- [NAME…] [--seed N] [--rounds N] [--size SHARE] [--json]

${SCENARIOS.map(({ name, about }) => `  ${name}  ${about}`).join("\n")}`;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: "string", default: "20261125" },
      rounds: { type: "string", default: "11" },
      size: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [seed, rounds, size] = [Number(values.seed), Number(values.rounds), Number(values.size)];
  const chosen = SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const isSound = Number.isInteger(seed) && Number.isInteger(rounds) && rounds > 0 && size > 0 && size <= 1;
  if (values.help || !isSound || positionals.some((name) => !SCENARIOS.some((known) => known.name === name))) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  if (chosen.some(({ name }) => name === "stream")) ensurePeers();
  const machine = `${cpus()[0]?.model.trim() ?? "unknown"} × ${cpus().length}`;
  const head = { seed, rounds, size, node: process.version, cpu: machine, memoryBytes: totalmem() };
  const reports: Record<string, BenchReport["figures"]> = {};
  if (!values.json) console.log(`seed ${seed}, ${rounds} rounds, Node ${process.version}, ${machine}`);
  for (const scenario of chosen) {
    const report = await scenario.run({ seed, rounds, size });
    reports[scenario.name] = report.figures;
    if (!values.json) for (const table of report.tables) console.log(`\n${render(table)}`);
  }
  if (values.json) console.log(JSON.stringify({ schema: "tapedeck.bench/1", ...head, scenarios: reports }));
  else console.log(`\n${grouped(process.uptime())} s`);
  return 0;
}

function render({ title, columns, rows, notes }: BenchTable): string {
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ");
  return [title, line(columns), ...rows.map(line), ...notes.map((note) => `  ${note}`)].join("\n");
}

process.exitCode = await main(process.argv.slice(2));
