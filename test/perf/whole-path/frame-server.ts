import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { CHANNELS, recordStretch } from "./market-stretch.ts";

// A process of its own: what it costs to send must not count as what it costs to receive.

/** Bytes in flight beyond which the next frame waits for the reader. */
const MOST_IN_FLIGHT = 1 << 20;

const [seed, beats, symbols] = process.argv.slice(2).map(Number);
const { frames } = recordStretch({ seed: seed ?? 0, beats: beats ?? 1, symbols: symbols ?? 1 });
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });

server.on("connection", (socket) => {
  let subscribed = 0;
  socket.on("message", (data) => {
    const { id, method, params } = JSON.parse((data as Buffer).toString()) as {
      readonly id?: number;
      readonly method: string;
      readonly params?: readonly string[];
    };
    socket.send(JSON.stringify({ id: id ?? 0, code: 0, msg: params?.join(",") ?? "PONG" }));
    if (method !== "SUBSCRIPTION") return;
    subscribed += params?.length ?? 0;
    // A turn later, so that the listener has heard that it is subscribed before it hears the first push.
    if (subscribed === CHANNELS) setImmediate(play, socket, 0);
  });
});
server.on("listening", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit(0));

function play(socket: WebSocket, from: number): void {
  for (let at = from; at < frames.length; at += 1) {
    if (socket.readyState !== WebSocket.OPEN) return;
    const frame = frames[at] ?? Buffer.alloc(0);
    if (socket.bufferedAmount > MOST_IN_FLIGHT) {
      socket.send(frame, () => play(socket, at + 1));
      return;
    }
    socket.send(frame);
  }
}
