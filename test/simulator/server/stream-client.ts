import { WebSocket } from "ws";
import type { Fields } from "../decode-push.ts";
import { decodePush } from "../decode-push.ts";

/** The other end of one stream connection, for tests of the wire. */
export interface StreamClient {
  readonly socket: WebSocket;
  /** Text frames as they came. */
  readonly texts: string[];
  /** Binary frames, decoded by the reference decoder. */
  readonly pushes: Fields[];
  /** Fulfilled with the close code; 1006 when there was no close frame. */
  readonly closed: Promise<number>;
  /** The bodies of one kind, oldest first. */
  readonly bodies: (kind: string) => readonly Fields[];
  readonly say: (message: unknown) => void;
  readonly subscribe: (...channels: string[]) => void;
}

export async function connect(url: string): Promise<StreamClient> {
  const socket = new WebSocket(url);
  const texts: string[] = [];
  const pushes: Fields[] = [];
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  socket.on("message", (data, isBinary) => {
    if (isBinary) pushes.push(decodePush(data as Buffer));
    else texts.push((data as Buffer).toString("utf8"));
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const say = (message: unknown): void => {
    socket.send(JSON.stringify(message));
  };
  return {
    socket,
    texts,
    pushes,
    closed,
    bodies: (kind) => pushes.flatMap((push) => (push[kind] === undefined ? [] : [push[kind] as Fields])),
    say,
    subscribe: (...params) => {
      say({ method: "SUBSCRIPTION", params });
    },
  };
}
