import { createMexcExchange } from "../../../src/adapters/mexc/create-mexc-exchange.ts";
import { after } from "../../../src/adapters/mexc/ws/timer.ts";
import { createIdSource } from "../../../src/adapters/system/id-source.ts";
import type { App } from "../../../src/app/app.ts";
import type { AccountStorage } from "../../../src/app/app-parts.ts";
import { assembleApp } from "../../../src/app/assemble-app.ts";
import { AppError } from "../../../src/core/domain/errors.ts";
import type { JournalBatch } from "../../../src/core/ports/journal.ts";
import type { Logger } from "../../../src/core/ports/logger.ts";
import { ACCOUNT, onDisk } from "./disk.ts";
import { createNetwork } from "./network.ts";
import { createProcessClock } from "./process-clock.ts";
import type { Doom, ProcessLife } from "./process-life.ts";
import { createProcessLife, ProcessDied } from "./process-life.ts";
import type { World } from "./world.ts";

/** One process of the product: the assembled app on a clock, a disk and a network that obey the world. */
export interface SimProcess {
  readonly name: string;
  readonly app: App;
  readonly life: ProcessLife;
  /** Waits of this process that have not ended. */
  readonly sleeping: number;
  /** Runs something of this process; what it throws is noted, and a bug when it is no AppError. */
  act(what: string, work: (app: App, signal: AbortSignal) => Promise<unknown>): void;
  kill(): void;
  readonly isClosed: boolean;
}

/** A list of trades by REST is counted on up to this long before it was made, ms. */
const UNTOLD_MS = 2_000;

export function startProcess(world: World, name: string, dooms: readonly Doom[]): SimProcess | undefined {
  const { queue, trace } = world;
  const note = (line: string) => {
    trace.note(`${name} ${line}`);
  };
  const life = createProcessLife({
    dooms,
    later: (waitMs, run) => void queue.after(waitMs, run),
    note,
    onFreeze: world.noteFreeze,
  });
  const timed = createProcessClock(queue, life, world.clockShiftMs);
  const { clock } = timed;
  const random = world.randomOf(name);
  const ids = createIdSource({
    now: () => clock.now(),
    randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
  });
  const logger = createNotingLogger(note);
  const guard = world.startPid(life);
  const connection = world.disk.connect({ clock, ids, guard });
  const { storage } = connection;
  life.onDeath(connection.release);
  const disk = {
    life,
    note,
    isFull: () => world.diskIsFull(),
    onWritten: (call: string, written: unknown) => {
      if (call === "journal.commit") world.onCommit({ process: name, holder: guard.holder }, written as JournalBatch);
    },
  };
  const exchange = createMexcExchange({
    endpoints: { restUrl: "http://127.0.0.1:1", wsUrl: "ws://127.0.0.1:1/ws" },
    keys: { apiKey: world.exchange.apiKey, apiSecret: Buffer.from(world.exchange.apiSecret) },
    clock,
    random,
    logger,
    sender: createNetwork({
      queue,
      exchange: world.exchange,
      weather: world.weather,
      life,
      note,
      onSent: (request) => {
        world.onSent(name, request, clock.now());
      },
      onTrades: (madeAt) => {
        if (life.state === "running") world.onHeard(guard.holder, madeAt - UNTOLD_MS);
      },
    }),
    openSocket: world.wires.open(life, note, () => {
      world.onHeard(guard.holder, queue.now);
    }),
  });
  const stored = Object.fromEntries(
    Object.entries(connection.account).map(([part, store]) => [part, onDisk(part, store as object, disk)]),
  ) as unknown as AccountStorage;
  let isClosed = false;
  let app: App;
  try {
    app = assembleApp({
      identity: { mode: "demo", version: "0", exchange: "simulated", accountId: ACCOUNT },
      places: { databaseFile: "", configFile: "", logFile: "" },
      exchange,
      limits: world.limits,
      clock,
      ids,
      logger,
      settings: onDisk("settings", storage.settings, disk),
      account: { id: ACCOUNT, ...stored },
      allOrders: storage.allOrders,
      demoControls: undefined,
      schedule: (run, waitMs) => after(clock, waitMs, run),
      dispose: () => {
        isClosed = true;
        connection.release();
        return Promise.resolve();
      },
    });
  } catch (cause) {
    if (life.state !== "dead") life.die("it could not start");
    if (cause instanceof ProcessDied || cause instanceof AppError) return undefined;
    throw cause;
  }
  // What dies while it writes its first line may not notice that it is dead.
  if (life.state === "dead") return undefined;
  const alive = new AbortController();

  async function perform(what: string, work: (app: App, signal: AbortSignal) => Promise<unknown>): Promise<void> {
    if (isClosed) return;
    note(what);
    try {
      await work(app, alive.signal);
    } catch (cause) {
      if (life.state === "dead" || cause instanceof ProcessDied) return;
      if (cause instanceof AppError) note(`${what}: ${cause.code}`);
      else if (!isClosed) world.violate("no-bugs", `${name} ${what}: ${describe(cause)}`);
    }
  }

  return {
    name,
    app,
    life,
    get sleeping() {
      return timed.sleeping;
    },
    get isClosed() {
      return isClosed;
    },
    act(what, work) {
      if (isClosed) return;
      // Whoever types into a frozen process waits until it thaws.
      life.arrive(() => void perform(what, work));
    },
    kill() {
      life.die("it is killed");
    },
  };
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function createNotingLogger(note: (line: string) => void): Logger {
  return {
    info: () => undefined,
    warn: (message, fields) => {
      note(`warns: ${message} ${JSON.stringify(fields ?? {})}`);
    },
    error: (message, fields) => {
      note(`error: ${message} ${JSON.stringify(fields ?? {})}`);
    },
  };
}
