import Database from "better-sqlite3";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProcess } from "../bundle-process.ts";
import { startBenchProcess } from "../child-process.ts";
import type { BenchExchange } from "../exchange-process.ts";
import { median, quantile, times } from "../figures.ts";
import type { BenchOptions, BenchReport, Scenario } from "../scenario.ts";
import { countCommitPages } from "./commit-pages.ts";
import type { PressRound } from "./console-process.ts";

const PRESSES_A_ROUND = 30;
const WARM_UPS = 1;
const NAMES = ["tapedeck", "bare"] as const;
const QUANTILES = [0.5, 0.9, 0.99] as const;

interface PlayedPresses {
  readonly rounds: readonly PressRound[];
  /** Client ids, in the exchange's ledger and in the console's file; rows of the bare file. */
  readonly onExchange: readonly string[];
  readonly intended: readonly string[];
  readonly bareRows: number;
  readonly presses: number;
  /** Pages that one intent's commit writes. */
  readonly pages: Readonly<Record<(typeof NAMES)[number], number>>;
}

/** From the Enter that sends an order to its last byte on the wire, with its intent on disk in between. */
export function createOrderPathScenario(): Scenario {
  return {
    name: "order-path",
    about: "key press to bytes on the wire with the durable intent, against a bare synced insert and a bare request",
    async run(options: BenchOptions): Promise<BenchReport> {
      const [loadBefore = 0] = loadavg();
      const played = await play(options);
      checkOrders(played);
      const taken = NAMES.map((name) => played.rounds.flatMap((round) => round[name]));
      const [ours = [], bare = []] = taken;
      const ratioAt = (share: number) => times(quantile(ours, share) / quantile(bare, share));
      const byRound = played.rounds.map((round) => median(round.tapedeck) / median(round.bare));
      const bareMedians = played.rounds.map((round) => median(round.bare));
      const rows = NAMES.map((name, at) => {
        const all = taken[at] ?? [];
        const figures = [...QUANTILES.map((share) => quantile(all, share)), Math.min(...all)];
        return [name, ...figures.map((figure) => figure.toFixed(2)), String(played.pages[name])];
      });
      return {
        tables: [
          {
            title: `order path: ${ours.length} orders by key, each in turn with a bare one, ms`,
            columns: ["", "p50", "p90", "p99", "least", "pages"],
            rows,
            notes: [
              `${ratioAt(0.5)} the bare one at p50, ${ratioAt(0.99)} at p99; medians of a round ${times(Math.min(...byRound))} to ${times(Math.max(...byRound))}.`,
              `The bare one's medians of a round lie between ${Math.min(...bareMedians).toFixed(2)} and ${Math.max(...bareMedians).toFixed(2)} ms; the machine's load was ${loadBefore.toFixed(1)} when it began.`,
              "tapedeck: key decoder, ticket, rules, intent with its rows synced to disk, limits, signature, request.",
              "bare: one row in one IMMEDIATE transaction, synced to disk, and one request over a kept connection.",
            ],
          },
        ],
        figures: { orders: ours.length, rounds: played.rounds, pages: played.pages, loadBefore },
      };
    },
  };
}

/** @throws when an order was lost, doubled, or sent without an intent: then the times say nothing */
export function checkOrders({
  onExchange,
  intended,
  bareRows,
  presses,
}: Omit<PlayedPresses, "rounds" | "pages">): void {
  const sent = [...onExchange].sort();
  const isSound = sent.length === presses && new Set(sent).size === presses && bareRows === presses;
  if (!isSound || [...intended].sort().join() !== sent.join()) {
    const counts = { presses, onExchange: sent.length, intended: intended.length, bareRows };
    throw new Error(`not every press is one order: ${JSON.stringify(counts)}`);
  }
}

async function play({ seed, rounds, size }: BenchOptions): Promise<PlayedPresses> {
  const count = Math.max(1, Math.round(PRESSES_A_ROUND * size));
  const home = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const bundle = await bundleProcess(join(import.meta.dirname, "console-process.ts"));
  const exchange = await startBenchProcess(join(import.meta.dirname, "../exchange-process.ts"), [
    JSON.stringify({ seed, symbolCount: 1 }),
  ]);
  try {
    const { restUrl, wsUrl, apiKey, apiSecret, plainUrl } = exchange.ready as BenchExchange;
    const words = [home, restUrl, wsUrl, apiKey, apiSecret, plainUrl];
    const played = await pressRounds(bundle.file, words, { count, rounds });
    const files = { console: join(home, "data/console.db"), bare: join(home, "bare.db") };
    return {
      rounds: played,
      onExchange: (await exchange.ask({})) as readonly string[],
      intended: read(files.console, "SELECT client_order_id FROM intents"),
      bareRows: read(files.bare, "SELECT id FROM intents").length,
      presses: (WARM_UPS + rounds) * count,
      pages: countCommitPages(files),
    };
  } finally {
    await exchange.close();
    bundle.remove();
    rmSync(home, { recursive: true, force: true });
  }
}

async function pressRounds(
  file: string,
  words: readonly string[],
  { count, rounds }: { readonly count: number; readonly rounds: number },
): Promise<readonly PressRound[]> {
  const console = await startBenchProcess(file, words);
  try {
    const played: PressRound[] = [];
    for (let round = 0; round < WARM_UPS + rounds; round += 1) {
      const pressed = (await console.ask({ count })) as PressRound;
      if (round >= WARM_UPS) played.push(pressed);
    }
    return played;
  } finally {
    await console.close();
  }
}

function read(file: string, query: string): readonly string[] {
  const client = new Database(file, { readonly: true });
  try {
    return client.prepare<[], string>(query).pluck().all();
  } finally {
    client.close();
  }
}
