import Database from "better-sqlite3";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { createIdSource } from "../../../src/adapters/system/id-source.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { createPositionCache } from "../../../src/app/runtime/position-cache.ts";
import { accountId, asset, tradeId } from "../../../src/core/domain/identifiers.ts";
import { grouped, median, ratioOfRounds, times } from "../figures.ts";
import type { BenchOptions, BenchReport, Scenario } from "../scenario.ts";
import { inventPast, storePast } from "../start/trading-past.ts";

const FILLS = 100_000;
const WARM_UPS = 2;
const API_KEY = "mx0benchbenchbench";
const MIGRATIONS = join(import.meta.dirname, "../../../drizzle");

interface Round {
  readonly rawMs: number;
  readonly firstMs: number;
  /** One more fill, then the position again. */
  readonly nextMs: number;
}

/** Positions from a long past, against reading the same columns of the same rows with bare SQLite. */
export function createPositionsScenario(): Scenario {
  return {
    name: "positions",
    about: "positions of an account with 100 000 stored fills, against reading the same columns with raw SQLite",
    run(options: BenchOptions): Promise<BenchReport> {
      const fills = Math.max(10, Math.round(FILLS * options.size));
      const rounds = play(options, fills);
      const line = (name: string, figures: readonly number[], digits = 1) => [
        name,
        median(figures).toFixed(digits),
        Math.min(...figures).toFixed(digits),
        Math.max(...figures).toFixed(digits),
      ];
      const raw = rounds.map(({ rawMs }) => rawMs);
      const first = rounds.map(({ firstMs }) => firstMs);
      const ratio = ratioOfRounds(raw, first);
      return Promise.resolve({
        tables: [
          {
            title: `positions: ${grouped(fills)} stored fills, ms`,
            columns: ["", "median", "least", "most"],
            rows: [
              line("first count, first in first out", first),
              line(
                "the same after one more fill",
                rounds.map(({ nextMs }) => nextMs),
                3,
              ),
              line("raw reading", raw),
            ],
            notes: [
              `${times(ratio.median)} the raw reading (${times(ratio.least)} to ${times(ratio.most)}), which leaves money as text.`,
            ],
          },
        ],
        figures: { fills, rounds },
      });
    },
  };
}

function play({ seed, rounds }: BenchOptions, fills: number): readonly Round[] {
  const home = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const file = join(home, "data/console.db");
  const past = inventPast({ seed, workingOrders: 1, fills, now: Date.now() });
  storePast(past, file, MIGRATIONS, API_KEY);
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const guard = { holder: "bench", pid: process.pid, host: "bench", isProcessAlive: () => true };
  const storage = openStorage({ file, migrationsFolder: MIGRATIONS, clock, ids, guard });
  const id = accountId(`demo:${createHash("sha256").update(API_KEY).digest("hex").slice(0, 12)}`);
  const account = storage.forAccount({ accountId: id, mode: "demo" });
  const bare = new Database(file, { readonly: true });
  const reading = bare
    .prepare(
      "SELECT symbol, trade_id, side, quantity, notional, fee_asset, fee_quantity, at FROM fills " +
        "INDEXED BY fills_symbol WHERE account_id = ? AND _del = 0 ORDER BY symbol, at",
    )
    .raw();
  const sample = past.fills[0];
  if (sample === undefined) throw new Error("no fill was made");
  const assets = { symbol: sample.symbol, base: asset("BTC"), quote: asset("USDT") };
  try {
    const played: Round[] = [];
    for (let round = 0; round < WARM_UPS + rounds; round += 1) {
      const readRaw = () => {
        const startedAt = performance.now();
        const rows = reading.all(id).length;
        return { rows, ms: performance.now() - startedAt };
      };
      const count = () => {
        const startedAt = performance.now();
        const cache = createPositionCache({ log: account.portfolio.executions, marketOf: () => ({ assets }) });
        const [position] = cache.all("fifo");
        return { cache, position, ms: performance.now() - startedAt };
      };
      // In turn, so that neither always finds the rows in the file's cache.
      const rawFirst = round % 2 === 0 ? readRaw() : undefined;
      const counted = count();
      const raw = rawFirst ?? readRaw();
      if (counted.position?.fills !== raw.rows || raw.rows < fills) throw new Error("not every fill was counted");
      const more = { ...sample, tradeId: tradeId(`t-more-${round}`), at: clock.now() };
      const batch = { at: clock.now(), events: [], orders: [], fills: [more], protections: [] };
      account.journal.commit(batch);
      const nextAt = performance.now();
      const next = counted.cache.all("fifo")[0];
      const nextMs = performance.now() - nextAt;
      if (next?.fills !== raw.rows + 1) throw new Error("the fill that came later was not counted");
      if (round >= WARM_UPS) played.push({ rawMs: raw.ms, firstMs: counted.ms, nextMs });
    }
    return played;
  } finally {
    bare.close();
    storage.close();
    rmSync(home, { recursive: true, force: true });
  }
}
