import Database from "better-sqlite3";
import { join } from "node:path";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { createIdSource } from "../../../src/adapters/system/id-source.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { marketSymbol, orderId } from "../../../src/core/domain/identifiers.ts";
import { ACCOUNT, MIGRATIONS, NOON, batchOf, sampleFill, testGuard } from "../../adapters/storage/samples.ts";
import { grouped, median, times } from "../figures.ts";
import type { BenchTable } from "../scenario.ts";

const A_COMMIT = 5_000;
const MARKETS = 20;
const SPACING_MS = 1_000;
const FILLS_AN_ORDER = 4;
const NEWEST = 100;

export interface Asked {
  readonly question: string;
  readonly rows: number;
  readonly tapedeck: readonly number[];
  readonly raw: readonly number[];
}

/** An account with a long past in a file of its own, and questions to it. */
export interface FillHistory {
  /** @throws when the answers differ: then the times say nothing */
  ask(rounds: number): readonly Asked[];
  table(asked: readonly Asked[]): BenchTable;
  close(): void;
}

export function createFillHistory(folder: string, count: number): FillHistory {
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const file = join(folder, "history/console.db");
  const storage = openStorage({ file, migrationsFolder: MIGRATIONS, clock, ids, guard: testGuard() });
  const { journal, fills } = storage.forAccount(ACCOUNT);
  for (let from = 0; from < count; from += A_COMMIT) {
    const batch = Array.from({ length: Math.min(A_COMMIT, count - from) }, (_, index) => fillAt(from + index));
    journal.commit(batchOf({ fills: batch }));
    storage.tendLog();
  }
  const client = new Database(file, { readonly: true });
  const symbol = marketSymbol("M3USDT");
  const order = orderId("O1000");
  const since = NOON + (count - 1_000) * SPACING_MS;
  const mine = "account_id = 'demo:mx0test' AND _del = 0";
  const questions = [
    {
      question: `the newest ${NEWEST} of a market`,
      ours: () => fills.list({ symbol, limit: NEWEST }),
      text: `SELECT * FROM fills WHERE ${mine} AND symbol = '${symbol}' ORDER BY at DESC, key DESC LIMIT ${NEWEST}`,
    },
    {
      question: "those of an order",
      ours: () => fills.list({ orderId: order }),
      text: `SELECT * FROM fills WHERE ${mine} AND order_id = '${order}' ORDER BY +at DESC, key DESC`,
    },
    {
      question: "the last thousand, by time",
      ours: () => fills.list({ since }),
      text: `SELECT * FROM fills WHERE ${mine} AND at >= ${since} ORDER BY at DESC, key DESC`,
    },
  ].map((one) => ({ ...one, raw: client.prepare<[], { readonly trade_id: string }>(one.text) }));

  return {
    ask: (rounds) =>
      questions.map(({ question, ours, raw }) => {
        const tapedeck: number[] = [];
        const bare: number[] = [];
        for (let round = 0; round <= rounds; round += 1) {
          const mineBegan = performance.now();
          const found = ours();
          const bareBegan = performance.now();
          const rows = raw.all();
          const ended = performance.now();
          checkAnswers(question, found, rows);
          if (round === 0) continue;
          tapedeck.push(bareBegan - mineBegan);
          bare.push(ended - bareBegan);
        }
        return { question, rows: ours().length, tapedeck, raw: bare };
      }),
    table: (asked) => ({
      title: `history over ${grouped(count)} fills, ms`,
      columns: ["", "rows", "tapedeck", "raw", ""],
      rows: asked.map(({ question, rows, tapedeck, raw }) => [
        question,
        String(rows),
        median(tapedeck).toFixed(3),
        median(raw).toFixed(3),
        times(median(tapedeck) / median(raw)),
      ]),
      notes: ["raw leaves money as text and rows as they are."],
    }),
    close() {
      client.close();
      storage.close();
    },
  };
}

function fillAt(index: number): Fill {
  return sampleFill(`t${index}`, {
    symbol: marketSymbol(`M${index % MARKETS}USDT`),
    orderId: orderId(`O${Math.floor(index / FILLS_AN_ORDER)}`),
    at: NOON + index * SPACING_MS,
  });
}

function checkAnswers(question: string, found: readonly Fill[], rows: readonly { readonly trade_id: string }[]): void {
  const same = found.length > 0 && found.length === rows.length;
  if (same && found.every((fill, index) => fill.tradeId === rows[index]?.trade_id)) return;
  throw new Error(`${question}: ${found.length} fills against ${rows.length} rows, or in another order`);
}
