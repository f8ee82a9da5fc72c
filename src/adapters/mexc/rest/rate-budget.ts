import type { Clock } from "../../../core/ports/clock.ts";
import type { PauseHealth, UseHealth } from "../../../core/domain/exchange-health.ts";
import type { Lane, RequestCost } from "./request-cost.ts";
import { LANES } from "./request-cost.ts";
import type { Held, Pause, SharedUse } from "./shared-use.ts";
import { ALONE } from "./shared-use.ts";

interface Pool {
  readonly most: number;
  readonly windowMs: number;
  readonly costOf: (cost: Held["cost"]) => number;
}

/**
 * The exchange's limits of 2026: 300 weight in ten seconds an address, twelve order actions a second. Its support names
 * twenty requests a second for everything, and its firewall seems to agree; who keeps to all three is safe under each.
 */
const POOLS: readonly Pool[] = [
  { most: 300, windowMs: 10_000, costOf: (cost) => cost.weight },
  { most: 12, windowMs: 1_000, costOf: (cost) => (cost.isOrderAction ? 1 : 0) },
  { most: 20, windowMs: 1_000, costOf: () => 1 },
];
const NOTHING = { used: 0, most: 0 };
const LONGEST_WINDOW_MS = Math.max(...POOLS.map((pool) => pool.windowMs));
/** Market data and history leave the rest to whoever trades. */
const BACKGROUND_SHARE = 0.6;
/** Longer than this nobody waits for room: the caller is told when to come back. */
const LONGEST_WAIT_MS: Readonly<Record<Lane, number>> = {
  cancel: 3_000,
  exit: 2_000,
  order: 2_000,
  account: 5_000,
  watch: 5_000,
  market: 15_000,
  history: 30_000,
};
const LOOK_AGAIN_MS = 50;
/** The answers that ask for a pause, with how long it is when the exchange puts no number on it. */
const PAUSES: Readonly<Record<number, { readonly why: string; readonly usualMs: number }>> = {
  403: { why: "the exchange's firewall keeps this address out for a while (403)", usualMs: 90_000 },
  418: { why: "the exchange has banned this address for a while (418)", usualMs: 120_000 },
  429: { why: "the exchange asked for a pause (429)", usualMs: 10_000 },
};
/** How long the pause is that such an answer asks for without a number; undefined when it asks for none. */
export function usualPauseMs(status: number | undefined): number | undefined {
  return status === undefined ? undefined : PAUSES[status]?.usualMs;
}

/** The firewall names no time: whoever trades tries again sooner than the rest, and each time later. */
const FIRST_FIREWALL_PAUSE_MS = 5_000;

interface Spent extends Held {
  /** When the answer came, so that the exchange counted it no later; undefined while under way. */
  endedAt: number | undefined;
}

export type Admission =
  | { readonly kind: "go"; readonly done: (status: number | undefined, retryAfterSeconds: number | undefined) => void }
  | { readonly kind: "wait"; readonly why: string; readonly forMs: number };

export interface RateBudget {
  /** Resolves once the request may leave, or with how long the caller had better wait. Rejects when aborted. */
  admit(cost: RequestCost, signal: AbortSignal): Promise<Admission>;
  /** How long the exchange has told us to keep away; undefined when it has not. */
  pause(): PauseHealth | undefined;
  /** What of the limits is used at this moment. */
  use(): UseHealth;
}

/**
 * Counts as the exchange counts, so that it never has to say no. A request holds its share of a sliding window from its
 * sending until one window after its answer: whenever in between the exchange counted it, it has forgotten it by then.
 */
export function createRateBudget(clock: Clock, shared: SharedUse = ALONE): RateBudget {
  let spent: Spent[] = [];
  const waiting: { readonly lane: Lane }[] = [];
  let ownPause: Pause | undefined;
  let firewallHits = 0;

  function forget(now: number): void {
    spent = spent.filter((one) => one.endedAt === undefined || now - one.endedAt < LONGEST_WINDOW_MS);
  }

  /** Our own and what others hold, as far as it still counts in a window. */
  const heldIn = (windowMs: number, others: readonly Held[], now: number): readonly Held[] =>
    [...spent, ...others].filter((one) => one.endedAt === undefined || now - one.endedAt < windowMs);

  function usedOf({ windowMs, costOf }: Pool, others: readonly Held[], now: number): number {
    return heldIn(windowMs, others, now).reduce((sum, one) => sum + costOf(one.cost), 0);
  }

  /** The longer of what we were told and what another process was. */
  function presentPause(theirs: Pause | undefined): Pause | undefined {
    if (ownPause === undefined || theirs === undefined) return ownPause ?? theirs;
    return {
      why: ownPause.untilMs >= theirs.untilMs ? ownPause.why : theirs.why,
      untilMs: Math.max(ownPause.untilMs, theirs.untilMs),
      tradingUntilMs: Math.max(ownPause.tradingUntilMs, theirs.tradingUntilMs),
    };
  }

  /** @returns 0 when there is room in every pool, else how long until there may be, ms */
  function waitFor(cost: RequestCost, others: readonly Held[], now: number): number {
    const share = isBackground(cost.lane) ? BACKGROUND_SHARE : 1;
    let longest = 0;
    for (const pool of POOLS) {
      const { most, windowMs, costOf } = pool;
      const wanted = costOf(cost);
      if (wanted === 0) continue;
      const used = usedOf(pool, others, now);
      // A request dearer than the share must still get through when nothing else is under way.
      if (used === 0 || used + wanted <= most * share) continue;
      const ends = heldIn(windowMs, others, now).map((one) =>
        one.endedAt === undefined ? LOOK_AGAIN_MS : one.endedAt + windowMs - now,
      );
      longest = Math.max(longest, Math.min(...ends));
    }
    return longest;
  }

  function pausedFor(lane: Lane, pause: Pause | undefined, now: number): number {
    if (pause === undefined) return 0;
    return Math.max(0, (isBackground(lane) ? pause.untilMs : pause.tradingUntilMs) - now);
  }

  function note(status: number | undefined, retryAfterSeconds: number | undefined): void {
    if (status === undefined) return;
    const asked = PAUSES[status];
    if (asked === undefined) {
      if (status < 500) firewallHits = 0;
      return;
    }
    const now = clock.monotonic();
    const fullMs = retryAfterSeconds === undefined ? asked.usualMs : retryAfterSeconds * 1_000;
    const isFirewall = status === 403;
    const tradingMs = isFirewall ? Math.min(fullMs, FIRST_FIREWALL_PAUSE_MS * 2 ** firewallHits) : fullMs;
    if (isFirewall) firewallHits += 1;
    ownPause = {
      why: asked.why,
      untilMs: Math.max(ownPause?.untilMs ?? -Infinity, now + fullMs),
      tradingUntilMs: Math.max(ownPause?.tradingUntilMs ?? -Infinity, now + tradingMs),
    };
    shared.tell(ownPause);
  }

  /** @returns undefined when another process took the room first */
  function take(cost: RequestCost, now: number): Admission | undefined {
    const reservation = shared.reserve(cost);
    if (waitFor(cost, reservation.before, now) > 0) {
      reservation.retract();
      return undefined;
    }
    const entry: Spent = { cost, endedAt: undefined };
    spent.push(entry);
    return {
      kind: "go",
      done(status, retryAfterSeconds) {
        entry.endedAt = clock.monotonic();
        reservation.end();
        note(status, retryAfterSeconds);
      },
    };
  }

  return {
    async admit(cost, signal) {
      const me = { lane: cost.lane };
      const givesUpAt = clock.monotonic() + LONGEST_WAIT_MS[cost.lane];
      waiting.push(me);
      try {
        for (;;) {
          const now = clock.monotonic();
          forget(now);
          const seen = shared.look();
          const pause = presentPause(seen.pause);
          const pausedMs = pausedFor(cost.lane, pause, now);
          if (now + pausedMs > givesUpAt) {
            return { kind: "wait", why: pause?.why ?? "the exchange's limits are used up", forMs: pausedMs };
          }
          const roomMs = Math.max(pausedMs, waitFor(cost, seen.others, now));
          const taken = roomMs === 0 && isFirst(waiting, me) ? take(cost, now) : undefined;
          if (taken !== undefined) return taken;
          if (now >= givesUpAt) return { kind: "wait", why: "the exchange's limits are used up", forMs: roomMs };
          await clock.sleep(Math.min(Math.max(roomMs, 1), LOOK_AGAIN_MS), signal);
        }
      } finally {
        waiting.splice(waiting.indexOf(me), 1);
      }
    },
    pause() {
      const now = clock.monotonic();
      const pause = presentPause(shared.look().pause);
      if (pause === undefined || pause.untilMs <= now) return undefined;
      const left = (until: number) => Math.max(0, Math.ceil(until - now));
      return { why: pause.why, forMs: left(pause.untilMs), tradingForMs: left(pause.tradingUntilMs) };
    },
    use() {
      const now = clock.monotonic();
      forget(now);
      const { others } = shared.look();
      const [weight, orders] = POOLS.map((pool) => ({ used: usedOf(pool, others, now), most: pool.most }));
      return { weight: weight ?? NOTHING, orderActions: orders ?? NOTHING };
    },
  };
}

function isBackground(lane: Lane): boolean {
  return LANES[lane] >= LANES.market;
}

/** Nobody of a better lane waits, and nobody of the same lane came earlier. */
function isFirst(waiting: readonly { readonly lane: Lane }[], me: { readonly lane: Lane }): boolean {
  for (const other of waiting) {
    if (other === me) return waiting.every((one) => LANES[one.lane] >= LANES[me.lane]);
    if (LANES[other.lane] <= LANES[me.lane]) return false;
  }
  return true;
}
