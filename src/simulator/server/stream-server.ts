import type { IncomingMessage, Server } from "node:http";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import { addressOf } from "./client-address.ts";
import { CONNECTIONS_A_KEY } from "./listen-keys.ts";
import { StreamConnection } from "./stream-connection.ts";
import type { Venue } from "./venue.ts";

const MOST_MESSAGE_BYTES = 65_536;

/** The stream endpoint at /ws: control texts in, shared binary frames out. */
export class StreamServer {
  readonly #venue: Venue;
  readonly #connections = new Set<StreamConnection>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_MESSAGE_BYTES,
  });

  constructor(http: Server, venue: Venue) {
    this.#venue = venue;
    http.on("upgrade", (request, socket, head) => {
      const refusal = this.#refusalOf(request);
      if (refusal !== undefined) {
        socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        this.#accept(opened, addressOf(request), urlOf(request)?.searchParams.get("listenKey") ?? undefined);
      });
    });
  }

  /** Ends the connections the venue would end by now. */
  sweep(): void {
    const now = this.#venue.now();
    for (const connection of this.#connections) if (connection.isOver(now)) connection.terminate();
  }

  disconnectAll(manner: "close" | "terminate"): void {
    for (const connection of this.#connections) {
      if (manner === "close") connection.close();
      else connection.terminate();
    }
  }

  #refusalOf(request: IncomingMessage): string | undefined {
    if (urlOf(request)?.pathname !== "/ws") return "404 Not Found";
    const { hasLimits, limits } = this.#venue;
    return hasLimits && limits.isBanned(addressOf(request), this.#venue.now()) ? "403 Forbidden" : undefined;
  }

  #accept(socket: WebSocket, address: string, listenKey: string | undefined): void {
    socket.on("error", () => {
      socket.terminate();
    });
    if (listenKey !== undefined && !this.#mayOpen(listenKey, address)) {
      socket.send("Invalid listen key");
      socket.close();
      return;
    }
    const connection = new StreamConnection({ venue: this.#venue, socket, address, listenKey });
    this.#connections.add(connection);
    socket.on("message", (data, isBinary) => {
      if (connection.receive(data, isBinary)) return;
      // What else was on its way is not heard any more.
      socket.removeAllListeners("message");
      if (this.#venue.hasLimits) this.#venue.limits.noteFlood(address, this.#venue.now());
    });
    socket.on("close", () => {
      connection.leave();
      this.#connections.delete(connection);
    });
  }

  #mayOpen(listenKey: string, address: string): boolean {
    const { listenKeys, keys, switches } = this.#venue;
    const key = keys.find(listenKeys.apiKeyOf(listenKey) ?? "");
    if (key === undefined) return false;
    const isListed = key.ipWhiteList.length === 0 || key.ipWhiteList.includes(address);
    if (!isListed && switches.get("stream-ip-list") === "enforced") return false;
    const open = [...this.#connections].filter((connection) => connection.listenKey === listenKey).length;
    return open < CONNECTIONS_A_KEY;
  }
}

/** What a client asks for; the host it thinks it talks to does not matter. Undefined for what is no address at all. */
function urlOf(request: IncomingMessage): URL | undefined {
  return URL.parse(request.url ?? "/", "http://loopback") ?? undefined;
}
