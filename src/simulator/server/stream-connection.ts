import { symbolOf } from "../streams/channel.ts";
import { StreamSession } from "../streams/session.ts";
import type { Venue } from "./venue.ts";

const LIFETIME_MS = 24 * 60 * 60_000;
const WITHOUT_SUBSCRIPTION_MS = 30_000;
const IDLE_MS = 60_000;
const MESSAGES_A_SECOND = 100;
const MOST_BUFFERED_BYTES = 16 * 1_048_576;

/** The client's end, as the exchange sees it. */
export interface ClientSocket {
  readonly isOpen: boolean;
  /** Sent and not taken yet, in bytes. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  /** Ends it with a close frame. */
  close(code?: number): void;
  /** Ends it without one. */
  terminate(): void;
}

export interface ConnectionOptions {
  readonly venue: Venue;
  readonly socket: ClientSocket;
  /** Where it comes from. */
  readonly address: string;
  readonly listenKey: string | undefined;
}

/** One stream connection. The venue ends it without a close frame, and says nothing of why. */
export class StreamConnection {
  readonly address: string;
  readonly listenKey: string | undefined;
  readonly #venue: Venue;
  readonly #socket: ClientSocket;
  readonly #session: StreamSession;
  readonly #openedAt: number;
  /** When something last went either way. */
  #activeAt: number;
  /** Since when it has no subscription. */
  #bareSince: number | undefined;
  /** When the last messages came, oldest first, as many as may come in a second. */
  #receivedAt: number[] = [];

  constructor({ venue, socket, address, listenKey }: ConnectionOptions) {
    const now = venue.now();
    this.address = address;
    this.listenKey = listenKey;
    this.#venue = venue;
    this.#socket = socket;
    this.#openedAt = now;
    this.#activeAt = now;
    this.#bareSince = now;
    const { hub, simulation, switches } = venue;
    this.#session = new StreamSession({
      hub,
      switches,
      listener: {
        apiKey: listenKey === undefined ? undefined : venue.listenKeys.accountOf(listenKey),
        push: (frame) => {
          this.#push(frame);
        },
        hangUp: () => {
          this.terminate();
        },
      },
      onSubscribed: (channel) => {
        const symbol = symbolOf(channel);
        if (symbol !== undefined) simulation.noteListener(symbol, venue.now());
      },
    });
  }

  /** Takes a message of the client. @returns false when it was one the connection is let go for */
  receive(bytes: Buffer, isBinary: boolean): boolean {
    const now = this.#venue.now();
    const mostBytes = this.#venue.switches.get("stream-message-bytes");
    if (isBinary || this.#floods(now) || (mostBytes > 0 && bytes.length > mostBytes)) {
      this.terminate();
      return false;
    }
    this.#activeAt = now;
    this.#socket.send(this.#session.receive(bytes.toString("utf8")));
    this.#bareSince = this.#session.subscriptionCount > 0 ? undefined : (this.#bareSince ?? now);
    return true;
  }

  /** Whether the venue would end it by now: too old, without subscription, idle, or its listen key is over. */
  isOver(now: number): boolean {
    const { listenKey } = this;
    return (
      now - this.#openedAt >= LIFETIME_MS ||
      (this.#bareSince !== undefined && now - this.#bareSince >= WITHOUT_SUBSCRIPTION_MS) ||
      now - this.#activeAt >= IDLE_MS ||
      (listenKey !== undefined && this.#venue.listenKeys.accountOf(listenKey) === undefined)
    );
  }

  /** Ends it with a close frame. */
  close(): void {
    this.#socket.close(1001);
  }

  /** Ends it without one. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Its socket is gone. */
  leave(): void {
    this.#session.close();
  }

  #push(frame: Uint8Array): void {
    this.#activeAt = this.#venue.now();
    // Who does not read is let go, as the memory is ours.
    if (this.#socket.bufferedAmount > MOST_BUFFERED_BYTES) this.terminate();
    else if (this.#socket.isOpen) this.#socket.send(frame);
  }

  #floods(now: number): boolean {
    const oldest = this.#receivedAt.length < MESSAGES_A_SECOND ? undefined : this.#receivedAt.shift();
    this.#receivedAt.push(now);
    return oldest !== undefined && now - oldest < 1_000;
  }
}
