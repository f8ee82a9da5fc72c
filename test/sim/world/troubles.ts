import { quantity } from "../../../src/core/domain/money.ts";
import type { World } from "./world.ts";

/** What goes wrong besides single requests: pushes, streams, clocks, the disk. Each is a name and a deed. */
export type Trouble = readonly [name: string, strike: (world: World, random: () => number) => void];

const between = (random: () => number, least: number, most: number) => Math.floor(least + random() * (most - least));

const PUSH_FAULTS = ["drop-push", "duplicate-push", "reorder-push", "delay-push", "poison-push"] as const;

export const TROUBLES: readonly Trouble[] = [
  [
    "pushes",
    ({ exchange }, random) => {
      const kind = PUSH_FAULTS[between(random, 0, PUSH_FAULTS.length)] ?? "drop-push";
      const channel = random() < 0.7 ? "private" : "aggre";
      const delayMs = between(random, 100, 8_000);
      exchange.venue.hub.faults.add({ kind, channel, count: between(random, 1, 8), seed: 1, delayMs });
    },
  ],
  [
    "stall",
    ({ exchange, queue }, random) => {
      const channel = random() < 0.5 ? "" : "private";
      exchange.venue.hub.faults.stall({ channel }, queue.now + between(random, 1_000, 60_000));
    },
  ],
  [
    "reset",
    ({ wires }) => {
      wires.breakAll("reset");
    },
  ],
  [
    "silence",
    ({ wires }) => {
      wires.breakAll("silent");
    },
  ],
  [
    "close",
    ({ exchange }) => {
      exchange.connections.disconnectAll("close");
    },
  ],
  [
    "clock set",
    (world, random) => {
      const shiftMs = random() < 0.5 ? between(random, -4_000, 4_000) : between(random, -300_000, 300_000);
      world.setClock(random() < 0.4 ? 0 : shiftMs);
    },
  ],
  [
    "exchange's clock off",
    ({ exchange }, random) => {
      exchange.venue.clockOffsetMs = between(random, -4_000, 4_000);
    },
  ],
  [
    "disk full",
    (world, random) => {
      world.setDiskFullUntil(world.queue.now + between(random, 100, 8_000));
    },
  ],
  [
    "deposit",
    ({ exchange }, random) => {
      exchange.venue.exchange.deposit(accountOf(exchange), "USDT", quantity(String(between(random, 1, 1_000))));
    },
  ],
];

/** Takes back everything that these may have left. */
export function endTroubles(world: World): void {
  const { venue } = world.exchange;
  world.weather.calm();
  venue.faults.clear();
  venue.hub.faults.clear();
  venue.clockOffsetMs = 0;
  world.setClock(0);
  world.setDiskFullUntil(0);
}

export function accountOf({ venue, apiKey }: World["exchange"]): string {
  return venue.keys.find(apiKey)?.account ?? apiKey;
}
