import WebSocket from "ws";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { ConnectionState } from "../../../core/ports/market-feed.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import { parseRefusal } from "./acknowledgement.ts";
import type { Push } from "./decode-push.ts";
import { decodePush } from "./decode-push.ts";

export interface ConnectionTimings {
  /** The exchange closes a connection that says nothing for a minute. */
  readonly pingMs: number;
  /** Silence after which the connection counts as lost; PONGs break the silence too. */
  readonly silenceMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

export const TIMINGS: ConnectionTimings = {
  pingMs: 15_000,
  silenceMs: 40_000,
  firstRetryMs: 500,
  longestRetryMs: 30_000,
};

export interface ConnectionListener {
  push(push: Push): void;
  state(state: ConnectionState): void;
  /** The exchange will not stream this channel. */
  refused(channel: string, reason: string): void;
  /** All channels asked for so far have been answered. */
  subscribed(): void;
  /** A frame of text that is no answer, such as "Invalid listen key". */
  text(text: string): void;
}

export interface Connection {
  subscribe(channel: string): void;
  unsubscribe(channel: string): void;
  readonly size: number;
  /** Drops the socket and connects anew, for example with another address. */
  reconnect(): void;
  close(): void;
  /** Frames that could not be decoded and were put aside. */
  readonly poison: number;
}

export interface ConnectionParts {
  /** Asked before every attempt: a private address changes with its key. @throws to wait and try again. */
  readonly address: () => Promise<string>;
  readonly listener: ConnectionListener;
  readonly random: () => number;
  readonly logger: Logger;
  readonly timings?: Partial<ConnectionTimings>;
}

const HANDSHAKE_MS = 10_000;

/** One socket that stays: it pings, notices silence, comes back by itself and asks for all its channels again. */
export function createConnection(parts: ConnectionParts): Connection {
  const timings = { ...TIMINGS, ...parts.timings };
  const { listener } = parts;
  const channels = new Set<string>();
  let socket: WebSocket | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let pingTimer: NodeJS.Timeout | undefined;
  let lastHeard = 0;
  let attempts = 0;
  let closed = false;
  let unanswered = 0;
  let poison = 0;
  let generation = 0;

  async function connect(): Promise<void> {
    const mine = (generation += 1);
    listener.state({ kind: "connecting" });
    let address: string;
    try {
      address = await parts.address();
    } catch (cause) {
      if (!closed && mine === generation) retry(cause instanceof Error ? cause.message : "no address");
      return;
    }
    if (closed || mine !== generation) return;
    const opened = new WebSocket(address, {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: 16 * 1024 * 1024,
    });
    socket = opened;
    opened.on("open", () => {
      attempts = 0;
      lastHeard = performance.now();
      listener.state({ kind: "connected" });
      unanswered = 0;
      for (const channel of channels) ask("SUBSCRIPTION", channel);
      if (channels.size === 0) listener.subscribed();
      pingTimer = setInterval(keepAlive, timings.pingMs);
    });
    opened.on("message", (data, isBinary) => {
      lastHeard = performance.now();
      if (isBinary) takePush(data as Buffer);
      else takeText((data as Buffer).toString("utf8"));
    });
    opened.on("error", (error) => {
      parts.logger.warn("socket error", { message: error.message });
    });
    opened.on("close", (code) => {
      if (socket !== opened) return;
      lose(code === 1006 ? "the connection broke" : `the exchange closed it (${code})`);
    });
  }

  function keepAlive(): void {
    if (performance.now() - lastHeard > timings.silenceMs) {
      lose(`nothing was heard for ${Math.round(timings.silenceMs / 1000)} s`);
      return;
    }
    send({ method: "PING" });
  }

  /** A listener that throws is our bug; it must not take the stream down with it. */
  function takePush(bytes: Buffer): void {
    let push: Push;
    try {
      push = decodePush(bytes);
    } catch (cause) {
      poison += 1;
      parts.logger.warn("a frame could not be decoded", { cause: String(cause), bytes: bytes.length });
      return;
    }
    listener.push(push);
  }

  function takeText(text: string): void {
    let message: { readonly id?: unknown; readonly msg?: unknown };
    try {
      message = JSON.parse(text) as typeof message;
    } catch {
      listener.text(safeText(text, 120));
      return;
    }
    const said = typeof message.msg === "string" ? message.msg : "";
    if (said === "PONG") return;
    const refusal = parseRefusal(said);
    for (const channel of refusal?.refused ?? []) {
      channels.delete(channel);
      listener.refused(channel, safeText(refusal?.reason ?? "", 120));
    }
    unanswered = Math.max(0, unanswered - 1);
    if (unanswered === 0) listener.subscribed();
  }

  function send(message: unknown): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  /** One channel a message: an answer then belongs to it, and no message grows beyond what the exchange takes. */
  function ask(method: "SUBSCRIPTION" | "UNSUBSCRIPTION", channel: string): void {
    if (socket?.readyState !== WebSocket.OPEN) return;
    unanswered += 1;
    send({ method, params: [channel] });
  }

  function lose(why: string): void {
    drop();
    if (!closed) retry(why);
  }

  function drop(): void {
    clearInterval(pingTimer);
    const old = socket;
    socket = undefined;
    old?.terminate();
  }

  function retry(why: string): void {
    const ceiling = Math.min(timings.longestRetryMs, timings.firstRetryMs * 2 ** attempts);
    attempts += 1;
    // Between half and the whole of the wait: many consoles must not come back in the same instant.
    const retryInMs = Math.round(ceiling * (0.5 + parts.random() * 0.5));
    listener.state({ kind: "waiting", why: safeText(why, 120), retryInMs });
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => void connect(), retryInMs);
  }

  // In a turn of its own, so that whoever creates the connection holds it before it speaks.
  queueMicrotask(() => {
    if (!closed) void connect();
  });
  return {
    subscribe(channel) {
      if (channels.has(channel)) return;
      channels.add(channel);
      ask("SUBSCRIPTION", channel);
    },
    unsubscribe(channel) {
      if (channels.delete(channel)) ask("UNSUBSCRIPTION", channel);
    },
    get size() {
      return channels.size;
    },
    reconnect() {
      drop();
      clearTimeout(retryTimer);
      void connect();
    },
    close() {
      closed = true;
      generation += 1;
      clearTimeout(retryTimer);
      drop();
    },
    get poison() {
      return poison;
    },
  };
}
