import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import protobuf from "protobufjs";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import { vi } from "vitest";

const schema = readFileSync(join(import.meta.dirname, "../../fixtures/mexc/push.proto"), "utf8");
const Wrapper = protobuf.parse(schema, { keepCase: true }).root.lookupType("PushDataV3ApiWrapper");

/** A push as the reference library writes it. */
export function encodePush(message: object): Uint8Array {
  return Wrapper.encode(Wrapper.fromObject(message)).finish();
}

interface Control {
  readonly method: string;
  readonly params?: readonly string[];
  readonly id?: number;
}

export interface VenueSocket {
  readonly socket: WebSocket;
  readonly url: string;
  readonly messages: Control[];
}

/** Answers a subscription; undefined stays silent. */
export type Answer = (message: Control, venue: StreamVenue, socket: VenueSocket) => string | undefined;

/** A stream endpoint that does what a test tells it to, faults included. */
export interface StreamVenue {
  readonly url: string;
  /** Every connection ever made, oldest first. */
  readonly sockets: readonly VenueSocket[];
  readonly open: number;
  answer: Answer;
  /** What a new connection is told first. */
  greeting: (url: string) => string | undefined;
  push(message: object): void;
  close(): Promise<void>;
}

export const ack = (id: number | undefined, msg: string): string => JSON.stringify({ id: id ?? 0, code: 0, msg });

export const agree: Answer = ({ method, params, id }) => ack(id, method === "PING" ? "PONG" : (params ?? []).join(","));

/** Takes thirty subscriptions a socket, and has one word for every refusal. */
export const takeThirty: Answer = (message, venue, socket) =>
  message.method === "SUBSCRIPTION" && socket.messages.filter(({ method }) => method === "SUBSCRIPTION").length > 30
    ? ack(message.id, `Not Subscribed successfully! [${message.params?.[0] ?? ""}].  Reason： Blocked! `)
    : agree(message, venue, socket);

export async function startStreamVenue(): Promise<StreamVenue> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => {
    server.once("listening", () => {
      resolve();
    });
  });
  const sockets: VenueSocket[] = [];
  const venue: StreamVenue = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    sockets,
    get open() {
      return server.clients.size;
    },
    answer: agree,
    greeting: () => undefined,
    push(message) {
      for (const client of server.clients) client.send(encodePush(message), { binary: true });
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => {
          resolve();
        });
      }),
  };
  server.on("connection", (socket, request) => {
    const connected: VenueSocket = { socket, url: request.url ?? "", messages: [] };
    sockets.push(connected);
    const greeting = venue.greeting(connected.url);
    if (greeting !== undefined) socket.send(greeting);
    socket.on("message", (data) => {
      const message = JSON.parse((data as Buffer).toString("utf8")) as Control;
      connected.messages.push(message);
      const reply = venue.answer(message, venue, connected);
      if (reply !== undefined) socket.send(reply);
    });
  });
  return venue;
}

export const until = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 4_000, interval: 2 });

export const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
