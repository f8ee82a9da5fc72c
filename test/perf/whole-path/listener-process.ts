import type { Heard, ListenerName } from "./listeners.ts";
import { LISTENERS } from "./listeners.ts";
import { recordStretch } from "./market-stretch.ts";

/** One stretch taken in, from its first data to its last. */
export interface StretchRound {
  readonly wallMs: number;
  /** Time on the processors, the garbage collector's threads included. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly heard: Heard;
}

const [name, wsUrl, ...numbers] = process.argv.slice(2);
const [seed = 0, beats = 1, symbols = 1] = numbers.map(Number);
const stretch = recordStretch({ seed, beats, symbols });
const listen = LISTENERS[name as ListenerName];

process.on("message", () => {
  void play();
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");

async function play(): Promise<void> {
  process.send?.(await round());
}

async function round(): Promise<StretchRound> {
  let [began, cpuBefore] = [0, process.cpuUsage()];
  const heard = await listen(wsUrl ?? "", stretch, () => {
    began = performance.now();
    cpuBefore = process.cpuUsage();
  });
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs, cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss(), heard };
}
