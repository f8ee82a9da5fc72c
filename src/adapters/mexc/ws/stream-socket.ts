import { safeText } from "../../../core/domain/safe-text.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import { parseRefusal, readControlMessage } from "./acknowledgement.ts";
import type { Push } from "./decode-push.ts";
import { decodePush } from "./decode-push.ts";
import type { PoisonBox } from "./poison-box.ts";
import { TextMemory } from "./text-memory.ts";
import { after, every } from "./timer.ts";
import type { OpenWireSocket } from "./wire-socket.ts";

export interface StreamSocketListener {
  opened(): void;
  push(push: Push): void;
  /** A frame came that cannot be decoded; the poison box has it. */
  unreadable(): void;
  accepted(channel: string): void;
  refused(channel: string, reason: string): void;
  /** A frame of text that is no answer, such as "Invalid listen key". */
  text(text: string): void;
  /** Told once, and never after `close`. */
  ended(why: string): void;
}

/** One WebSocket from its opening to its end. It does not come back; whoever holds it opens another. */
export interface StreamSocket {
  /** Asks as soon as the socket is open. */
  subscribe(channel: string): void;
  unsubscribe(channel: string): void;
  /** Subscriptions asked for so far; leaving one gives no room back. */
  readonly used: number;
  /** Subscriptions without an answer yet. */
  readonly waiting: number;
  readonly isOpen: boolean;
  close(): void;
}

export interface StreamSocketParts {
  readonly address: string;
  readonly open: OpenWireSocket;
  readonly clock: Clock;
  readonly listener: StreamSocketListener;
  readonly poison: PoisonBox;
  readonly logger: Logger;
  readonly pingMs: number;
  readonly silenceMs: number;
  readonly answerMs: number;
}

/** What the exchange takes in one message, in bytes. */
export const LARGEST_MESSAGE = 1024;

type Method = "SUBSCRIPTION" | "UNSUBSCRIPTION";

interface Request {
  readonly method: Method;
  readonly channel: string;
}

interface SentRequest extends Request {
  /** On the monotonic clock, ms. */
  readonly sentAt: number;
  /** Its channel pushes, whether or not the answer comes. */
  isStreaming: boolean;
}

export function createStreamSocket(parts: StreamSocketParts): StreamSocket {
  const { clock, listener } = parts;
  /** Asked before the socket was open. */
  let early: Request[] = [];
  /** Requests without an answer yet, oldest first. */
  const asked = new Map<number, SentRequest>();
  const names = new TextMemory();
  let lastHeard = clock.monotonic();
  let lastId = 0;
  let used = 0;
  let isOver = false;
  let failure: string | undefined;
  let stopPinging: () => void = () => undefined;
  let cancelDeadline: (() => void) | undefined;

  const socket = parts.open(parts.address, {
    opened() {
      if (isOver) return;
      lastHeard = clock.monotonic();
      stopPinging = every(clock, parts.pingMs, keepAlive);
      listener.opened();
      const requests = early;
      early = [];
      for (const { method, channel } of requests) ask(method, channel);
    },
    message(data, isBinary) {
      // What a dropped socket still had in its buffers would come twice.
      if (isOver) return;
      lastHeard = clock.monotonic();
      if (isBinary) takePush(data);
      else takeText(data.toString("utf8"));
    },
    failed(error) {
      failure ??= error.code ?? error.message;
      parts.logger.warn("socket error", { message: error.message });
    },
    closed(code) {
      const why = failure === undefined ? "the connection broke" : `the connection failed: ${failure}`;
      end(code === 1006 ? why : `the exchange closed it (${code})`);
    },
  });

  function keepAlive(): void {
    if (clock.monotonic() - lastHeard > parts.silenceMs) {
      end(`nothing was heard for ${Math.round(parts.silenceMs / 1000)} s`);
      return;
    }
    send({ method: "PING" });
  }

  function takePush(bytes: Buffer): void {
    let push: Push;
    try {
      push = decodePush(bytes, names);
    } catch (cause) {
      parts.poison.frame(bytes, cause);
      listener.unreadable();
      return;
    }
    if (asked.size > 0) noteStreaming(push.channel);
    listener.push(push);
  }

  function noteStreaming(channel: string): void {
    for (const request of asked.values()) if (request.channel === channel) request.isStreaming = true;
  }

  /** Watches the oldest subscription without an answer; the ones behind it have their turn after it. */
  function watchAnswers(): void {
    const oldest = waitingRequests()[0];
    if (cancelDeadline !== undefined || oldest === undefined) return;
    const leftMs = oldest[1].sentAt + parts.answerMs - clock.monotonic();
    cancelDeadline = after(clock, Math.max(0, leftMs), () => {
      cancelDeadline = undefined;
      judgeAnswers();
    });
  }

  function judgeAnswers(): void {
    for (const [id, { channel, sentAt, isStreaming }] of waitingRequests()) {
      if (clock.monotonic() - sentAt < parts.answerMs) break;
      if (!isStreaming) {
        end(`the exchange left a subscription unanswered for ${Math.round(parts.answerMs / 1000)} s`);
        return;
      }
      asked.delete(id);
      listener.accepted(channel);
      // Whoever heard that may have let the socket go.
      if (isOver) return;
    }
    watchAnswers();
  }

  function waitingRequests(): (readonly [id: number, SentRequest])[] {
    return [...asked].filter(([, { method }]) => method === "SUBSCRIPTION");
  }

  function takeText(text: string): void {
    const message = readControlMessage(text);
    if (message === undefined) {
      listener.text(safeText(text, 120));
      return;
    }
    if (message.msg === "PONG") return;
    const id = message.id !== undefined && asked.has(message.id) ? message.id : firstKey(asked);
    const answered = id === undefined ? undefined : asked.get(id);
    if (id !== undefined) asked.delete(id);
    if (answered?.method === "SUBSCRIPTION") settle(answered.channel, message.msg);
  }

  function settle(channel: string, said: string): void {
    const refusal = parseRefusal(said);
    // The list of refused channels is sometimes empty; then it means the one that was asked for.
    const isRefused = refusal !== undefined && (refusal.refused.length === 0 || refusal.refused.includes(channel));
    // Asked for twice, and already streaming: what was wanted is there.
    if (!isRefused || refusal.kind === "duplicate") listener.accepted(channel);
    else listener.refused(channel, safeText(refusal.reason, 120));
  }

  function send(message: object): boolean {
    if (!socket.isOpen) return false;
    const text = JSON.stringify(message);
    if (Buffer.byteLength(text) > LARGEST_MESSAGE) return false;
    socket.send(text);
    return true;
  }

  /**
   * One channel a message: an answer then belongs to it. A socket lives through thirty subscriptions at most, so it
   * cannot come near the hundred messages a second that the exchange takes.
   */
  function ask(method: Method, channel: string): void {
    lastId += 1;
    if (send({ method, params: [channel], id: lastId })) {
      asked.set(lastId, { method, channel, sentAt: clock.monotonic(), isStreaming: false });
      watchAnswers();
    } else if (method === "SUBSCRIPTION") listener.refused(channel, "its name is too long to be asked for");
  }

  function request(method: Method, channel: string): void {
    if (isOver) return;
    if (method === "SUBSCRIPTION") used += 1;
    if (socket.isOpen) ask(method, channel);
    else early.push({ method, channel });
  }

  function end(why: string): void {
    if (isOver) return;
    drop();
    listener.ended(why);
  }

  function drop(): void {
    isOver = true;
    stopPinging();
    cancelDeadline?.();
    asked.clear();
    socket.terminate();
  }

  return {
    subscribe: (channel) => {
      request("SUBSCRIPTION", channel);
    },
    unsubscribe(channel) {
      const before = early.length;
      early = early.filter((one) => one.channel !== channel);
      // What was never sent has used nothing up.
      if (early.length < before) used -= 1;
      else request("UNSUBSCRIPTION", channel);
    },
    get used() {
      return used;
    },
    get waiting() {
      return [...asked.values(), ...early].filter(({ method }) => method === "SUBSCRIPTION").length;
    },
    get isOpen() {
      return !isOver && socket.isOpen;
    },
    close() {
      if (!isOver) drop();
    },
  };
}

function firstKey(map: ReadonlyMap<number, unknown>): number | undefined {
  const [first] = map.keys();
  return first;
}
