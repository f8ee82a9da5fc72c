import type { GuardIdentity } from "../../../src/adapters/storage/guard-lease.ts";
import type { HttpRequest } from "../../../src/adapters/mexc/rest/http-request.ts";
import { notional } from "../../../src/core/domain/money.ts";
import type { RiskLimits } from "../../../src/core/domain/risk-request.ts";
import type { JournalBatch } from "../../../src/core/ports/journal.ts";
import type { ExchangeInProcess } from "../../../src/simulator/exchange-in-process.ts";
import { openExchange } from "../../../src/simulator/exchange-in-process.ts";
import type { InvariantName } from "../invariants/invariants.ts";
import { WIDE_LIMITS } from "../../core/domain/samples.ts";
import { createRandom } from "../seeded-random.ts";
import type { Disk } from "./disk.ts";
import type { EventQueue } from "./event-queue.ts";
import { createEventQueue } from "./event-queue.ts";
import { microtasksDone } from "./microtasks.ts";
import type { ProcessLife } from "./process-life.ts";
import { ProcessDied } from "./process-life.ts";
import type { StreamWires } from "./stream-wire.ts";
import { createStreamWires } from "./stream-wire.ts";
import type { Trace } from "./trace.ts";
import { createTrace } from "./trace.ts";
import type { Weather } from "./weather.ts";
import { createWeather } from "./weather.ts";

/** When every simulated world begins, ms since 1970. */
export const START = Date.UTC(2026, 5, 1);

export interface Violation {
  readonly invariant: InvariantName;
  readonly what: string;
}

/** A request that left a process, by the process's clock. */
export interface SentRequest {
  readonly process: string;
  readonly request: HttpRequest;
  readonly at: number;
}

/** A process, and the run that it is for the lease. */
export interface Writer {
  readonly process: string;
  readonly holder: string;
}

/** One exchange, one network, one disk and one machine, on one clock; processes are started into it. */
export interface World {
  readonly seed: number;
  readonly queue: EventQueue;
  readonly trace: Trace;
  readonly exchange: ExchangeInProcess;
  readonly weather: Weather;
  readonly wires: StreamWires;
  readonly disk: Disk;
  readonly limits: RiskLimits;
  /** Whether the limits let hardly anything be bought. */
  readonly isTight: boolean;
  noteFreeze(): void;
  freezes(): number;
  readonly violations: readonly Violation[];
  /** Draws of their own for each part, so that a change of one does not shuffle the others. */
  randomOf(part: string): () => number;
  /** How far this machine's clock is set from the true time, ms. */
  clockShiftMs(): number;
  setClock(shiftMs: number): void;
  diskIsFull(): boolean;
  setDiskFullUntil(at: number): void;
  /** Gives a process its number among the machine's; the number is free again once it is dead. */
  startPid(life: ProcessLife): GuardIdentity;
  onSent(process: string, request: HttpRequest, at: number): void;
  onRequest(listener: (sent: SentRequest) => void): void;
  /** A commit has survived. */
  onCommit(writer: Writer, batch: JournalBatch): void;
  onCommitted(listener: (writer: Writer, batch: JournalBatch) => void): void;
  /** The process that is this run has been told all that the market did until then: by a push, or by REST. */
  onHeard(holder: string, until: number): void;
  onHearing(listener: (holder: string, until: number) => void): void;
  violate(invariant: InvariantName, what: string): void;
  /** Lets time pass; `watch` looks at the world after every event. */
  pass(durationMs: number, watch: () => void): Promise<void>;
}

export interface WorldOptions {
  readonly seed: number;
  readonly disk: Disk;
  readonly keepsTrace: boolean;
}

/** Little more than the account begins with, which is one bitcoin of some 65,000. */
const TIGHT_LIMITS: RiskLimits = { ...WIDE_LIMITS, exposurePerSymbol: new Map([["USDT", notional("68000")]]) };
const DUPLICATE_READINGS = ["refuse-all", "refuse-all", "refuse-open", "accept"];

/** Begins a world on an empty disk. */
export function openWorld({ seed, disk, keepsTrace }: WorldOptions): World {
  disk.wipe();
  const randomOf = (part: string) => createRandom(hashOf(`${String(seed)} ${part}`));
  const dice = randomOf("climate");
  const queue = createEventQueue(START);
  const trace = createTrace(() => queue.now, START, keepsTrace);
  const violations: Violation[] = [];
  const listeners: ((sent: SentRequest) => void)[] = [];
  const commits: ((writer: Writer, batch: JournalBatch) => void)[] = [];
  const hearings: ((holder: string, until: number) => void)[] = [];
  const pick = <T>(from: readonly T[]): T => from[Math.floor(dice() * from.length)] as T;
  const duplicates = pick(DUPLICATE_READINGS);
  const exchange = openExchange({
    seed,
    symbolCount: 1,
    now: () => queue.now,
    limits: dice() < 0.3,
    switches: {
      "duplicate-client-ids": duplicates,
      "cancel-latency-ms": dice() < 0.4 ? Math.floor(dice() * 1_500) : 0,
      "cancel-answer": pick(["before", "canceled", "minimal"]),
      "my-trades-lag-ms": dice() < 0.4 ? Math.floor(dice() * 2_000) : 0,
      "private-push-order": pick(["as-happened", "backwards"]),
      "listen-key-reuse": pick(["new", "same"]),
      "zero-balances": pick(["omitted", "shown"]),
    },
  });
  const weather = createWeather({ random: randomOf("weather"), doublesOrders: duplicates !== "refuse-all" });
  const isTight = randomOf("limits")() < 0.15;
  const lives = new Set<number>();
  let freezes = 0;
  let pids = 1_000;
  let clockShiftMs = 0;
  let diskFullUntil = 0;

  return {
    seed,
    queue,
    trace,
    exchange,
    weather,
    wires: createStreamWires(queue, exchange, weather),
    disk,
    limits: isTight ? TIGHT_LIMITS : WIDE_LIMITS,
    isTight,
    noteFreeze() {
      freezes += 1;
    },
    freezes: () => freezes,
    violations,
    randomOf,
    clockShiftMs: () => clockShiftMs,
    setClock(shiftMs) {
      trace.note(`the machine's clock is set ${String(shiftMs - clockShiftMs)} ms`);
      clockShiftMs = shiftMs;
    },
    diskIsFull: () => queue.now < diskFullUntil,
    setDiskFullUntil(at) {
      diskFullUntil = at;
    },
    startPid(life) {
      pids += 1;
      const pid = pids;
      lives.add(pid);
      life.onDeath(() => lives.delete(pid));
      return { holder: `run-${String(pid)}`, pid, host: "here", isProcessAlive: (other) => lives.has(other) };
    },
    onSent(process, request, at) {
      for (const listener of listeners) listener({ process, request, at });
    },
    onRequest(listener) {
      listeners.push(listener);
    },
    onCommit(writer, batch) {
      for (const listener of commits) listener(writer, batch);
    },
    onCommitted(listener) {
      commits.push(listener);
    },
    onHeard(holder, until) {
      for (const listener of hearings) listener(holder, until);
    },
    onHearing(listener) {
      hearings.push(listener);
    },
    violate(invariant, what) {
      trace.note(`VIOLATED ${invariant}: ${what}`);
      violations.push({ invariant, what });
    },
    async pass(durationMs, watch) {
      const until = queue.now + durationMs;
      await microtasksDone();
      for (;;) {
        try {
          if (!queue.runNext(until)) break;
        } catch (cause) {
          if (!(cause instanceof ProcessDied)) throw cause;
        }
        await microtasksDone();
        watch();
        if (violations.length > 0) return;
      }
      await microtasksDone();
    },
  };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
