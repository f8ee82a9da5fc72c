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
  /** Drops the socket and connects anew after the usual wait, for example with another address. */
  reconnect(why: string): void;
  close(): void;
  /** Frames that could not be decoded and were put aside. */
  readonly poison: number;
  /** How often it had to be connected again. */
  readonly reconnects: number;
  /** When the newest frame of data came, on the monotonic clock in ms; undefined before the first. */
  readonly lastDataAt: number | undefined;
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

type Method = "SUBSCRIPTION" | "UNSUBSCRIPTION";

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
  let poison = 0;
  let generation = 0;
  let connects = 0;
  let lastDataAt: number | undefined;
  let lastId = 0;
  /** Requests without an answer yet, oldest first. */
  const asked = new Map<number, { readonly method: Method; readonly channel: string }>();

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
    const opened = new WebSocket(address, {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: 16 * 1024 * 1024,
    });
    socket = opened;
    let failure: string | undefined;
    opened.on("open", () => {
      if (socket !== opened) return;
      lastHeard = performance.now();
      listener.state({ kind: "connected" });
      for (const channel of channels) ask("SUBSCRIPTION", channel);
      if (channels.size === 0) listener.subscribed();
      pingTimer = setInterval(keepAlive, timings.pingMs);
    });
    opened.on("message", (data, isBinary) => {
      // What a dropped socket still had in its buffers would come twice.
      if (socket !== opened) return;
      lastHeard = performance.now();
      if (isBinary) takePush(data as Buffer);
      else takeText((data as Buffer).toString("utf8"));
    });
    opened.on("error", (error: NodeJS.ErrnoException) => {
      if (socket !== opened) return;
      failure = error.code ?? error.message;
      parts.logger.warn("socket error", { message: error.message });
    });
    opened.on("close", (code) => {
      if (socket !== opened) return;
      const why = failure === undefined ? "the connection broke" : `the connection failed: ${failure}`;
      lose(code === 1006 ? why : `the exchange closed it (${code})`);
    });
  }

  function keepAlive(): void {
    if (performance.now() - lastHeard > timings.silenceMs) {
      lose(`nothing was heard for ${Math.round(timings.silenceMs / 1000)} s`);
      return;
    }
    send({ method: "PING" });
  }

  function takePush(bytes: Buffer): void {
    let push: Push;
    try {
      push = decodePush(bytes);
    } catch (cause) {
      poison += 1;
      parts.logger.warn("a frame could not be decoded", { cause: String(cause), bytes: bytes.length });
      return;
    }
    lastDataAt = lastHeard;
    attempts = 0;
    listener.push(push);
  }

  function takeText(text: string): void {
    const message = readMessage(text);
    if (message === undefined) {
      listener.text(safeText(text, 120));
      return;
    }
    if (message.msg === "PONG") return;
    const id = message.id !== undefined && asked.has(message.id) ? message.id : firstKey(asked);
    const answered = id === undefined ? undefined : asked.get(id);
    if (id !== undefined) asked.delete(id);
    if (answered?.method === "SUBSCRIPTION") settle(answered.channel, message.msg);
    // A refusal may have made the listener drop the socket.
    if (answered !== undefined && asked.size === 0 && socket !== undefined) listener.subscribed();
  }

  function settle(channel: string, said: string): void {
    const refusal = parseRefusal(said);
    // Only now is the connection known to be of use; one that opens and refuses must go on waiting longer.
    if (refusal === undefined) attempts = 0;
    // The list of refused channels is sometimes empty; then it means the one that was asked for.
    else for (const name of refusal.refused.length === 0 ? [channel] : refusal.refused) refuse(name, refusal.reason);
  }

  function refuse(channel: string, reason: string): void {
    if (channels.delete(channel)) listener.refused(channel, safeText(reason, 120));
  }

  function send(message: unknown): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  /** One channel a message: an answer then belongs to it, and no message grows beyond what the exchange takes. */
  function ask(method: Method, channel: string): void {
    if (socket?.readyState !== WebSocket.OPEN) return;
    lastId += 1;
    asked.set(lastId, { method, channel });
    send({ method, params: [channel], id: lastId });
  }

  function lose(why: string): void {
    drop();
    if (!closed) retry(why);
  }

  function drop(): void {
    // Whatever attempt is under way no longer counts.
    generation += 1;
    clearInterval(pingTimer);
    asked.clear();
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
    reconnect(why) {
      if (!closed) lose(why);
    },
    close() {
      closed = true;
      clearTimeout(retryTimer);
      drop();
    },
    get poison() {
      return poison;
    },
    get reconnects() {
      return Math.max(0, connects - 1);
    },
    get lastDataAt() {
      return lastDataAt;
    },
  };
}

/** @returns undefined for a text that is no message of the protocol, such as "Invalid listen key". */
function readMessage(text: string): { readonly id: number | undefined; readonly msg: string } | undefined {
  try {
    const value = JSON.parse(text) as { readonly id?: unknown; readonly msg?: unknown } | null;
    if (typeof value !== "object" || value === null || typeof value.msg !== "string") return undefined;
    return { id: typeof value.id === "number" ? value.id : undefined, msg: value.msg };
  } catch {
    return undefined;
  }
}

function firstKey(map: ReadonlyMap<number, unknown>): number | undefined {
  const [first] = map.keys();
  return first;
}
