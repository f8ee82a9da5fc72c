import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/** Requests this process has under way, and how they were answered. */
export interface HttpTraffic {
  readonly underWay: number;
  readonly sent: number;
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  close(): void;
}

/** Watches the plain HTTP client of Node itself, so that nothing in the product has to be changed for it. */
export function watchHttpTraffic(): HttpTraffic {
  const underWay = new Set<ClientRequest>();
  const statuses = new Map<number, number>();
  let sent = 0;
  const onStart = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    sent += 1;
    underWay.add(request);
    request.once("close", () => underWay.delete(request));
  };
  const onFinish = (message: unknown) => {
    const { response } = message as { readonly response: IncomingMessage };
    const status = response.statusCode ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  subscribe("http.client.request.start", onStart);
  subscribe("http.client.response.finish", onFinish);
  return {
    get underWay() {
      return underWay.size;
    },
    get sent() {
      return sent;
    },
    statuses,
    close() {
      unsubscribe("http.client.request.start", onStart);
      unsubscribe("http.client.response.finish", onFinish);
    },
  };
}
