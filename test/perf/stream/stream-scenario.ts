import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { grouped, median, ratioOfRounds, times } from "../figures.ts";
import type { BenchOptions, BenchReport, BenchTable, Scenario } from "../scenario.ts";
import { expectedReading } from "./bare-reading.ts";
import type { ContestResult } from "./contest.ts";
import { holdContest } from "./contest.ts";
import type { ContestantName } from "./contestant.ts";
import { CONTESTANTS } from "./contestant.ts";
import { recordFrames } from "./record-frames.ts";
import type { Recording, StreamKind } from "./recording.ts";
import { writeRecording } from "./recording.ts";

const TITLES: Readonly<Record<StreamKind, string>> = {
  depth: "20 level changes a push over a book of 1 000 levels",
  "limit-depth": "the best 20 levels of each side, whole in every push",
  deals: "5 trades a push",
  "mini-tickers": "2 000 symbols a push",
};
const NOTES: Readonly<Record<StreamKind, readonly string[]>> = {
  depth: ["tapedeck: decode, version rules, exact book. ccxt: handleMessage, book of doubles, no check for gaps."],
  "limit-depth": ["ccxt has no handler for these: it decodes only. tapedeck also fills a book."],
  deals: ["tapedeck: trades of exact money. ccxt: handleMessage."],
  "mini-tickers": ["ccxt has no handler for these: it decodes only. tapedeck: tickers of exact money."],
};
const BARE_NOTE =
  "bare: one walk over the same bytes and fields, decimals as whole numbers; no checks, no book, no objects. bare-text: the same, each decimal as a string.";

const FRAMES: Readonly<Record<StreamKind, number>> = {
  depth: 20_000,
  "limit-depth": 10_000,
  deals: 20_000,
  "mini-tickers": 4_000,
};
const WARM_UPS = 3;

/** Frames of the stream through our decoder and book and through ccxt's, against a bare walk as the limit. */
export function createStreamScenario(names: readonly ContestantName[] = CONTESTANTS): Scenario {
  return {
    name: "stream",
    about: "frames of the stream through our decoder and book, through ccxt's, and against a bare loop",
    async run(options: BenchOptions): Promise<BenchReport> {
      const folder = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
      try {
        const tables: BenchTable[] = [];
        const figures: unknown[] = [];
        for (const kind of Object.keys(TITLES) as StreamKind[]) {
          const { table, figure } = await runKind(kind, options, names, join(folder, kind));
          tables.push(table);
          figures.push(figure);
        }
        return { tables, figures };
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

async function runKind(kind: StreamKind, options: BenchOptions, names: readonly ContestantName[], file: string) {
  const { seed, size, rounds } = options;
  const frames = Math.max(20, Math.round(FRAMES[kind] * size));
  const recording = recordFrames(kind, { seed, frames, levels: 1_000, changes: 20, symbols: 2_000 });
  writeRecording(file, recording);
  const results = await holdContest(file, names, { warmUps: WARM_UPS, rounds });
  checkAnswers(recording, results);
  return { table: tableOf(recording, results), figure: figureOf(recording, results) };
}

/** A contestant that came to another end has not done the same work. @throws Error then */
export function checkAnswers(recording: Recording, results: readonly ContestResult[]): void {
  const [tapedeck] = results.filter(({ name }) => name === "tapedeck");
  for (const { name, answer } of results) {
    const expected =
      name === "bare" || name === "bare-text"
        ? { ...expectedReading(recording, name === "bare-text"), readsNames: true }
        : tapedeck?.answer;
    if (!isDeepStrictEqual(answer, expected)) throw new Error(`${recording.kind}: ${name} came to another answer`);
  }
}

function tableOf(recording: Recording, results: readonly ContestResult[]): BenchTable {
  const { kind, frames } = recording;
  const ours = results.find(({ name }) => name === "tapedeck");
  const rows = results.map((result) => {
    const wall = result.rounds.map(({ wallNs }) => wallNs);
    const ratio = ratioOfRounds(ours?.rounds.map(({ wallNs }) => wallNs) ?? [], wall);
    const cpu = ratioOfRounds(
      ours?.rounds.map(({ cpuNs }) => cpuNs) ?? [],
      result.rounds.map(({ cpuNs }) => cpuNs),
    );
    return [
      result.name,
      grouped((frames.length * 1e9) / median(wall)),
      (median(wall) / frames.length / 1_000).toFixed(2),
      (median(result.rounds.map(({ cpuNs }) => cpuNs)) / frames.length / 1_000).toFixed(2),
      times(ratio.median),
      times(ratio.fastest),
      `${times(ratio.least)} to ${times(ratio.most)}`,
      times(cpu.median),
      grouped(result.rssBytes / 1024 / 1024),
    ];
  });
  const bytes = frames.reduce((sum, frame) => sum + frame.length, 0) / frames.length;
  return {
    title: `${kind}: ${TITLES[kind]} (${grouped(frames.length)} frames of ${grouped(bytes)} bytes)`,
    columns: ["", "frames/s", "µs a frame", "CPU µs", "of tapedeck", "fastest", "over the rounds", "by CPU", "MB"],
    rows,
    notes: [...NOTES[kind], ...(results.some(({ name }) => name === "bare") ? [BARE_NOTE] : [])],
  };
}

function figureOf({ kind, frames }: Recording, results: readonly ContestResult[]) {
  const ours = results.find(({ name }) => name === "tapedeck")?.rounds.map(({ wallNs }) => wallNs) ?? [];
  return {
    kind,
    frames: frames.length,
    bytes: frames.reduce((sum, frame) => sum + frame.length, 0),
    contestants: results.map(({ name, rounds, rssBytes }) => ({
      name,
      framesPerSecond: (frames.length * 1e9) / median(rounds.map(({ wallNs }) => wallNs)),
      cpuNsPerFrame: median(rounds.map(({ cpuNs }) => cpuNs)) / frames.length,
      timesOfTapedeck: ratioOfRounds(
        ours,
        rounds.map(({ wallNs }) => wallNs),
      ),
      rounds,
      rssBytes,
    })),
  };
}
