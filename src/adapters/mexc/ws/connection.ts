import { safeText } from "../../../core/domain/safe-text.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import { kindOfRefusal } from "./acknowledgement.ts";
import type { ConnectionListener } from "./connection-listener.ts";
import type { ConnectionTimings } from "./connection-timings.ts";
import { TIMINGS } from "./connection-timings.ts";
import type { PoisonBox } from "./poison-box.ts";
import type { StreamSocket } from "./stream-socket.ts";
import { createStreamSocket } from "./stream-socket.ts";
import { after } from "./timer.ts";
import type { OpenWireSocket } from "./wire-socket.ts";
import { openWebSocket } from "./wire-socket.ts";

/** Subscriptions a socket takes in its whole life; leaving a channel gives no room back. */
export const MOST_CHANNELS = 30;

export interface Connection {
  /** At most thirty at a time. */
  subscribe(channel: string): void;
  unsubscribe(channel: string): void;
  readonly size: number;
  /**
   * Opens a second socket, waits until every channel streams there, and only then closes the first. Does nothing while
   * a socket takes over already, or while there is none that could hand over.
   */
  renew(why: string): void;
  /** Drops the socket and connects anew after the usual wait, for example with another address. */
  reconnect(why: string): void;
  close(): void;
  /** How often it had to be connected again after a loss. */
  readonly reconnects: number;
  /** How often a new socket took over. */
  readonly renewals: number;
  /** When the newest frame of data came, on the monotonic clock in ms; undefined before the first. */
  readonly lastDataAt: number | undefined;
}

export interface ConnectionParts {
  /** Asked before every attempt: a private address changes with its key. @throws to wait and try again. */
  readonly address: () => Promise<string>;
  readonly listener: ConnectionListener;
  readonly clock: Clock;
  readonly random: () => number;
  readonly poison: PoisonBox;
  readonly logger: Logger;
  readonly timings?: Partial<ConnectionTimings>;
  /** How sockets are opened; over the network unless said otherwise. */
  readonly openSocket?: OpenWireSocket | undefined;
}

/** One socket with what is known of it. */
interface Leg {
  readonly source: number;
  readonly socket: StreamSocket;
  readonly accepted: Set<string>;
  /** Channels heard while one takes over from the other: what the old one tells, the new one must tell too. */
  readonly heard: Set<string>;
  readonly openedAt: number;
  cancelTimer: () => void;
}

/**
 * A stream that stays: it comes back by itself when its socket is lost, asks for all its channels again, and moves to a
 * fresh socket in time, before the exchange ends the old one or when its subscriptions are used up.
 */
export function createConnection(parts: ConnectionParts): Connection {
  const timings = { ...TIMINGS, ...parts.timings };
  const { clock, listener, logger } = parts;
  const channels = new Set<string>();
  let current: Leg | undefined;
  let successor: Leg | undefined;
  /** Was to take over and ran full before it did; it speaks on until the next successor has all its channels. */
  let passedOver: Leg | undefined;
  let isRenewing = false;
  let renewalReason = "";
  let cancelRetry: () => void = () => undefined;
  let attempts = 0;
  let closed = false;
  /** Counts attempts, so that one which was overtaken knows it. */
  let generation = 0;
  let sources = 0;
  let connects = 0;
  let renewals = 0;
  let lastDataAt: number | undefined;

  async function connect(): Promise<void> {
    const mine = (generation += 1);
    connects += 1;
    listener.state({ kind: "connecting" });
    let address: string;
    try {
      address = await parts.address();
    } catch (cause) {
      if (!closed && mine === generation) retry(cause instanceof Error ? cause.message : "no address");
      return;
    }
    if (closed || mine !== generation) return;
    current = openLeg(address);
  }

  function openLeg(address: string): Leg {
    const leg: Leg = {
      source: (sources += 1),
      accepted: new Set(),
      heard: new Set(),
      openedAt: clock.monotonic(),
      cancelTimer: () => undefined,
      socket: createStreamSocket({
        address,
        open: parts.openSocket ?? openWebSocket,
        clock,
        poison: parts.poison,
        logger,
        pingMs: timings.pingMs,
        silenceMs: timings.silenceMs,
        answerMs: timings.answerMs,
        listener: {
          opened: () => {
            if (leg === current) {
              listener.state({ kind: "connected" });
              startAging(leg);
            }
            if (channels.size === 0) answered(leg);
          },
          push: (push) => {
            lastDataAt = clock.monotonic();
            attempts = 0;
            if (successor !== undefined) leg.heard.add(push.channel);
            listener.push(push, leg.source);
          },
          unreadable: () => {
            listener.unreadable();
          },
          accepted: (channel) => {
            leg.accepted.add(channel);
            if (channels.has(channel)) listener.accepted(channel);
            answered(leg);
          },
          refused: (channel, reason) => {
            refused(leg, channel, reason);
            answered(leg);
          },
          text: (text) => {
            listener.text(text);
          },
          ended: (why) => {
            ended(leg, why);
          },
        },
      }),
    };
    for (const channel of channels) leg.socket.subscribe(channel);
    return leg;
  }

  /** A little earlier each: many connections opened together must not all move together. */
  function startAging(leg: Leg): void {
    leg.cancelTimer();
    const left = timings.lifetimeMs * (1 - parts.random() * 0.02) - (clock.monotonic() - leg.openedAt);
    leg.cancelTimer = after(clock, Math.max(0, left), () => {
      renew("its day is nearly over");
    });
  }

  /** What made a move necessary goes on being true, so it is tried until it works or the old socket ends. */
  function renewLater(why: string): void {
    isRenewing = false;
    current?.cancelTimer();
    if (current !== undefined) {
      current.cancelTimer = after(clock, timings.takeOverMs, () => {
        renew(why);
      });
    }
  }

  function answered(leg: Leg): void {
    // A refusal may have made the listener drop the socket.
    if (leg.socket.waiting > 0 || !leg.socket.isOpen) return;
    if (leg === current) listener.subscribed();
    else if (leg === successor) beginOverlap(leg);
  }

  /** @returns whether a fresh socket, asked for less, may get what this one did not. */
  function isForRoom(leg: Leg, reason: string): boolean {
    const { used } = leg.socket;
    return kindOfRefusal(reason) === "no-room" ? used > 1 : used >= MOST_CHANNELS && used > channels.size;
  }

  function refused(leg: Leg, channel: string, reason: string): void {
    if (!channels.has(channel) || (leg !== current && leg !== successor)) return;
    if (leg === successor && isForRoom(leg, reason) && leg.socket.used > channels.size) {
      passOver("it takes no more subscriptions");
      return;
    }
    if (leg === successor && current?.accepted.has(channel) === true) {
      // What streams now would be lost by moving.
      giveUpSuccessor(`it was refused ${channel}: ${reason}`);
      return;
    }
    if (leg === current && isForRoom(leg, reason)) {
      renew("the exchange takes no more subscriptions on it");
      return;
    }
    channels.delete(channel);
    listener.refused(channel, reason);
  }

  function ended(leg: Leg, why: string): void {
    leg.cancelTimer();
    if (leg === passedOver) passedOver = undefined;
    else if (leg === successor) giveUpSuccessor(why);
    else if (leg === current) lose(why, leg);
  }

  function renew(why: string): void {
    if (closed || isRenewing || current?.socket.isOpen !== true) return;
    isRenewing = true;
    const mine = generation;
    logger.info("a new connection takes over", { why });
    parts.address().then(
      (address) => {
        if (closed || mine !== generation || current === undefined) {
          isRenewing = false;
          return;
        }
        renewalReason = why;
        const leg = openLeg(address);
        successor = leg;
        leg.cancelTimer = after(clock, timings.takeOverMs, () => {
          giveUpSuccessor("it did not take over in time");
        });
      },
      (cause: unknown) => {
        if (closed || mine !== generation) return;
        renewLater(why);
        logger.warn("no address for the connection that was to take over", { cause: String(cause) });
      },
    );
  }

  /** What nobody but the successor streams must not fall silent, so it goes only when the next one is ready. */
  function passOver(why: string): void {
    forgetPassedOver();
    passedOver = successor;
    passedOver?.cancelTimer();
    successor = undefined;
    isRenewing = false;
    renew(why);
  }

  function forgetPassedOver(): void {
    if (passedOver !== undefined) forget(passedOver);
    passedOver = undefined;
  }

  function giveUpSuccessor(why: string): void {
    const leg = successor;
    if (leg === undefined) return;
    logger.warn("the connection that was to take over was given up; the old one goes on", { why });
    forget(leg);
    forgetPassedOver();
    successor = undefined;
    renewLater(renewalReason);
    // A channel that only the successor was asked for has nobody now.
    const missing = [...channels].filter((channel) => current?.accepted.has(channel) !== true);
    if (missing.length > 0 && current !== undefined) lose(why, current);
  }

  function beginOverlap(leg: Leg): void {
    leg.cancelTimer();
    forgetPassedOver();
    const startedAt = clock.monotonic();
    current?.heard.clear();
    const look = () => {
      if (leg !== successor || current === undefined) return;
      const isLive = [...current.heard].every((channel) => leg.heard.has(channel) || !channels.has(channel));
      if (isLive) {
        takeOver(leg);
        return;
      }
      if (clock.monotonic() - startedAt > timings.takeOverMs) giveUpSuccessor("some channels stayed silent on it");
      else leg.cancelTimer = after(clock, timings.overlapMs, look);
    };
    leg.cancelTimer = after(clock, timings.overlapMs, look);
  }

  function takeOver(leg: Leg): void {
    const old = current;
    current = leg;
    successor = undefined;
    isRenewing = false;
    renewals += 1;
    leg.heard.clear();
    if (old !== undefined) forget(old);
    startAging(leg);
    listener.renewed();
  }

  function forget(leg: Leg): void {
    leg.cancelTimer();
    leg.socket.close();
  }

  function lose(why: string, leg?: Leg): void {
    if (leg !== undefined && clock.monotonic() - leg.openedAt >= timings.steadyMs) attempts = 0;
    if (successor?.socket.isOpen === true) {
      // Half moved already: the rest of the way is shorter than any new attempt.
      const next = successor;
      if (leg !== undefined) forget(leg);
      forgetPassedOver();
      current = next;
      successor = undefined;
      isRenewing = false;
      next.cancelTimer();
      startAging(next);
      connects += 1;
      listener.state({ kind: "connecting" });
      listener.state({ kind: "connected" });
      for (const channel of next.accepted) if (channels.has(channel)) listener.accepted(channel);
      answered(next);
      return;
    }
    drop();
    if (!closed) retry(why);
  }

  function drop(): void {
    // Whatever attempt is under way no longer counts.
    generation += 1;
    isRenewing = false;
    forgetPassedOver();
    for (const leg of [current, successor]) if (leg !== undefined) forget(leg);
    current = undefined;
    successor = undefined;
  }

  function retry(why: string): void {
    const ceiling = Math.min(timings.longestRetryMs, timings.firstRetryMs * 2 ** attempts);
    attempts += 1;
    // Between half and the whole of the wait: many consoles must not come back in the same instant.
    const retryInMs = Math.round(ceiling * (0.5 + parts.random() * 0.5));
    listener.state({ kind: "waiting", why: safeText(why, 120), retryInMs });
    cancelRetry();
    cancelRetry = after(clock, retryInMs, () => void connect());
  }

  // In a turn of its own, so that whoever creates the connection holds it before it speaks.
  queueMicrotask(() => {
    if (!closed) void connect();
  });
  return {
    subscribe(channel) {
      if (channels.has(channel)) return;
      channels.add(channel);
      if (successor !== undefined && successor.socket.used >= MOST_CHANNELS) passOver("its subscriptions are used up");
      else if (successor !== undefined) successor.socket.subscribe(channel);
      else if (current !== undefined && current.socket.used < MOST_CHANNELS) current.socket.subscribe(channel);
      else renew("its subscriptions are used up");
    },
    unsubscribe(channel) {
      if (!channels.delete(channel)) return;
      for (const leg of [current, successor, passedOver]) {
        leg?.accepted.delete(channel);
        leg?.socket.unsubscribe(channel);
      }
    },
    get size() {
      return channels.size;
    },
    renew,
    reconnect(why) {
      if (closed) return;
      drop();
      retry(why);
    },
    close() {
      closed = true;
      cancelRetry();
      drop();
    },
    get reconnects() {
      return Math.max(0, connects - 1);
    },
    get renewals() {
      return renewals;
    },
    get lastDataAt() {
      return lastDataAt;
    },
  };
}
