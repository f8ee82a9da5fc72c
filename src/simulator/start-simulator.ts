import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ExchangeInProcess } from "./exchange-in-process.ts";
import { openExchange } from "./exchange-in-process.ts";
import { parseTradeFile } from "./replay/trade-file.ts";
import { createHttpServer } from "./server/http-server.ts";
import { serveStreams } from "./server/stream-server.ts";
import type { SimulationOptions } from "./simulation.ts";
import type { SwitchSettings } from "./switches.ts";

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The same seed gives the same markets, history and moves. */
  readonly seed?: number;
  readonly symbolCount?: number;
  /** `speed` is recorded seconds a second; 0 plays as fast as it can. */
  readonly replay?: {
    readonly file: string;
    readonly symbol: string;
    readonly speed: number;
    readonly originalTimes: boolean;
  };
  /** Accounts to have; without any there is one with a key made from the seed. */
  readonly keys?: readonly { readonly apiKey: string; readonly apiSecret: string }[];
  /** Enforce the weights and the orders a second. Off unless asked for. */
  readonly limits?: boolean;
  /** Readings of uncertain facts other than the usual ones; switches.ts lists them. */
  readonly switches?: SwitchSettings;
  /** File that keeps accounts, orders and trades over a restart. */
  readonly statePath?: string;
  /** The clock, in ms since 1970. Everything the simulator times goes by it. */
  readonly now?: () => number;
  /** Nothing happens by itself: whoever moves the clock says when, by `step`. */
  readonly manual?: boolean;
}

export interface RunningSimulator {
  readonly restUrl: string;
  readonly wsUrl: string;
  /** Of the first account. */
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Plays, answers, pushes and sweeps all that is due by the clock now. */
  step(): void;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const DEFAULT_SYMBOLS = 60;

/**
 * Starts the simulated exchange on the loopback address.
 * @throws Error naming what is wrong with the recording, the switches, the state file or the port
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const replay = options.replay === undefined ? undefined : loadReplay(options.replay);
  let ticker: Ticker | undefined;
  const exchange = openExchange({
    seed: options.seed ?? 1,
    symbolCount: options.symbolCount ?? DEFAULT_SYMBOLS,
    replay,
    keys: options.keys,
    limits: options.limits,
    switches: options.switches,
    statePath: options.statePath,
    now: options.now ?? Date.now,
    onSooner: () => ticker?.hasten(),
  });
  const http = createHttpServer(exchange.serve);
  serveStreams(http, exchange.connections);
  const port = await listen(http, options.port ?? 0).catch((error: unknown) => {
    exchange.close();
    throw error;
  });
  exchange.step();
  ticker = options.manual === true ? undefined : startTicking(exchange);
  return {
    restUrl: `http://${HOST}:${String(port)}`,
    wsUrl: `ws://${HOST}:${String(port)}/ws`,
    apiKey: exchange.apiKey,
    apiSecret: exchange.apiSecret,
    step: exchange.step,
    close: async () => {
      ticker?.stop();
      exchange.connections.disconnectAll("terminate");
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
      exchange.close();
    },
  };
}

interface Ticker {
  /** Something is due sooner than the next tick may be. */
  readonly hasten: () => void;
  readonly stop: () => void;
}

/** Steps in real time, as often as somebody listens closely and in time for what is scheduled. */
function startTicking({ venue, step }: ExchangeInProcess): Ticker {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    const dueInMs = Math.max(0, (venue.schedule.nextAt ?? Number.POSITIVE_INFINITY) - venue.now());
    timer = setTimeout(tick, Math.min(venue.hub.tickMs, dueInMs));
  };
  const tick = (): void => {
    step();
    wait();
  };
  wait();
  return {
    hasten: wait,
    stop: () => {
      clearTimeout(timer);
    },
  };
}

function loadReplay(replay: NonNullable<SimulatorOptions["replay"]>): SimulationOptions["replay"] {
  const { file, symbol, speed, originalTimes } = replay;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`cannot read the recording ${file}: ${error instanceof Error ? error.message : "unknown reason"}`, {
      cause: error,
    });
  }
  return { symbol, speed, originalTimes, trades: parseTradeFile(text, file) };
}

async function listen(http: Server, port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      reject(isTaken ? new Error(`port ${String(port)} on ${HOST} is already in use`, { cause: error }) : error);
    });
    http.listen(port, HOST, () => {
      resolve((http.address() as AddressInfo).port);
    });
  });
}
