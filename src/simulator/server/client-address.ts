import type { IncomingMessage } from "node:http";

/** Where a request comes from: an IPv4 address in its plain form, also where the socket speaks IPv6. */
export function addressOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}
