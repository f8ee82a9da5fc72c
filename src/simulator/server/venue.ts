import type { Quantity } from "../../core/domain/money.ts";
import { quantity } from "../../core/domain/money.ts";
import { PendingFaults } from "../control/faults.ts";
import type { AccountEvent } from "../engine/account-event.ts";
import type { Exchange } from "../engine/exchange.ts";
import { isOpen } from "../engine/order.ts";
import type { Schedule } from "../schedule.ts";
import type { SimulationOptions } from "../simulation.ts";
import { Simulation } from "../simulation.ts";
import type { EventLog } from "../state/event-log.ts";
import { StreamHub } from "../streams/hub.ts";
import type { Switches } from "../switches.ts";
import { RateLimits } from "./limits.ts";
import { ListenKeys } from "./listen-keys.ts";

const FUNDING: Readonly<Record<string, Quantity>> = {
  USDT: quantity("100000"),
  BTC: quantity("1"),
  ETH: quantity("10"),
};

export interface VenueOptions {
  readonly seed: number;
  readonly symbolCount: number;
  readonly replay: SimulationOptions["replay"];
  readonly keys: readonly { readonly apiKey: string; readonly apiSecret: string }[];
  readonly limits: boolean;
  readonly switches: Switches;
  readonly log: EventLog | undefined;
  readonly now: () => number;
  readonly schedule: Schedule;
}

/** Everything behind the servers: the simulation, its streams, and what a control call can bend. */
export class Venue {
  readonly secrets: ReadonlyMap<string, string>;
  readonly faults = new PendingFaults();
  readonly switches: Switches;
  readonly limits: RateLimits | undefined;
  /** What is to happen later, on the clock of `now`. */
  readonly schedule: Schedule;
  clockOffsetMs = 0;
  readonly #options: VenueOptions;
  #simulation: Simulation;
  #hub: StreamHub;
  #listenKeys: ListenKeys;

  constructor(options: VenueOptions) {
    this.#options = options;
    this.switches = options.switches;
    this.secrets = new Map(options.keys.map((key) => [key.apiKey, key.apiSecret]));
    this.schedule = options.schedule;
    this.limits = options.limits ? new RateLimits() : undefined;
    const made = this.#open(options.seed);
    this.#simulation = made.simulation;
    this.#hub = made.hub;
    this.#listenKeys = new ListenKeys(options.now);
    this.#restore();
    this.#fund();
  }

  get exchange(): Exchange {
    return this.#simulation.exchange;
  }

  get simulation(): Simulation {
    return this.#simulation;
  }

  get hub(): StreamHub {
    return this.#hub;
  }

  get listenKeys(): ListenKeys {
    return this.#listenKeys;
  }

  now(): number {
    return this.#options.now();
  }

  serverTime(): number {
    return this.now() + this.clockOffsetMs;
  }

  /** Plays, answers and pushes everything that is due. */
  tick(): void {
    const now = this.now();
    this.#simulation.step(now);
    this.schedule.runDue();
    this.#hub.flush(now);
  }

  /** Starts over: other moves for another seed, accounts funded as at first, no orders, no faults. */
  reset(seed = this.#options.seed): void {
    this.#options.log?.clear();
    this.faults.clear();
    this.switches.reset();
    this.clockOffsetMs = 0;
    const made = this.#open(seed);
    this.#simulation = made.simulation;
    this.#hub = made.hub;
    this.#listenKeys = new ListenKeys(this.#options.now);
    this.#fund();
  }

  #open(seed: number): { readonly simulation: Simulation; readonly hub: StreamHub } {
    const { symbolCount, replay, now, log } = this.#options;
    // The markets fill their books before there is a hub; nobody listens yet.
    let hub: StreamHub | undefined;
    const simulation: Simulation = new Simulation({
      seed,
      symbolCount,
      replay,
      now,
      startTime: now(),
      onTrade: (market, trade) => hub?.onTrade(market.symbol, trade),
      onLevel: (symbol, side, price, total) => hub?.onLevel(symbol, side, price, total),
      onAccountEvents: (events: readonly AccountEvent[]) => {
        log?.append(events, simulation.ids.last);
        hub?.onAccountEvents(events);
      },
    });
    hub = new StreamHub(simulation.exchange, now);
    return { simulation, hub };
  }

  /** Puts the accounts back as the log has them, and their open orders back in the book. */
  #restore(): void {
    const stored = this.#options.log?.stored;
    if (stored === undefined) return;
    const { exchange, ids } = this.#simulation;
    ids.skipTo(stored.sequence);
    for (const [apiKey, assets] of stored.balances) {
      for (const [asset, balance] of assets) exchange.ledger.set(apiKey, asset, balance);
    }
    for (const fill of stored.fills) exchange.orders.addFill(fill);
    for (const order of stored.orders) exchange.orders.put(order);
    for (const order of stored.orders) {
      if (isOpen(order.status) && exchange.markets.has(order.symbol)) exchange.resume(order);
    }
  }

  #fund(): void {
    const { exchange } = this.#simulation;
    for (const apiKey of this.secrets.keys()) {
      if (exchange.ledger.has(apiKey)) continue;
      exchange.ledger.open(apiKey);
      for (const [asset, amount] of Object.entries(FUNDING)) exchange.deposit(apiKey, asset, amount);
    }
  }
}
