import { CONNECTIONS_A_KEY } from "./listen-keys.ts";
import type { ClientSocket } from "./stream-connection.ts";
import { StreamConnection } from "./stream-connection.ts";
import type { Venue } from "./venue.ts";

/** Every stream connection that is open, over whatever carries it. */
export class StreamConnections {
  readonly #venue: Venue;
  readonly #open = new Set<StreamConnection>();

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  /** @returns whether the exchange lets anybody at this address open a stream at all */
  admits(address: string): boolean {
    const { hasLimits, limits } = this.#venue;
    return !hasLimits || !limits.isBanned(address, this.#venue.now());
  }

  /** @returns undefined when it was told that its listen key is no good, and closed */
  accept(socket: ClientSocket, address: string, listenKey: string | undefined): StreamConnection | undefined {
    if (listenKey !== undefined && !this.#mayOpen(listenKey, address)) {
      socket.send("Invalid listen key");
      socket.close();
      return undefined;
    }
    const connection = new StreamConnection({ venue: this.#venue, socket, address, listenKey });
    this.#open.add(connection);
    return connection;
  }

  /** Its socket is gone. */
  forget(connection: StreamConnection): void {
    connection.leave();
    this.#open.delete(connection);
  }

  /** It sent what it is let go for; who does so often is banned. */
  noteFlood(address: string): void {
    if (this.#venue.hasLimits) this.#venue.limits.noteFlood(address, this.#venue.now());
  }

  /** Ends the connections the venue would end by now. */
  sweep(): void {
    const now = this.#venue.now();
    for (const connection of this.#open) if (connection.isOver(now)) connection.terminate();
  }

  disconnectAll(manner: "close" | "terminate"): void {
    for (const connection of this.#open) {
      if (manner === "close") connection.close();
      else connection.terminate();
    }
  }

  #mayOpen(listenKey: string, address: string): boolean {
    const { listenKeys, keys, switches } = this.#venue;
    const key = keys.find(listenKeys.apiKeyOf(listenKey) ?? "");
    if (key === undefined) return false;
    const isListed = key.ipWhiteList.length === 0 || key.ipWhiteList.includes(address);
    if (!isListed && switches.get("stream-ip-list") === "enforced") return false;
    const open = [...this.#open].filter((connection) => connection.listenKey === listenKey).length;
    return open < CONNECTIONS_A_KEY;
  }
}
