import type { Quantity } from "../../core/domain/money.ts";
import { quantity } from "../../core/domain/money.ts";
import { PendingFaults } from "../control/faults.ts";
import type { AccountEvent } from "../engine/account-event.ts";
import type { Exchange } from "../engine/exchange.ts";
import type { ExchangeOrder } from "../engine/order.ts";
import { isOpen } from "../engine/order.ts";
import type { Schedule } from "../schedule.ts";
import type { SimulationOptions } from "../simulation.ts";
import { Simulation } from "../simulation.ts";
import type { EventLog } from "../state/event-log.ts";
import { StreamHub } from "../streams/hub.ts";
import type { Switches } from "../switches.ts";
import type { ApiKey, KeySettings } from "./api-keys.ts";
import { ApiKeys } from "./api-keys.ts";
import { Firewall } from "./firewall.ts";
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
  readonly hasLimits: boolean;
  readonly faults = new PendingFaults();
  readonly switches: Switches;
  /** What is to happen later, on the clock of `now`. */
  readonly schedule: Schedule;
  clockOffsetMs = 0;
  readonly #options: VenueOptions;
  #simulation: Simulation;
  #hub: StreamHub;
  #listenKeys: ListenKeys;
  #keys: ApiKeys;
  #limits = new RateLimits();
  #firewall = new Firewall();

  constructor(options: VenueOptions) {
    this.#options = options;
    this.switches = options.switches;
    this.hasLimits = options.limits;
    this.schedule = options.schedule;
    const made = this.#open(options.seed);
    this.#simulation = made.simulation;
    this.#hub = made.hub;
    this.#listenKeys = new ListenKeys(options.now, options.switches);
    this.#keys = this.#firstKeys();
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

  get keys(): ApiKeys {
    return this.#keys;
  }

  get limits(): RateLimits {
    return this.#limits;
  }

  get firewall(): Firewall {
    return this.#firewall;
  }

  /** Adds or alters a key. An account that is new with it is funded as the others were. */
  putKey(settings: KeySettings): ApiKey {
    const key = this.#keys.put(settings, this.now());
    this.#fund();
    return key;
  }

  now(): number {
    return this.#options.now();
  }

  serverTime(): number {
    return this.now() + this.clockOffsetMs;
  }

  /**
   * Cancels an open order, at once or as much later as the venue takes. Until then it may still fill.
   * @returns a copy of the order as it is now. @throws Refusal -2011 when it is not open
   */
  cancel(order: ExchangeOrder): ExchangeOrder {
    const { exchange } = this;
    const latencyMs = this.switches.get("cancel-latency-ms");
    if (latencyMs === 0 || !isOpen(order.status)) return exchange.cancel(order);
    this.schedule.after(latencyMs, () => {
      if (isOpen(order.status)) exchange.cancel(order);
    });
    return { ...order };
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
    this.#listenKeys = new ListenKeys(this.#options.now, this.switches);
    this.#keys = this.#firstKeys();
    this.#limits = new RateLimits();
    this.#firewall = new Firewall();
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
      switches: this.switches,
      startTime: now(),
      onTrade: (market, trade) => hub?.onTrade(market.symbol, trade),
      onLevel: (symbol, side, price, total) => hub?.onLevel(symbol, side, price, total),
      onAccountEvents: (events: readonly AccountEvent[]) => {
        log?.append(events, simulation.ids.last);
        hub?.onAccountEvents(events);
      },
    });
    hub = new StreamHub({ exchange: simulation.exchange, now, schedule: this.schedule, switches: this.switches });
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
    exchange.wallet.apply(stored.movements);
    for (const fill of stored.fills) exchange.orders.addFill(fill);
    for (const order of stored.orders) exchange.orders.put(order);
    for (const order of stored.orders) {
      if (isOpen(order.status) && exchange.markets.has(order.symbol)) exchange.resume(order);
    }
  }

  #firstKeys(): ApiKeys {
    const keys = new ApiKeys();
    for (const { apiKey, apiSecret } of this.#options.keys) keys.put({ apiKey, secret: apiSecret }, this.now());
    return keys;
  }

  #fund(): void {
    const { exchange } = this.#simulation;
    for (const account of this.#keys.accounts()) {
      if (exchange.ledger.has(account)) continue;
      exchange.ledger.open(account);
      for (const [asset, amount] of Object.entries(FUNDING)) exchange.deposit(account, asset, amount);
    }
  }
}
