import type { Price, Quantity } from "../../core/domain/money.ts";
import type { AccountEvent } from "../engine/account-event.ts";
import { ownerOf } from "../engine/account-event.ts";
import type { Exchange } from "../engine/exchange.ts";
import type { Side, TapeTrade } from "../engine/order.ts";
import type { Schedule } from "../schedule.ts";
import type { Switches } from "../switches.ts";
import { encodeBalance, encodeFill, encodeOrder } from "../wire/private-messages.ts";
import type { PushFrame } from "../wire/push-frame.ts";
import { encodePushFrame } from "../wire/push-frame.ts";
import type { Channel, PrivateTopic } from "./channel.ts";
import { parseChannel, symbolOf } from "./channel.ts";
import { createFeed } from "./create-feed.ts";
import type { Feed, FeedOutput } from "./feed.ts";
import { inPushOrder, topicOf } from "./private-order.ts";
import { PushFaults } from "./push-faults.ts";

/** Somebody at the other end of a connection. */
export interface Listener {
  /** The account whose private channels it may hear. */
  readonly apiKey: string | undefined;
  /** Takes one binary frame, which many listeners share: it must not be changed. */
  readonly push: (frame: Uint8Array) => void;
  /** The connection is gone at once, without a word. */
  readonly hangUp: () => void;
}

export interface HubDependencies {
  readonly exchange: Exchange;
  readonly now: () => number;
  readonly schedule: Schedule;
  readonly switches: Switches;
}

interface OpenChannel {
  readonly name: string;
  readonly symbol: string | undefined;
  readonly feed: Feed;
  readonly listeners: Set<Listener>;
  slot: number;
}

/** A frame on its way, the channel it is of, and who hears it. */
interface Delivery {
  /** Frames of one lane can overtake one another. */
  readonly lane: string;
  readonly channel: string;
  readonly symbol: string | undefined;
  readonly frame: Uint8Array;
  readonly listeners: Iterable<Listener>;
}

const SLOW_TICK_MS = 50;
const FAST_TICK_MS = 10;

/** Who listens to what. Each channel is collected and encoded once, and only while somebody listens. */
export class StreamHub {
  readonly faults = new PushFaults();
  readonly #deps: HubDependencies;
  readonly #channels = new Map<string, OpenChannel>();
  readonly #bySymbol = new Map<string, Set<OpenChannel>>();
  readonly #private: Record<PrivateTopic, Set<Listener>> = { account: new Set(), deals: new Set(), orders: new Set() };
  /** Frames that let the next one of their lane go first. */
  readonly #overtaken = new Map<string, Delivery[]>();
  #fastChannels = 0;
  /** Private events of silent channels, in the order they happened. */
  #unsaid: AccountEvent[] = [];

  constructor(deps: HubDependencies) {
    this.#deps = deps;
  }

  /** How often `flush` is wanted. */
  get tickMs(): number {
    return this.#fastChannels > 0 ? FAST_TICK_MS : SLOW_TICK_MS;
  }

  /** @returns the channel, or undefined when the exchange blocks it for this listener */
  subscribe(listener: Listener, name: string): Channel | undefined {
    const channel = parseChannel(name);
    if (channel === undefined) return undefined;
    if (channel.kind === "private") {
      if (listener.apiKey === undefined) return undefined;
      this.#private[channel.topic].add(listener);
      return channel;
    }
    const { exchange, switches } = this.#deps;
    if (channel.kind === "depthBatch" && switches.get("depth-batch-channel") === "blocked") return undefined;
    const symbol = symbolOf(channel);
    if (symbol !== undefined && !this.#mayHear(listener, symbol)) return undefined;
    const open = this.#channels.get(name) ?? this.#open(name, symbol, createFeed(channel, exchange));
    open.listeners.add(listener);
    open.feed.repeat?.();
    return channel;
  }

  unsubscribe(listener: Listener, name: string): void {
    const channel = parseChannel(name);
    if (channel?.kind === "private") this.#private[channel.topic].delete(listener);
    const open = this.#channels.get(name);
    if (open === undefined) return;
    open.listeners.delete(listener);
    if (open.listeners.size > 0) return;
    this.#channels.delete(name);
    if (isFast(open)) this.#fastChannels -= 1;
    if (open.symbol !== undefined) this.#bySymbol.get(open.symbol)?.delete(open);
  }

  onTrade(symbol: string, trade: TapeTrade): void {
    for (const channel of this.#bySymbol.get(symbol) ?? []) channel.feed.onTrade?.(trade);
  }

  onLevel(symbol: string, side: Side, price: Price, total: Quantity): void {
    for (const channel of this.#bySymbol.get(symbol) ?? []) channel.feed.onLevel?.(side, price, total);
  }

  /** Private pushes leave at once. */
  onAccountEvents(events: readonly AccountEvent[]): void {
    this.#unsaid.push(...inPushOrder(events, this.#deps.switches.get("private-push-order")));
    this.#sayPrivate();
  }

  /** Sends what is due by now. */
  flush(now: number): void {
    this.#sayPrivate();
    for (const channel of this.#channels.values()) {
      const slot = Math.floor(now / channel.feed.everyMs);
      if (slot === channel.slot || this.faults.isSilent({ channel: channel.name, symbol: channel.symbol }, now))
        continue;
      channel.slot = slot;
      for (const output of channel.feed.produce(now)) this.#pushPublic(channel, output, now);
    }
  }

  #mayHear({ apiKey }: Listener, symbol: string): boolean {
    const market = this.#deps.exchange.markets.get(symbol);
    if (market === undefined) return false;
    const admitted = market.instrument.assessmentAccounts;
    return admitted === undefined || (apiKey !== undefined && admitted.has(apiKey));
  }

  #open(name: string, symbol: string | undefined, feed: Feed): OpenChannel {
    const open: OpenChannel = { name, symbol, feed, listeners: new Set(), slot: 0 };
    this.#channels.set(name, open);
    if (isFast(open)) this.#fastChannels += 1;
    if (symbol !== undefined) {
      const siblings = this.#bySymbol.get(symbol) ?? new Set();
      this.#bySymbol.set(symbol, siblings.add(open));
    }
    return open;
  }

  #pushPublic({ name, symbol, listeners }: OpenChannel, output: FeedOutput, now: number): void {
    const named = symbol === undefined ? {} : { symbol };
    const frame = encodePushFrame({ channel: name, ...named, sendTime: now, ...output });
    this.#send({ lane: name, channel: name, symbol, frame, listeners });
  }

  #sayPrivate(): void {
    if (this.#unsaid.length === 0) return;
    const now = this.#deps.now();
    const events = this.#unsaid;
    this.#unsaid = [];
    for (const event of events) {
      const channel = channelOf(event);
      if (this.faults.isSilent({ channel, symbol: symbolOfEvent(event) }, now)) this.#unsaid.push(event);
      else this.#pushPrivate(event, channel, now);
    }
  }

  #pushPrivate(event: AccountEvent, channel: string, now: number): void {
    const apiKey = ownerOf(event);
    const listeners = [...this.#private[topicOf(event)]].filter((listener) => listener.apiKey === apiKey);
    if (listeners.length === 0) return;
    const symbol = symbolOfEvent(event);
    const frame = encodePushFrame({
      channel,
      ...(symbol === undefined ? {} : { symbol }),
      sendTime: now,
      ...bodyOf(event),
    });
    this.#send({ lane: `${channel} ${apiKey}`, channel, symbol, frame, listeners });
  }

  /** Lets a frame fare as the faults will have it. */
  #send(delivery: Delivery): void {
    const { now, hangsUp, later, afterNext } = this.faults.fateOf(delivery, delivery.frame);
    if (hangsUp === true) for (const listener of delivery.listeners) listener.hangUp();
    for (const frame of now) deliver({ ...delivery, frame });
    if (later !== undefined) {
      this.#deps.schedule.after(later.afterMs, () => {
        deliver(delivery);
      });
    }
    const { lane } = delivery;
    if (afterNext !== undefined) {
      this.#overtaken.set(lane, [...(this.#overtaken.get(lane) ?? []), delivery]);
      this.#deps.schedule.after(afterNext.atMostMs, () => {
        this.#releaseOvertaken(lane);
      });
    } else if (now.length > 0) {
      this.#releaseOvertaken(lane);
    }
  }

  #releaseOvertaken(lane: string): void {
    for (const delivery of this.#overtaken.get(lane) ?? []) deliver(delivery);
    this.#overtaken.delete(lane);
  }
}

function deliver({ frame, listeners }: Delivery): void {
  for (const listener of listeners) listener.push(frame);
}

function isFast(channel: OpenChannel): boolean {
  return channel.feed.everyMs < SLOW_TICK_MS;
}

function channelOf(event: AccountEvent): string {
  return `spot@private.${topicOf(event)}.v3.api.pb`;
}

function symbolOfEvent(event: AccountEvent): string | undefined {
  if (event.kind === "balance") return undefined;
  return event.kind === "order" ? event.order.symbol : event.fill.symbol;
}

function bodyOf(event: AccountEvent): Pick<PushFrame, "kind" | "body" | "createTime"> {
  switch (event.kind) {
    case "order":
      return { kind: "privateOrders", body: encodeOrder(event) };
    case "fill":
      return { kind: "privateDeals", body: encodeFill(event.fill) };
    case "balance":
      return { kind: "privateAccount", createTime: event.time, body: encodeBalance(event) };
  }
}
