import type { ConnectionState } from "../../../core/ports/market-feed.ts";
import type { Push } from "./decode-push.ts";

export interface ConnectionListener {
  /** @param source counts up with every socket: while one takes over from another, both tell the same things. */
  push(push: Push, source: number): void;
  state(state: ConnectionState): void;
  /** The channel streams, on the newest socket. What was pushed before on another may have missed something. */
  accepted(channel: string): void;
  /** The exchange will not stream this channel. */
  refused(channel: string, reason: string): void;
  /** All channels asked for so far have been answered. */
  subscribed(): void;
  /** Another socket has taken over without a moment in between. */
  renewed(): void;
  /** A frame could not be decoded; what it said is lost. */
  unreadable(): void;
  /** A frame of text that is no answer, such as "Invalid listen key". */
  text(text: string): void;
}
