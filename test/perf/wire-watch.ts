import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";

/** Told when the last byte of a request has been handed to its socket, at a moment of `performance.now`. */
export type WireListener = (sentAt: number, method: string, path: string) => void;

/** Hears of every request of this process that Node's own client sends, whoever sends it. */
export function watchWire(listener: WireListener): void {
  subscribe("http.client.request.start", (message) => {
    const sentAt = performance.now();
    const { request } = message as { readonly request: ClientRequest };
    listener(sentAt, request.method, request.path);
  });
}
