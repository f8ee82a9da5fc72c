import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { AccountFeed, AccountFeedEvent } from "../../../core/ports/account-feed.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import { balanceFromPush, fillFromPush, reportFromPush } from "../to-domain/stream.ts";
import { PRIVATE_CHANNELS } from "./channels.ts";
import type { Connection, ConnectionTimings } from "./connection.ts";
import { createConnection } from "./connection.ts";
import type { Push } from "./decode-push.ts";
import type { FeedHealth } from "./feed-health.ts";

/** Keys of the private stream: valid for an hour, kept alive from here. */
export interface ListenKeys {
  create(signal: AbortSignal): Promise<string>;
  keepAlive(key: string, signal: AbortSignal): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface AccountFeedParts {
  readonly wsUrl: string;
  readonly listenKeys: ListenKeys;
  readonly random: () => number;
  readonly logger: Logger;
  readonly timings?: Partial<ConnectionTimings> & { readonly keepAliveMs?: number };
}

/** Twice in the hour for which a key holds, so that one failure costs nothing. */
const KEEP_ALIVE_MS = 25 * 60_000;
/** A stream that stays away must not hold the start up: the account is read by REST meanwhile. */
const PATIENCE_MS = 5_000;

export function createAccountFeed(parts: AccountFeedParts): AccountFeed & { health(): FeedHealth } {
  const { listenKeys, logger } = parts;
  let connection: Connection | undefined;
  let listenKey: string | undefined;
  let keepAliveTimer: NodeJS.Timeout | undefined;
  const lifetime = new AbortController();
  let poisonRows = 0;
  let failedKeepAlives = 0;

  /** The key in use as long as it holds, else a new one. */
  async function address(): Promise<string> {
    listenKey ??= await listenKeys.create(lifetime.signal);
    return `${parts.wsUrl}?listenKey=${encodeURIComponent(listenKey)}`;
  }

  async function keepAlive(): Promise<void> {
    const key = listenKey;
    if (key === undefined) return;
    try {
      await listenKeys.keepAlive(key, lifetime.signal);
      failedKeepAlives = 0;
    } catch (cause) {
      if (lifetime.signal.aborted || listenKey !== key) return;
      failedKeepAlives += 1;
      logger.warn("the listen key could not be kept alive", { cause: String(cause), failedKeepAlives });
      const refused = !(cause instanceof AppError) || cause.exitCode !== EXIT_CODES.unavailable;
      if (refused || failedKeepAlives > 1) renewKey("the key of the private stream may have ended");
    }
  }

  /** Leaves the key behind; the next attempt asks for another. */
  function renewKey(why: string): void {
    listenKey = undefined;
    failedKeepAlives = 0;
    connection?.reconnect(why);
  }

  function eventOf(push: Push): AccountFeedEvent | undefined {
    const { body, symbol, sendTime } = push;
    try {
      if (body.kind === "order") return { type: "order-report", report: reportFromPush(symbol, body, sendTime) };
      if (body.kind === "private-deal") return { type: "fill", fill: fillFromPush(symbol, body) };
      if (body.kind === "account") return { type: "balance", balance: balanceFromPush(body, sendTime) };
    } catch (cause) {
      poisonRows += 1;
      logger.error("a private push could not be read; the next reconcile brings what it said", {
        cause: String(cause),
      });
    }
    return undefined;
  }

  return {
    async start(listener, signal) {
      // The first key is fetched here, so that a bad API key is told at once instead of being retried for ever.
      listenKey = await listenKeys.create(signal);
      if (lifetime.signal.aborted) return;
      const ready = Promise.withResolvers<undefined>();
      const onAbort = () => {
        ready.resolve(undefined);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const patience = setTimeout(onAbort, PATIENCE_MS);
      let waitingForAnswers = false;
      connection = createConnection({
        address,
        random: parts.random,
        logger,
        ...(parts.timings === undefined ? {} : { timings: parts.timings }),
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
          subscribed: () => {
            if (!waitingForAnswers) return;
            waitingForAnswers = false;
            listener({ type: "connection", state: { kind: "connected" } });
            ready.resolve(undefined);
          },
          refused: (channel, reason) => {
            // A stream without one of its channels would look alive and lose what it was meant to say.
            logger.error("a private channel was refused", { channel, reason });
            renewKey(`a private channel was refused: ${reason}`);
            for (const wanted of PRIVATE_CHANNELS) connection?.subscribe(wanted);
          },
          text: (text) => {
            logger.warn("the private stream said", { text });
            if (/listen\s*key/i.test(text)) renewKey("the exchange no longer knows the stream's key");
          },
        },
      });
      for (const channel of PRIVATE_CHANNELS) connection.subscribe(channel);
      keepAliveTimer = setInterval(() => void keepAlive(), parts.timings?.keepAliveMs ?? KEEP_ALIVE_MS);
      await ready.promise;
      clearTimeout(patience);
      signal.removeEventListener("abort", onAbort);
    },
    async close() {
      lifetime.abort();
      clearInterval(keepAliveTimer);
      connection?.close();
      const key = listenKey;
      listenKey = undefined;
      try {
        if (key !== undefined) await listenKeys.remove(key);
      } catch {
        // It expires by itself.
      }
    },
    health: () => ({
      poison: poisonRows + (connection?.poison ?? 0),
      reconnects: connection?.reconnects ?? 0,
      lastDataAt: connection?.lastDataAt,
    }),
  };
}
