import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { ControlContext } from "../control/control-call.ts";
import { answerControl } from "../control/control-calls.ts";
import type { RequestFault } from "../control/faults.ts";
import type { Answer, RawRequest } from "./answer-request.ts";
import { answerRequest } from "./answer-request.ts";
import { addressOf } from "./client-address.ts";
import { FIREWALL_PAGE } from "./firewall.ts";
import type { Venue } from "./venue.ts";

const BODY_LIMIT_BYTES = 1_048_576;

/** The REST API and the control calls. It does not listen yet. */
export function createHttpServer(venue: Venue, control: ControlContext): Server {
  return createServer((request, response) => {
    void serve(venue, control, request, response).catch(() => request.socket.destroy());
  });
}

async function serve(
  venue: Venue,
  control: ControlContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const target = request.url ?? "/";
  const queryAt = target.indexOf("?");
  const raw: RawRequest = {
    method: request.method ?? "GET",
    path: queryAt < 0 ? target : target.slice(0, queryAt),
    rawQuery: queryAt < 0 ? "" : target.slice(queryAt + 1),
    rawBody: body ?? "",
    headers: request.headers,
    address: addressOf(request),
  };
  if (body === undefined) {
    send(response, { status: 413, body: { code: 413, msg: "Request body too large" } });
    return;
  }
  if (raw.path.startsWith("/_sim/")) {
    send(response, answerControl(raw.method, raw.path, body, control));
    return;
  }
  const isBehindWall = venue.hasLimits && venue.switches.get("firewall") === "on";
  if (isBehindWall && !venue.firewall.admit(raw.address, venue.now())) {
    sendWall(response);
    return;
  }
  // Who counts for a venue that counts nothing would only be slowed down.
  if (!venue.hasLimits) response.setHeader("x-sim-limits", "off");
  const fault = venue.faults.take(raw.method, raw.path);
  if (fault === undefined) send(response, answerRequest(venue, raw));
  else await suffer(fault, venue, request, response, () => answerRequest(venue, raw));
}

/** Lets a request fare as the fault says; `process` carries it out. */
async function suffer(
  fault: RequestFault,
  venue: Venue,
  request: IncomingMessage,
  response: ServerResponse,
  process: () => Answer,
): Promise<void> {
  switch (fault.kind) {
    case "lost-request":
      request.socket.destroy();
      return;
    case "lost-response":
      process();
      request.socket.destroy();
      return;
    case "delay": {
      const late = process();
      await venue.schedule.pause(fault.delayMs);
      send(response, late);
      return;
    }
    case "duplicate":
      process();
      send(response, process());
      return;
    case "5xx":
      if (fault.processed) process();
      send(response, { status: 503, body: { code: 503, msg: "Service unavailable" } });
      return;
    case "429": {
      const headers = { "retry-after": String(fault.retryAfterSeconds) };
      send(response, { status: 429, body: { code: 429, msg: "Too many requests" }, headers });
      return;
    }
    case "403":
      sendWall(response);
  }
}

function sendWall(response: ServerResponse): void {
  response.writeHead(403, { "content-type": "text/html" }).end(FIREWALL_PAGE);
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      "content-type": "application/json;charset=UTF-8",
      "content-length": Buffer.byteLength(text),
      ...headers,
    })
    .end(text);
}

/** @returns undefined for a body no client means */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
