import type { IncomingMessage } from "node:http";
import { Refusal } from "../engine/refusal.ts";
import type { Permission } from "./api-keys.ts";
import type { ApiKey } from "./api-keys.ts";
import type { Endpoint } from "./endpoint.ts";
import { RateLimited } from "./limits.ts";
import { Parameters, readParameters } from "./parameters.ts";
import { ENDPOINTS } from "./route-table.ts";
import { authenticate } from "./signature.ts";
import type { Venue } from "./venue.ts";

export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly rawBody: string;
  readonly headers: IncomingMessage["headers"];
  readonly address: string;
}

const BY_PATH = new Map<string, readonly Endpoint[]>();
for (const endpoint of ENDPOINTS) {
  BY_PATH.set(endpoint.path, [...(BY_PATH.get(endpoint.path) ?? []), endpoint]);
}

/** Carries a request out. Never throws: what goes wrong is an answer too. */
export function answerRequest(venue: Venue, request: RawRequest): Answer {
  const atPath = BY_PATH.get(request.path) ?? [];
  const endpoint = atPath.find((one) => one.method === request.method);
  if (endpoint === undefined) {
    const status = atPath.length === 0 ? 404 : 405;
    return { status, body: { code: status, msg: status === 404 ? "Not Found" : "Method Not Allowed" } };
  }
  try {
    return { status: 200, body: handle(venue, endpoint, request) };
  } catch (error) {
    return answerTo(error, venue);
  }
}

function handle(venue: Venue, endpoint: Endpoint, request: RawRequest): unknown {
  const { rawQuery, rawBody, address } = request;
  const values = readParameters(rawQuery, rawBody);
  const parameters = new Parameters(values);
  const header = request.headers["x-mexc-apikey"];
  const apiKey = typeof header === "string" ? header : undefined;
  // Requests that are refused count too.
  const account = endpoint.access === "public" ? "" : (venue.keys.find(apiKey ?? "")?.account ?? "");
  if (venue.hasLimits) {
    const generation = venue.switches.get("limits-generation");
    venue.limits.spend({ endpoint, parameters, account, address }, generation, venue.now());
  }
  const serverTime = venue.serverTime();
  const call = { parameters, account, exchange: venue.exchange, venue, serverTime };
  if (endpoint.access === "public") return endpoint.handle(call);
  checkContentType(request);
  const gate = { keys: venue.keys, switches: venue.switches, serverTime };
  const key = authenticate({ rawQuery, rawBody, apiKey, address, parameters: values }, gate);
  checkPermission(key, endpoint.access);
  return endpoint.handle({ ...call, key });
}

/** Bodies are parameters, whether they are called a form or, as the documentation wants it, JSON. */
function checkContentType({ method, headers }: RawRequest): void {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (method === "GET" || type === undefined) return;
  if (type === "application/json" || type === "application/x-www-form-urlencoded") return;
  throw new Refusal(700013, "Invalid Content-Type");
}

function checkPermission(key: ApiKey, permission: Permission): void {
  if (!key.permissions.includes(permission)) throw new Refusal(700007, "No permission to access the endpoint.");
}

function answerTo(error: unknown, venue: Venue): Answer {
  if (!(error instanceof Refusal)) {
    return { status: 500, body: { code: 500, msg: error instanceof Error ? error.message : "internal error" } };
  }
  const body = { code: error.code, msg: error.message };
  if (error instanceof RateLimited) {
    return { status: error.httpStatus, body, headers: { "retry-after": String(error.retryAfterSeconds) } };
  }
  const status = error.httpStatus === 400 ? Number(venue.switches.get("refusal-status")) : error.httpStatus;
  return { status, body };
}
