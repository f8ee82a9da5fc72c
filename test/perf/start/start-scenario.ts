import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProcess } from "../bundle-process.ts";
import { startBenchProcess } from "../child-process.ts";
import type { BenchExchange } from "../exchange-process.ts";
import { grouped, median, ratioOfRounds, times } from "../figures.ts";
import type { BenchOptions, BenchReport, Scenario } from "../scenario.ts";
import type { StartRound } from "./start-process.ts";
import { inventPast, rememberAtExchange, storePast } from "./trading-past.ts";

const WORKING_ORDERS = 500;
const FILLS = 100_000;
const WARM_UPS = 1;
const KEY = { apiKey: "mx0benchbenchbench", apiSecret: "bench-secret" };
const PHASES = ["openMs", "askMs", "reconcileMs"] as const;

/** From nothing to trading-ready, with a long past in the file. */
export function createStartScenario(): Scenario {
  return {
    name: "start",
    about:
      "start to trading-ready with 500 open orders and 100 000 stored fills, against reading the rows with raw SQLite",
    async run(options: BenchOptions): Promise<BenchReport> {
      const rows = {
        orders: Math.max(1, Math.round(WORKING_ORDERS * options.size)),
        fills: Math.max(5, Math.round(FILLS * options.size)),
      };
      const rounds = await play(options, rows);
      checkRounds(rounds, rows);
      const raw = rounds.map(({ rawMs }) => rawMs);
      const ours = rounds.map((round) => PHASES.reduce((sum, phase) => sum + round[phase], 0));
      const ratio = ratioOfRounds(raw, ours);
      const line = (name: string, figures: readonly number[]) => [
        name,
        median(figures).toFixed(1),
        Math.min(...figures).toFixed(1),
        Math.max(...figures).toFixed(1),
      ];
      return {
        tables: [
          {
            title: `start: ${grouped(rows.orders)} open orders, ${grouped(rows.fills)} stored fills, ms`,
            columns: ["", "median", "least", "most"],
            rows: [
              line("to trading-ready", ours),
              line(
                "  open file and core",
                rounds.map(({ openMs }) => openMs),
              ),
              line(
                "  ask for the orders",
                rounds.map(({ askMs }) => askMs),
              ),
              line(
                "  reconcile",
                rounds.map(({ reconcileMs }) => reconcileMs),
              ),
              line("raw reading", raw),
            ],
            notes: [
              `${times(ratio.median)} the raw reading (${times(ratio.least)} to ${times(ratio.most)}), which only fetches the open orders' and the fills' rows.`,
              "tapedeck: a fresh process each time; file, memory, clocks, rules, private stream, every order compared.",
              `${grouped(Math.max(...rounds.map(({ rssBytes }) => rssBytes)) / 1e6)} MB at most.`,
            ],
          },
        ],
        figures: { rows, rounds },
      };
    },
  };
}

/** @throws when a start held fewer orders than there are, or the raw reading read less: then the times say nothing */
export function checkRounds(
  rounds: readonly StartRound[],
  { orders, fills }: { readonly orders: number; readonly fills: number },
): void {
  for (const { workingOrders, rawOrders, rawFills } of rounds)
    if (workingOrders !== orders || rawOrders !== orders || rawFills < fills)
      throw new Error(`not every row was there: ${JSON.stringify({ workingOrders, rawOrders, rawFills })}`);
}

async function play(
  { seed, rounds }: BenchOptions,
  rows: { readonly orders: number; readonly fills: number },
): Promise<readonly StartRound[]> {
  const home = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const bundle = await bundleProcess(join(import.meta.dirname, "start-process.ts"));
  try {
    const past = inventPast({ seed, workingOrders: rows.orders, fills: rows.fills, now: Date.now() });
    const root = join(import.meta.dirname, "../../..");
    storePast(past, join(home, "data/console.db"), join(root, "drizzle"), KEY.apiKey);
    const statePath = join(home, "exchange.ndjson");
    rememberAtExchange(past, statePath, KEY.apiKey);
    const options = JSON.stringify({ seed, symbolCount: 1, keys: [KEY], statePath });
    const exchange = await startBenchProcess(join(import.meta.dirname, "../exchange-process.ts"), [options]);
    try {
      const { restUrl, wsUrl } = exchange.ready as BenchExchange;
      const words = [home, restUrl, wsUrl, KEY.apiKey, KEY.apiSecret];
      const played: StartRound[] = [];
      for (let round = 0; round < WARM_UPS + rounds; round += 1) {
        const console = await startBenchProcess(bundle.file, words);
        // In turn, so that neither always finds the file in the system's memory.
        const measured = (await console.ask({ rawFirst: round % 2 === 0 })) as StartRound;
        await console.close();
        if (round >= WARM_UPS) played.push(measured);
      }
      return played;
    } finally {
      await exchange.close();
    }
  } finally {
    bundle.remove();
    rmSync(home, { recursive: true, force: true });
  }
}
