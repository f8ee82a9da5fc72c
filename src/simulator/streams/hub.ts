import type { Price, Quantity } from "../../core/domain/money.ts";
import type { AccountEvent } from "../engine/account-event.ts";
import { ownerOf } from "../engine/account-event.ts";
import type { Exchange } from "../engine/exchange.ts";
import type { Side, TapeTrade } from "../engine/order.ts";
import { encodeBalance, encodeFill, encodeOrder } from "../wire/private-messages.ts";
import type { PushFrame } from "../wire/push-frame.ts";
import { encodePushFrame } from "../wire/push-frame.ts";
import type { Channel, PrivateTopic } from "./channel.ts";
import { parseChannel, symbolOf } from "./channel.ts";
import type { Feed, FeedOutput } from "./feed.ts";
import { createFeed } from "./feed.ts";

/** Somebody at the other end of a connection. */
export interface Listener {
  /** The account whose private channels it may hear. */
  readonly apiKey: string | undefined;
  /** Takes one binary frame, which many listeners share: it must not be changed. */
  readonly push: (frame: Uint8Array) => void;
}

interface OpenChannel {
  readonly name: string;
  readonly symbol: string | undefined;
  readonly feed: Feed;
  readonly listeners: Set<Listener>;
  slot: number;
}

const SLOW_TICK_MS = 50;
const FAST_TICK_MS = 10;

/** Who listens to what. Each channel is collected and encoded once, and only while somebody listens. */
export class StreamHub {
  readonly #exchange: Exchange;
  readonly #now: () => number;
  readonly #channels = new Map<string, OpenChannel>();
  readonly #bySymbol = new Map<string, Set<OpenChannel>>();
  readonly #private: Record<PrivateTopic, Set<Listener>> = { account: new Set(), deals: new Set(), orders: new Set() };
  readonly #droppedPushes = new Map<string, number>();
  #silentUntil = 0;
  #waiting: (() => void)[] = [];

  constructor(exchange: Exchange, now: () => number) {
    this.#exchange = exchange;
    this.#now = now;
  }

  /** How often `flush` is wanted. */
  get tickMs(): number {
    for (const channel of this.#channels.values()) if (channel.feed.everyMs < SLOW_TICK_MS) return FAST_TICK_MS;
    return SLOW_TICK_MS;
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
    const symbol = symbolOf(channel);
    if (symbol !== undefined && !this.#exchange.markets.has(symbol)) return undefined;
    const open = this.#channels.get(name) ?? this.#open(name, symbol, createFeed(channel, this.#exchange));
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
    if (open.symbol !== undefined) this.#bySymbol.get(open.symbol)?.delete(open);
  }

  onTrade(symbol: string, trade: TapeTrade): void {
    for (const channel of this.#bySymbol.get(symbol) ?? []) channel.feed.onTrade?.(trade);
  }

  onLevel(symbol: string, side: Side, price: Price, total: Quantity): void {
    for (const channel of this.#bySymbol.get(symbol) ?? []) channel.feed.onLevel?.(side, price, total);
  }

  /** Private pushes leave at once, in the order things happened. */
  onAccountEvents(events: readonly AccountEvent[]): void {
    for (const event of events)
      this.#whenHeard(() => {
        this.#pushPrivate(event);
      });
  }

  /** Sends what is due by now. */
  flush(now: number): void {
    if (now < this.#silentUntil) return;
    for (const deliver of this.#waiting.splice(0)) deliver();
    for (const channel of this.#channels.values()) {
      const slot = Math.floor(now / channel.feed.everyMs);
      if (slot === channel.slot) continue;
      channel.slot = slot;
      for (const output of channel.feed.produce(now)) this.#push(channel, output, now);
    }
  }

  /** The feed falls silent: nothing is pushed until then, and what happened meanwhile comes after. */
  silence(untilMs: number): void {
    this.#silentUntil = untilMs;
  }

  /** The next `count` depth pushes of a market get lost on each of its channels. */
  dropPushes(symbol: string, count: number): void {
    this.#droppedPushes.set(symbol, count);
  }

  #push(channel: OpenChannel, output: FeedOutput, now: number): void {
    if (this.#isDropped(channel, output.kind)) return;
    const named = channel.symbol === undefined ? {} : { symbol: channel.symbol };
    const frame = encodePushFrame({ channel: channel.name, ...named, sendTime: now, ...output });
    for (const listener of channel.listeners) listener.push(frame);
  }

  #open(name: string, symbol: string | undefined, feed: Feed): OpenChannel {
    const open: OpenChannel = { name, symbol, feed, listeners: new Set(), slot: 0 };
    this.#channels.set(name, open);
    if (symbol !== undefined) {
      const siblings = this.#bySymbol.get(symbol) ?? new Set();
      this.#bySymbol.set(symbol, siblings.add(open));
    }
    return open;
  }

  #isDropped(channel: OpenChannel, kind: PushFrame["kind"]): boolean {
    const left = this.#droppedPushes.get(channel.symbol ?? "") ?? 0;
    if (kind !== "publicAggreDepths" || left === 0) return false;
    this.#droppedPushes.set(channel.symbol ?? "", left - 1);
    return true;
  }

  #whenHeard(deliver: () => void): void {
    if (this.#now() < this.#silentUntil || this.#waiting.length > 0) this.#waiting.push(deliver);
    else deliver();
  }

  #pushPrivate(event: AccountEvent): void {
    const topic = event.kind === "order" ? "orders" : event.kind === "fill" ? "deals" : "account";
    const apiKey = ownerOf(event);
    const listeners = [...this.#private[topic]].filter((listener) => listener.apiKey === apiKey);
    if (listeners.length === 0) return;
    const frame = encodePushFrame({
      channel: `spot@private.${topic}.v3.api.pb`,
      sendTime: this.#now(),
      ...bodyOf(event),
    });
    for (const listener of listeners) listener.push(frame);
  }
}

function bodyOf(event: AccountEvent): Pick<PushFrame, "kind" | "body" | "symbol" | "createTime"> {
  switch (event.kind) {
    case "order":
      return { kind: "privateOrders", symbol: event.order.symbol, body: encodeOrder(event) };
    case "fill":
      return { kind: "privateDeals", symbol: event.fill.symbol, body: encodeFill(event.fill) };
    case "balance":
      return { kind: "privateAccount", createTime: event.time, body: encodeBalance(event) };
  }
}
