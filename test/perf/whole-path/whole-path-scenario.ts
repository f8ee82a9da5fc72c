import { join } from "node:path";
import type { BenchProcess } from "../child-process.ts";
import { startBenchProcess } from "../child-process.ts";
import { grouped, median, ratioOfRounds, times } from "../figures.ts";
import type { BenchOptions, BenchReport, Scenario } from "../scenario.ts";
import type { StretchRound } from "./listener-process.ts";
import type { ListenerName } from "./listeners.ts";
import { recordStretch } from "./market-stretch.ts";

const SYMBOLS = 2_000;
/** Two minutes of the market. */
const BEATS = 40;
const BEAT_SECONDS = 3;
const WARM_UPS = 2;
const NAMES: readonly ListenerName[] = ["tapedeck", "bare"];

/** Socket to state: what the Market screen hears of two thousand markets, as fast as it can be taken in. */
export function createWholePathScenario(): Scenario {
  return {
    name: "whole-path",
    about: "the Market screen's streams of 2 000 symbols from socket to Redux, against receiving and decoding alone",
    async run(options: BenchOptions): Promise<BenchReport> {
      const beats = Math.max(1, Math.round(BEATS * options.size));
      const { frames, trades } = recordStretch({ seed: options.seed, beats, symbols: SYMBOLS });
      const rounds = await playRounds(options, beats);
      checkHeard(rounds, trades);
      const [ours = [], bare = []] = NAMES.map((name) => rounds.get(name));
      const ratio = ratioOfRounds(ours.map(cpuOf), bare.map(cpuOf));
      const rows = NAMES.map((name) => rowOf(name, rounds.get(name) ?? [], frames.length, beats));
      return {
        tables: [
          {
            title: `whole path: ${SYMBOLS} symbols, book and trades of one, ${frames.length} frames a round`,
            columns: ["", "frames/s", "frames/CPU s", "tickers/CPU s", "CPU in real time", "MB", "dispatches"],
            rows,
            notes: [
              `${times(1 / ratio.median)} the CPU of the bare loop (${times(1 / ratio.most)} to ${times(1 / ratio.least)}), which receives and decodes the same frames.`,
              "tapedeck: feed, exact money, book with its version rules, frames of 33 ms, reducer.",
            ],
          },
        ],
        figures: { frames: frames.length, beats, symbols: SYMBOLS, rounds: Object.fromEntries(rounds) },
      };
    },
  };
}

const cpuOf = ({ cpuMs }: StretchRound) => cpuMs;

function rowOf(name: ListenerName, rounds: readonly StretchRound[], frames: number, beats: number): readonly string[] {
  const wallSeconds = median(rounds.map(({ wallMs }) => wallMs)) / 1_000;
  const cpuSeconds = median(rounds.map(cpuOf)) / 1_000;
  return [
    name,
    grouped(frames / wallSeconds),
    grouped(frames / cpuSeconds),
    grouped((beats * SYMBOLS) / cpuSeconds),
    `${((cpuSeconds / (beats * BEAT_SECONDS)) * 100).toFixed(2)} %`,
    grouped(Math.max(...rounds.map(({ rssBytes }) => rssBytes)) / 1e6),
    grouped(median(rounds.map(({ heard }) => heard.dispatches))),
  ];
}

/** @throws when a listener missed something: then its time says nothing */
export function checkHeard(rounds: ReadonlyMap<ListenerName, readonly StretchRound[]>, trades: number): void {
  for (const [name, all] of rounds)
    for (const { heard } of all) {
      const isWhole = heard.tickers === SYMBOLS && heard.trades === trades;
      const hasBook = name === "bare" || heard.levels > 800;
      if (!isWhole || !hasBook) throw new Error(`${name} missed something: ${JSON.stringify(heard)}`);
    }
}

/** One listener after the other, round by round: whatever slows the machine for a while slows both. */
async function playRounds(
  { seed, rounds }: BenchOptions,
  beats: number,
): Promise<ReadonlyMap<ListenerName, readonly StretchRound[]>> {
  const processes: BenchProcess[] = [];
  const start = async (file: string, words: readonly string[]) => {
    const inputs = [...words, `${seed}`, `${beats}`, `${SYMBOLS}`];
    const started = await startBenchProcess(join(import.meta.dirname, file), inputs);
    processes.push(started);
    return started;
  };
  try {
    const { port } = (await start("frame-server.ts", [])).ready as { readonly port: number };
    const listeners: { readonly name: ListenerName; readonly listener: BenchProcess }[] = [];
    for (const name of NAMES)
      listeners.push({ name, listener: await start("listener-process.ts", [name, `ws://127.0.0.1:${port}`]) });
    const played = new Map<ListenerName, StretchRound[]>(NAMES.map((name) => [name, []]));
    for (let count = 0; count < WARM_UPS + rounds; count += 1)
      for (const { name, listener } of listeners) {
        const round = (await listener.ask({ ask: "round" })) as StretchRound;
        if (count >= WARM_UPS) played.get(name)?.push(round);
      }
    return played;
  } finally {
    await Promise.all(processes.map((one) => one.close()));
  }
}
