import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeEvent } from "../../../src/adapters/storage/event-codec.ts";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import { createIdSource } from "../../../src/adapters/system/id-source.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { ACCOUNT, MIGRATIONS, batchOf, openOrder, sampleFill, testGuard } from "../../adapters/storage/samples.ts";
import { grouped, median, ratioOfRounds } from "../figures.ts";
import type { BenchOptions, BenchReport, Scenario } from "../scenario.ts";
import { createFillHistory } from "./fill-history.ts";
import { createRawJournal } from "./raw-journal.ts";

const SINGLE_A_ROUND = 200;
const BATCH = 1_000;
const BATCHES_A_ROUND = 5;
const FILLS = 1_000_000;
const WARM_UPS = 1;

/** Times of a round, ms. */
interface Round {
  readonly single: Contest;
  readonly batched: Contest;
}

interface Contest {
  readonly tapedeck: number;
  readonly raw: number;
}

/** Durable writes to the journal, and questions to a long past, each beside better-sqlite3 with nothing around it. */
export function createStorageScenario(): Scenario {
  return {
    name: "storage",
    about: "durable journal writes, single and batched, and history over a million fills, against raw better-sqlite3",
    run(options: BenchOptions): Promise<BenchReport> {
      const folder = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
      try {
        const single = Math.max(5, Math.round(SINGLE_A_ROUND * options.size));
        const rounds = playWrites(folder, options.rounds, single);
        const history = createFillHistory(folder, Math.max(1_000, Math.round(FILLS * options.size)));
        try {
          const asked = history.ask(options.rounds);
          return Promise.resolve({
            tables: [writesTable(rounds, single), history.table(asked)],
            figures: { rounds, asked },
          });
        } finally {
          history.close();
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function playWrites(folder: string, count: number, single: number): readonly Round[] {
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const file = join(folder, "data/console.db");
  const storage = openStorage({ file, migrationsFolder: MIGRATIONS, clock, ids, guard: testGuard() });
  const { journal } = storage.forAccount(ACCOUNT);
  const raw = createRawJournal(join(folder, "raw.db"));
  let entries = 0;
  const events = (howMany: number): readonly DomainEvent[] =>
    Array.from({ length: howMany }, () => {
      entries += 1;
      const { clientOrderId } = openOrder();
      return { type: "fill-recorded", clientOrderId, fill: sampleFill(`t${entries}`), source: "stream" };
    });
  const contest = (batches: readonly (readonly DomainEvent[])[]): Contest => {
    const texts = batches.map((batch) => batch.map(encodeEvent));
    const ours = timed(() => {
      for (const batch of batches) journal.commit(batchOf({ at: clock.now(), events: batch }));
    });
    const theirs = timed(() => {
      for (const batch of texts) raw.append(batch);
    });
    storage.tendLog();
    return { tapedeck: ours, raw: theirs };
  };
  try {
    const rounds = Array.from({ length: WARM_UPS + count }, () => ({
      single: contest(Array.from({ length: single }, () => events(1))),
      batched: contest(Array.from({ length: BATCHES_A_ROUND }, () => events(BATCH))),
    }));
    checkWrites(storage.record.verify(), raw.rows, entries);
    return rounds.slice(WARM_UPS);
  } finally {
    storage.close();
    raw.close();
  }
}

/** @throws when a row is missing anywhere, or our chain is broken: then the times say nothing */
export function checkWrites(
  journals: readonly { readonly entries: number; readonly broken: unknown }[],
  rawRows: number,
  entries: number,
): void {
  const [journal] = journals;
  if (journal?.entries === entries && journal.broken === undefined && rawRows === entries) return;
  throw new Error(`not every entry was written: ${JSON.stringify({ journal, rawRows, entries })}`);
}

function writesTable(rounds: readonly Round[], single: number) {
  const line = (kind: keyof Round, rows: number, aim: string) => {
    const ours = rounds.map((round) => round[kind].tapedeck);
    const theirs = rounds.map((round) => round[kind].raw);
    const share = ratioOfRounds(ours, theirs);
    const rate = (all: readonly number[]) => grouped((rows / median(all)) * 1_000);
    const percent = (ratio: number) => `${(100 * ratio).toFixed(0)} %`;
    return [kind, rate(ours), rate(theirs), percent(share.median), percent(share.fastest), aim];
  };
  return {
    title: `durable journal writes, ${rounds.length} rounds in turn, entries a second`,
    columns: ["", "tapedeck", "raw", "share", "fastest", "aim"],
    rows: [line("single", single, "60 %"), line("batched", BATCH * BATCHES_A_ROUND, "25 %")],
    notes: [
      `single: ${single} commits of one entry; batched: ${BATCHES_A_ROUND} commits of ${BATCH}.`,
      "tapedeck: encoding, chain, row hash, hybrid clock, mark for the synchronisation. raw: the text as it is.",
    ],
  };
}

export function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
