import { Random } from "./random.ts";
import { Schedule } from "./schedule.ts";
import type { RawRequest } from "./server/answer-request.ts";
import type { Served } from "./server/serve-request.ts";
import { serveRequest } from "./server/serve-request.ts";
import { StreamConnections } from "./server/stream-connections.ts";
import { Venue } from "./server/venue.ts";
import type { SimulationOptions } from "./simulation.ts";
import { EventLog } from "./state/event-log.ts";
import type { SwitchSettings } from "./switches.ts";
import { Switches } from "./switches.ts";

export interface ExchangeInProcessOptions {
  /** The same seed gives the same markets, history and moves. */
  readonly seed: number;
  readonly symbolCount: number;
  readonly replay?: SimulationOptions["replay"];
  /** Accounts to have; without any there is one with a key made from the seed. */
  readonly keys?: readonly { readonly apiKey: string; readonly apiSecret: string }[] | undefined;
  /** Enforce the weights and the orders a second. */
  readonly limits?: boolean | undefined;
  readonly switches?: SwitchSettings | undefined;
  /** File that keeps accounts, orders and trades over a restart. */
  readonly statePath?: string | undefined;
  /** The clock, in ms since 1970. Everything the exchange times goes by it. */
  readonly now: () => number;
  /** Called when something is due before all that waited until then. */
  readonly onSooner?: () => void;
}

/** The whole simulated exchange without a port to listen on: the server carries it, and so may a test. */
export interface ExchangeInProcess {
  readonly venue: Venue;
  readonly connections: StreamConnections;
  /** Of the first account. */
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Serves a request as the faults that wait for it will have it. */
  serve(request: RawRequest): Promise<Served>;
  /** Plays, answers, pushes and sweeps all that is due by the clock now. */
  step(): void;
  /** Drops the streams, and lets go of the file. */
  close(): void;
}

/** @throws Error naming what is wrong with the switches or the state file */
export function openExchange(options: ExchangeInProcessOptions): ExchangeInProcess {
  const { seed, now } = options;
  const switches = new Switches(options.switches);
  const keys = options.keys === undefined || options.keys.length === 0 ? [keyFor(seed)] : options.keys;
  const log = options.statePath === undefined ? undefined : new EventLog(options.statePath);
  const venue = new Venue({
    seed,
    symbolCount: options.symbolCount,
    replay: options.replay,
    keys,
    limits: options.limits ?? false,
    switches,
    log,
    now,
    schedule: new Schedule(now, options.onSooner),
  });
  const connections = new StreamConnections(venue);
  const control = {
    venue,
    disconnectAll: (manner: "close" | "terminate") => {
      connections.disconnectAll(manner);
    },
  };
  return {
    venue,
    connections,
    apiKey: keys[0]?.apiKey ?? "",
    apiSecret: keys[0]?.apiSecret ?? "",
    serve: (request) => serveRequest(control, request),
    step() {
      venue.tick();
      connections.sweep();
    },
    close() {
      connections.disconnectAll("terminate");
      log?.close();
    },
  };
}

function keyFor(seed: number): { readonly apiKey: string; readonly apiSecret: string } {
  const random = new Random(seed).fork("account");
  return { apiKey: `mx0${random.hex(15)}`, apiSecret: random.hex(32) };
}
