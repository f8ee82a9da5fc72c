import { readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { WebSocket } from "ws";

const schema = readFileSync(join(import.meta.dirname, "../../fixtures/mexc/push.proto"), "utf8");
const Wrapper = protobuf.parse(schema, { keepCase: true }).root.lookupType("PushDataV3ApiWrapper");

export type Fields = Readonly<Record<string, unknown>>;

/** A push: the wrapper's fields, as far as they were on the wire; int64 as numbers. */
export interface Push extends Fields {
  readonly channel: string;
  readonly frame: Uint8Array;
}

export interface VenueStream {
  /** Texts received, oldest first. */
  readonly texts: readonly string[];
  /** Binary messages received, decoded by the schema, oldest first. */
  readonly pushes: readonly Push[];
  /** The close code, once closed: 1006 when there was no close frame. */
  readonly closed: Promise<number>;
  readonly isOpen: boolean;
  send(message: object | string): void;
  /** Sends, and waits for the text that answers. */
  ask(message: object | string): Promise<Fields>;
  subscribe(...channels: readonly string[]): Promise<string>;
  leave(): void;
}

/** Connects and waits for the handshake. */
export async function connectStream(url: string): Promise<VenueStream> {
  const socket = new WebSocket(url);
  const texts: string[] = [];
  const pushes: Push[] = [];
  const waiting: PromiseWithResolvers<string>[] = [];
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  void closed.then((code) => {
    for (const { reject } of waiting) reject(new Error(`closed with ${code} before an answer came`));
  });
  socket.on("message", (data, isBinary) => {
    const bytes = data as Buffer;
    if (isBinary) {
      const fields = Wrapper.toObject(Wrapper.decode(bytes), { longs: Number }) as Push;
      pushes.push({ ...fields, frame: bytes });
      return;
    }
    texts.push(bytes.toString("utf8"));
    waiting.shift()?.resolve(bytes.toString("utf8"));
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  // A socket that ends without a close frame may report an error on its way out; `closed` tells enough.
  socket.on("error", () => {});
  const send = (message: object | string): void => {
    socket.send(typeof message === "string" ? message : JSON.stringify(message));
  };
  const ask = async (message: object | string): Promise<Fields> => {
    const text = Promise.withResolvers<string>();
    waiting.push(text);
    send(message);
    return JSON.parse(await text.promise) as Fields;
  };
  return {
    texts,
    pushes,
    closed,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    send,
    ask,
    subscribe: async (...channels) => String((await ask({ method: "SUBSCRIPTION", params: channels }))["msg"]),
    leave: () => {
      socket.terminate();
    },
  };
}
