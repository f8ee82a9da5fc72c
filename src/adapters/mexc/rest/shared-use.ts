import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { z } from "zod";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import type { RequestCost } from "./request-cost.ts";

/** A request's share of the limits, from its sending to some time after its answer. */
export interface Held {
  readonly cost: Pick<RequestCost, "weight" | "isOrderAction">;
  /** When the answer came, on this process's monotonic clock; undefined while under way. */
  readonly endedAt: number | undefined;
}

export interface Pause {
  readonly why: string;
  /** For market data and history, on this process's monotonic clock, ms. */
  readonly untilMs: number;
  readonly tradingUntilMs: number;
}

/** A request put down for all processes to see. */
export interface Reservation {
  /** What the others had put down before it. */
  readonly before: readonly Held[];
  end(): void;
  /** It was not sent after all. */
  retract(): void;
}

/** What the processes of one home use of one exchange's limits together. */
export interface SharedUse {
  /** What the others hold and whether to pause, after one look at what they have told. */
  look(): { readonly others: readonly Held[]; readonly pause: Pause | undefined };
  reserve(cost: RequestCost): Reservation;
  tell(pause: Pause): void;
  /** The exchange has said that it counts nothing: what was put down is taken back, and only pauses are shared. */
  stopCounting(): void;
  close(): void;
}

/** Shares with nobody. */
export const ALONE: SharedUse = {
  look: () => ({ others: [], pause: undefined }),
  reserve: () => ({ before: [], end: () => undefined, retract: () => undefined }),
  tell: () => undefined,
  stopCounting: () => undefined,
  close: () => undefined,
};

/** One line of the file, in wall time: a request that leaves, its end, or a pause. `x` names the exchange. */
const lineSchema = z.union([
  z.strictObject({ x: z.string(), id: z.string(), at: z.number(), weight: z.int().min(0), order: z.boolean() }),
  z.strictObject({ x: z.string(), id: z.string(), endedAt: z.number().nullable() }),
  z.strictObject({
    x: z.string(),
    why: z.string().max(200),
    untilMs: z.number(),
    tradingUntilMs: z.number(),
  }),
]);

/** A request of a process that died on the way ends by itself: no longer than a time-out may it last. */
const LONGEST_REQUEST_MS = 15_000;
/** No line matters longer, pauses apart. */
const KEEP_MS = 30_000;
const LARGEST_FILE = 256 * 1024;
const MOST_TAKEN_BACK = 100;

/**
 * Shares the use through a file that everyone appends to. The order of its lines decides who came first: a request is
 * put down, the file is read, and whoever finds no room before their own line takes it back. A file that cannot be used
 * is given up, and the process counts for itself.
 */
export function openSharedUse(parts: {
  readonly file: string;
  readonly restUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
}): SharedUse {
  const { file, clock, logger } = parts;
  const x = createHash("sha256").update(parts.restUrl).digest("hex").slice(0, 8);
  const me = `${process.pid}.${Math.round(performance.timeOrigin)}.${(instances += 1)}`;
  const others = new Map<string, { readonly held: Held; readonly at: number }>();
  let pause: Pause | undefined;
  let reader: { readonly descriptor: number; readonly inode: number; position: number; rest: string } | undefined;
  /** Asked before each request and for each look at the limits, so it is not made anew each time. */
  const buffer = Buffer.alloc(64 * 1024);
  let requests = 0;
  let broken = false;
  let counts = true;
  let compactBeyond = LARGEST_FILE;

  function safely(work: () => void): void {
    if (broken) return;
    try {
      work();
    } catch (cause) {
      broken = true;
      logger.warn("the use of the exchange's limits cannot be shared with other processes", { cause: String(cause) });
    }
  }

  // Only the wall clock is the same in all processes, and only the monotonic one cannot be set: a line is translated
  // once, when it is read, and from then on nobody's hand at the clock shortens or stretches it.
  const toOwn = (wall: number) => clock.monotonic() - (clock.now() - wall);
  const toWall = (own: number) => clock.now() - (clock.monotonic() - own);

  const write = (line: object) => {
    appendFileSync(file, `${JSON.stringify({ x, ...line })}\n`, { mode: 0o600 });
  };

  /** Reads what was appended since the last time. @param onOwn is told when our own line of this id comes by */
  function read(onOwn?: { readonly id: string; readonly passed: () => void }): void {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (reader === undefined || reader.inode !== found.ino || found.size < reader.position) {
      if (reader !== undefined) closeSync(reader.descriptor);
      const descriptor = openSync(file, "r");
      reader = { descriptor, inode: fstatSync(descriptor).ino, position: 0, rest: "" };
    }
    for (;;) {
      const count = readSync(reader.descriptor, buffer, 0, buffer.length, reader.position);
      if (count === 0) break;
      reader.position += count;
      const lines = (reader.rest + buffer.toString("latin1", 0, count)).split("\n");
      reader.rest = lines.pop() ?? "";
      for (const line of lines) take(line, onOwn);
    }
    if (reader.position > compactBeyond) compact();
  }

  function take(text: string, onOwn: Parameters<typeof read>[0]): void {
    const line = parseLine(text);
    if (line === undefined || line.x !== x) return;
    if ("untilMs" in line) {
      pause = {
        why: line.why,
        untilMs: Math.max(pause?.untilMs ?? -Infinity, toOwn(line.untilMs)),
        tradingUntilMs: Math.max(pause?.tradingUntilMs ?? -Infinity, toOwn(line.tradingUntilMs)),
      };
      return;
    }
    if (line.id.startsWith(`${me}/`)) {
      if (line.id === onOwn?.id && "at" in line) onOwn.passed();
      return;
    }
    if ("at" in line) {
      const cost = { weight: line.weight, isOrderAction: line.order };
      others.set(line.id, { held: { cost, endedAt: undefined }, at: toOwn(line.at) });
      return;
    }
    const begun = others.get(line.id);
    if (begun === undefined) return;
    if (line.endedAt === null) others.delete(line.id);
    else others.set(line.id, { ...begun, held: { ...begun.held, endedAt: toOwn(line.endedAt) } });
  }

  /** What others hold at this moment; what is too old to matter, or to be true, is forgotten. */
  function held(): readonly Held[] {
    const now = clock.monotonic();
    const all: Held[] = [];
    for (const [id, { held: one, at }] of others) {
      const endedAt = one.endedAt ?? (now - at > LONGEST_REQUEST_MS ? at + LONGEST_REQUEST_MS : undefined);
      if (at > now + KEEP_MS || (endedAt !== undefined && now - endedAt > KEEP_MS)) others.delete(id);
      else all.push({ ...one, endedAt });
    }
    return all;
  }

  /** Writes what still matters into a new file, in its place. The others see by its number that it is a new one. */
  function compact(): void {
    const now = clock.now();
    const lines: string[] = [];
    const known = new Set<string>();
    const descriptor = openSync(file, "r");
    const size = Math.min(fstatSync(descriptor).size, 2 * LARGEST_FILE);
    const tail = Buffer.alloc(size);
    readSync(descriptor, tail, 0, size, Math.max(0, fstatSync(descriptor).size - size));
    closeSync(descriptor);
    for (const text of tail.toString("latin1").split("\n")) {
      const line = parseLine(text);
      if (line === undefined) continue;
      if ("untilMs" in line ? line.untilMs > now : "at" in line ? now - line.at < KEEP_MS : known.has(line.id)) {
        lines.push(text);
        if ("at" in line) known.add(line.id);
      }
    }
    const fresh = `${file}.${me}`;
    const kept = lines.map((line) => `${line}\n`).join("");
    writeFileSync(fresh, kept, { mode: 0o600 });
    compactBeyond = Math.max(LARGEST_FILE, 2 * kept.length);
    try {
      renameSync(fresh, file);
    } catch {
      // Where a file that somebody reads cannot be replaced it grows on for a while.
      rmSync(fresh, { force: true });
      compactBeyond = size + LARGEST_FILE;
    }
  }

  return {
    look() {
      safely(() => read());
      return { others: broken || !counts ? [] : held(), pause };
    },
    reserve(cost) {
      if (!counts) return ALONE.reserve(cost);
      const id = `${me}/${(requests += 1)}`;
      let before: readonly Held[] = [];
      safely(() => {
        write({ id, at: clock.now(), weight: cost.weight, order: cost.isOrderAction });
        read({
          id,
          passed: () => {
            before = held();
          },
        });
      });
      const end = (endedAt: number | null) => {
        safely(() => write({ id, endedAt }));
      };
      return { before, end: () => end(clock.now()), retract: () => end(null) };
    },
    tell(told) {
      const { why, untilMs, tradingUntilMs } = told;
      safely(() => write({ why, untilMs: toWall(untilMs), tradingUntilMs: toWall(tradingUntilMs) }));
    },
    stopCounting() {
      if (!counts) return;
      counts = false;
      // The word comes with the first answer, so these are few.
      for (let request = Math.max(1, requests - MOST_TAKEN_BACK + 1); request <= requests; request += 1)
        safely(() => write({ id: `${me}/${request}`, endedAt: null }));
    },
    close() {
      if (reader !== undefined) closeSync(reader.descriptor);
      reader = undefined;
    },
  };
}

let instances = 0;

function parseLine(text: string): z.infer<typeof lineSchema> | undefined {
  if (text === "") return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
