import type { IncomingMessage, Server } from "node:http";
import type { RawData, WebSocket } from "ws";
import { WebSocketServer } from "ws";
import { addressOf } from "./client-address.ts";
import type { ClientSocket } from "./stream-connection.ts";
import type { StreamConnections } from "./stream-connections.ts";

const MOST_MESSAGE_BYTES = 65_536;

/** Serves the stream endpoint at /ws: control texts in, shared binary frames out. */
export function serveStreams(http: Server, connections: StreamConnections): void {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MOST_MESSAGE_BYTES });
  http.on("upgrade", (request, socket, head) => {
    const refusal = refusalOf(request, connections);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const listenKey = urlOf(request)?.searchParams.get("listenKey") ?? undefined;
      accept(connections, opened, addressOf(request), listenKey);
    });
  });
}

function refusalOf(request: IncomingMessage, connections: StreamConnections): string | undefined {
  if (urlOf(request)?.pathname !== "/ws") return "404 Not Found";
  return connections.admits(addressOf(request)) ? undefined : "403 Forbidden";
}

function accept(
  connections: StreamConnections,
  socket: WebSocket,
  address: string,
  listenKey: string | undefined,
): void {
  socket.on("error", () => {
    socket.terminate();
  });
  const connection = connections.accept(clientSocketOf(socket), address, listenKey);
  if (connection === undefined) return;
  socket.on("message", (data, isBinary) => {
    if (connection.receive(bytesOf(data), isBinary)) return;
    // What else was on its way is not heard any more.
    socket.removeAllListeners("message");
    connections.noteFlood(address);
  });
  socket.on("close", () => {
    connections.forget(connection);
  });
}

function clientSocketOf(socket: WebSocket): ClientSocket {
  return {
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(data) {
      socket.send(data, { binary: typeof data !== "string" });
    },
    close(code) {
      socket.close(code);
    },
    terminate() {
      socket.terminate();
    },
  };
}

function bytesOf(data: RawData): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
}

/** What a client asks for; the host it thinks it talks to does not matter. Undefined for what is no address at all. */
function urlOf(request: IncomingMessage): URL | undefined {
  return URL.parse(request.url ?? "/", "http://loopback") ?? undefined;
}
