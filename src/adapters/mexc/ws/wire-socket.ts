import WebSocket from "ws";

/** What a socket tells; nothing more once it was terminated. */
export interface WireSocketListener {
  opened(): void;
  /** Binary frames are pushes, text frames answers. */
  message(data: Buffer, isBinary: boolean): void;
  failed(error: NodeJS.ErrnoException): void;
  /** Told once, at the end. 1006 when there was no close frame. */
  closed(code: number): void;
}

/** The bare socket below a stream. */
export interface WireSocket {
  readonly isOpen: boolean;
  send(text: string): void;
  /** Ends it at once, without a close frame. */
  terminate(): void;
}

/** Begins to connect; everything else is told to the listener, never within the call. */
export type OpenWireSocket = (address: string, listener: WireSocketListener) => WireSocket;

const HANDSHAKE_MS = 10_000;
const LARGEST_FRAME = 16 * 1024 * 1024;

export const openWebSocket: OpenWireSocket = (address, listener) => {
  const socket = new WebSocket(address, {
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: LARGEST_FRAME,
  });
  socket.on("open", () => {
    listener.opened();
  });
  socket.on("message", (data, isBinary) => {
    listener.message(data as Buffer, isBinary);
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    listener.failed(error);
  });
  socket.on("close", (code) => {
    listener.closed(code);
  });
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    send(text) {
      socket.send(text);
    },
    terminate() {
      socket.terminate();
    },
  };
};
