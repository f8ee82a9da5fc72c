import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { ControlContext } from "../control/control-calls.ts";
import { answerControl } from "../control/control-calls.ts";
import type { RequestFault } from "../control/faults.ts";
import { Refusal } from "../engine/refusal.ts";
import { RateLimited } from "./limits.ts";
import { Parameters, readParameters } from "./parameters.ts";
import { ENDPOINTS } from "./route-table.ts";
import { authenticate } from "./signature.ts";
import type { Venue } from "./venue.ts";

const BODY_LIMIT_BYTES = 1_048_576;
const FIREWALL_PAGE = "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1></body></html>";

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

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
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  const rawQuery = queryAt < 0 ? "" : target.slice(queryAt + 1);
  const method = request.method ?? "GET";
  if (body === undefined) {
    send(response, { status: 413, body: { code: 413, msg: "Request body too large" } });
  } else if (path.startsWith("/_sim/")) {
    send(response, answerControl(method, path, body, control));
  } else {
    const fault = venue.faults.take(method, path);
    if (fault === undefined) send(response, answer(venue, request, method, path, rawQuery, body));
    else await suffer(fault, venue, request, response, () => answer(venue, request, method, path, rawQuery, body));
  }
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
      response.writeHead(403, { "content-type": "text/html" }).end(FIREWALL_PAGE);
  }
}

function answer(
  venue: Venue,
  request: IncomingMessage,
  method: string,
  path: string,
  rawQuery: string,
  rawBody: string,
): Answer {
  const atPath = ENDPOINTS.filter((endpoint) => endpoint.path === path);
  const endpoint = atPath.find((one) => one.method === method);
  if (endpoint === undefined) {
    const status = atPath.length === 0 ? 404 : 405;
    return { status, body: { code: status, msg: status === 404 ? "Not Found" : "Method Not Allowed" } };
  }
  try {
    const values = readParameters(rawQuery, rawBody);
    const header = request.headers["x-mexc-apikey"];
    const signed = { rawQuery, rawBody, apiKey: typeof header === "string" ? header : undefined, parameters: values };
    const apiKey = endpoint.access === "signed" ? authenticate(signed, venue.secrets, venue.serverTime()) : "";
    venue.limits?.spend(endpoint, apiKey, venue.now());
    const call = {
      parameters: new Parameters(values),
      apiKey,
      exchange: venue.exchange,
      listenKeys: venue.listenKeys,
      serverTime: venue.serverTime(),
    };
    return { status: 200, body: endpoint.handle(call) };
  } catch (error) {
    return answerTo(error);
  }
}

function answerTo(error: unknown): Answer {
  if (!(error instanceof Refusal)) {
    return { status: 500, body: { code: 500, msg: error instanceof Error ? error.message : "internal error" } };
  }
  const body = { code: error.code, msg: error.message };
  if (!(error instanceof RateLimited)) return { status: error.httpStatus, body };
  return { status: error.httpStatus, body, headers: { "retry-after": String(error.retryAfterSeconds) } };
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
