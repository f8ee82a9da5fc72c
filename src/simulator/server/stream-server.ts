import type { Server } from "node:http";
import type { RawData, WebSocket } from "ws";
import { WebSocketServer } from "ws";
import { symbolOf } from "../streams/channel.ts";
import { StreamSession } from "../streams/session.ts";
import type { Venue } from "./venue.ts";

const NO_SUBSCRIPTION_MS = 30_000;
const IDLE_MS = 60_000;
const MESSAGES_A_SECOND = 100;
const MOST_BUFFERED_BYTES = 16 * 1_048_576;
const MOST_MESSAGE_BYTES = 65_536;

interface Connection {
  readonly socket: WebSocket;
  readonly session: StreamSession;
  readonly listenKey: string | undefined;
  readonly openedAt: number;
  /** When something last went either way. */
  activeAt: number;
  second: number;
  messages: number;
}

/** The stream endpoint at /ws: control texts in, shared binary frames out. */
export class StreamServer {
  readonly #venue: Venue;
  readonly #connections = new Set<Connection>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_MESSAGE_BYTES,
  });

  constructor(http: Server, venue: Venue) {
    this.#venue = venue;
    http.on("upgrade", (request, socket, head) => {
      const url = new URL(request.url ?? "/", "http://loopback");
      if (url.pathname !== "/ws") {
        socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        this.#accept(opened, url.searchParams.get("listenKey") ?? undefined);
      });
    });
  }

  /** Ends the connections the venue would end by now: without subscription, idle, or with an expired listen key. */
  sweep(): void {
    const now = this.#venue.now();
    for (const connection of this.#connections) {
      const { listenKey } = connection;
      const isBare = connection.session.subscriptionCount === 0 && now - connection.openedAt > NO_SUBSCRIPTION_MS;
      const isExpired = listenKey !== undefined && this.#venue.listenKeys.accountOf(listenKey) === undefined;
      // The venue sends no close frame.
      if (isBare || isExpired || now - connection.activeAt > IDLE_MS) connection.socket.terminate();
    }
  }

  disconnectAll(manner: "close" | "terminate"): void {
    for (const { socket } of this.#connections) {
      if (manner === "close") socket.close(1001);
      else socket.terminate();
    }
  }

  #accept(socket: WebSocket, listenKey: string | undefined): void {
    socket.on("error", () => {
      socket.terminate();
    });
    const apiKey = listenKey === undefined ? undefined : this.#venue.listenKeys.accountOf(listenKey);
    if (listenKey !== undefined && apiKey === undefined) {
      socket.send("Invalid listen key");
      socket.close();
      return;
    }
    const connection = this.#connect(socket, listenKey, apiKey);
    this.#connections.add(connection);
    socket.on("message", (data, isBinary) => {
      this.#receive(connection, data, isBinary);
    });
    socket.on("close", () => {
      connection.session.close();
      this.#connections.delete(connection);
    });
  }

  #connect(socket: WebSocket, listenKey: string | undefined, apiKey: string | undefined): Connection {
    const venue = this.#venue;
    const { hub, simulation } = venue;
    const now = venue.now();
    const push = (frame: Uint8Array): void => {
      connection.activeAt = venue.now();
      // Who does not read is let go, as the memory is ours.
      if (socket.bufferedAmount > MOST_BUFFERED_BYTES) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.send(frame, { binary: true });
    };
    const session = new StreamSession(hub, { apiKey, push }, (channel) => {
      const symbol = symbolOf(channel);
      if (symbol !== undefined) simulation.noteListener(symbol, venue.now());
    });
    const connection: Connection = { socket, session, listenKey, openedAt: now, activeAt: now, second: 0, messages: 0 };
    return connection;
  }

  #receive(connection: Connection, data: RawData, isBinary: boolean): void {
    const now = this.#venue.now();
    const second = Math.floor(now / 1_000);
    connection.activeAt = now;
    connection.messages = second === connection.second ? connection.messages + 1 : 1;
    connection.second = second;
    if (isBinary || connection.messages > MESSAGES_A_SECOND) {
      connection.socket.terminate();
      return;
    }
    connection.socket.send(connection.session.receive(textOf(data)));
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.from(data as ArrayBuffer).toString("utf8");
}
