import type { AccountFeed, AccountFeedEvent } from "../../../core/ports/account-feed.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import { balanceFromPush, fillFromPush, reportFromPush } from "../to-domain/stream.ts";
import { PRIVATE_CHANNELS } from "./channels.ts";
import type { ConnectionTimings } from "./connection-timings.ts";
import type { Connection } from "./connection.ts";
import { createConnection } from "./connection.ts";
import type { Push } from "./decode-push.ts";
import type { FeedHealth } from "./feed-health.ts";
import type { ListenKeys } from "./listen-key.ts";
import { createListenKeyHolder } from "./listen-key.ts";
import { createPoisonBox } from "./poison-box.ts";
import { after } from "./timer.ts";
import type { OpenWireSocket } from "./wire-socket.ts";

export interface AccountFeedParts {
  readonly wsUrl: string;
  readonly listenKeys: ListenKeys;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly timings?: Partial<ConnectionTimings>;
  /** How sockets are opened; over the network unless said otherwise. */
  readonly openSocket?: OpenWireSocket | undefined;
}

/** A stream that stays away must not hold the start up: the account is read by REST meanwhile. */
const PATIENCE_MS = 5_000;

export function createAccountFeed(parts: AccountFeedParts): AccountFeed & { health(): FeedHealth } {
  const { clock, logger } = parts;
  const poison = createPoisonBox(clock, logger);
  const lifetime = new AbortController();
  let connection: Connection | undefined;
  const keys = createListenKeyHolder({
    listenKeys: parts.listenKeys,
    clock,
    logger,
    // The old stream may speak on for a while, so the new one is there before it goes.
    onLost: (why) => connection?.renew(why),
  });

  async function address(): Promise<string> {
    return `${parts.wsUrl}?listenKey=${encodeURIComponent(await keys.current(lifetime.signal))}`;
  }

  /** The key is of no use: leaves it behind and connects by another. */
  function leaveKey(why: string): void {
    keys.replace();
    connection?.reconnect(why);
    // Every socket is dropped by now. Without this, a stream that never comes up would use up the account's keys.
    keys.removeReplaced();
  }

  function eventOf(push: Push): AccountFeedEvent | undefined {
    const { body, symbol, sendTime } = push;
    try {
      if (body.kind === "order") return { type: "order-report", report: reportFromPush(symbol, body, sendTime) };
      if (body.kind === "private-deal") return { type: "fill", fill: fillFromPush(symbol, body) };
      if (body.kind === "account") return { type: "balance", balance: balanceFromPush(body, sendTime) };
    } catch (cause) {
      poison.row(cause);
      return { type: "missed", why: "a private push could not be read" };
    }
    return undefined;
  }

  return {
    async start(listener, signal) {
      // The first key is fetched here, so that a bad API key is told at once instead of being retried for ever.
      await keys.current(signal);
      if (lifetime.signal.aborted) return;
      const ready = Promise.withResolvers<undefined>();
      const onAbort = () => {
        ready.resolve(undefined);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const stopWaiting = after(clock, PATIENCE_MS, onAbort);
      let waitingForAnswers = false;
      const stands = () => {
        listener({ type: "connection", state: { kind: "connected" } });
        keys.removeReplaced();
        ready.resolve(undefined);
      };
      connection = createConnection({
        address,
        clock,
        random: parts.random,
        poison,
        logger,
        ...(parts.timings === undefined ? {} : { timings: parts.timings }),
        openSocket: parts.openSocket,
        listener: {
          push: (push) => {
            const event = eventOf(push);
            if (event !== undefined) listener(event);
          },
          state: (state) => {
            // "Connected" is told once the channels are answered: only then does nothing get lost any more.
            waitingForAnswers = state.kind === "connected";
            if (!waitingForAnswers) listener({ type: "connection", state });
          },
          accepted: () => undefined,
          subscribed: () => {
            if (!waitingForAnswers) return;
            waitingForAnswers = false;
            stands();
          },
          renewed: stands,
          unreadable: () => {
            listener({ type: "missed", why: "a private push could not be decoded" });
          },
          refused: (channel, reason) => {
            // A stream without one of its channels would look alive and lose what it was meant to say.
            logger.error("a private channel was refused", { channel, reason });
            leaveKey(`a private channel was refused: ${reason}`);
            for (const wanted of PRIVATE_CHANNELS) connection?.subscribe(wanted);
          },
          text: (text) => {
            logger.warn("the private stream said", { text });
            if (/listen\s*key/i.test(text)) leaveKey("the exchange no longer knows the stream's key");
          },
        },
      });
      for (const channel of PRIVATE_CHANNELS) connection.subscribe(channel);
      await ready.promise;
      stopWaiting();
      signal.removeEventListener("abort", onAbort);
    },
    async close() {
      lifetime.abort();
      connection?.close();
      await keys.close();
    },
    health: () => ({
      poison: poison.count,
      samples: poison.samples,
      reconnects: connection?.reconnects ?? 0,
      renewals: connection?.renewals ?? 0,
      silences: 0,
      lastDataAt: connection?.lastDataAt,
    }),
  };
}
