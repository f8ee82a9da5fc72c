import { createHmac } from "node:crypto";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import type { RunningSimulator, SimulatorOptions } from "../../../src/simulator/start-simulator.ts";
import { connectStream } from "./venue-stream.ts";
import type { VenueStream } from "./venue-stream.ts";

// A client written from the fact sheet alone. It knows the address of the exchange and nothing of how it is made.

export type Row = Readonly<Record<string, unknown>>;
export type Query = Readonly<Record<string, string | number | undefined>>;
type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text of what is none. */
  readonly body: unknown;
}

export interface Key {
  readonly apiKey: string;
  readonly secret: string;
}

/** A request exactly as it goes over the wire. */
export interface RawRequest {
  readonly method: Method;
  /** Path and query behind the address, encoded. */
  readonly target: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface VenueClient extends AsyncDisposable {
  readonly simulator: RunningSimulator;
  readonly key: Key;
  /** What the exchange's clock shows. It stands still until it is moved. */
  now(): number;
  /** Moves the clock, playing everything that falls due on the way. */
  advance(ms: number): void;
  /** Moves the clock in one step: what is due comes late and at once. */
  jump(ms: number): void;
  raw(request: RawRequest): Promise<Reply>;
  get(path: string, query?: Query): Promise<Reply>;
  /** Everything in the query with the signature last, as every checked client sends it. */
  signed(
    method: Method,
    path: string,
    query?: Query,
    options?: { readonly key?: Key; readonly at?: number },
  ): Promise<Reply>;
  control(path: string, input?: object): Promise<Row>;
  /** Runs with other readings of uncertain facts, and puts them back. */
  withSwitches(settings: Query, run: () => Promise<void>): Promise<void>;
  connect(query?: Query): Promise<VenueStream>;
}

const START = Date.UTC(2026, 9, 1, 12);
const STEP_MS = 100;

/** The exchange on a clock moved by hand, and a client for it. */
export async function openVenue(options: SimulatorOptions = {}): Promise<VenueClient> {
  let time = options.now?.() ?? START;
  const simulator = await startSimulator({ seed: 7, symbolCount: 20, ...options, now: () => time, manual: true });
  const key: Key = { apiKey: simulator.apiKey, secret: simulator.apiSecret };
  const streams: VenueStream[] = [];
  const raw = async ({ method, target, body, headers = {} }: RawRequest): Promise<Reply> => {
    const answer = await fetch(simulator.restUrl + target, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.includes("json") === true;
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  };
  const control = async (path: string, input?: object): Promise<Row> => {
    const request = input === undefined ? {} : { method: "POST", body: JSON.stringify(input) };
    const answer = await fetch(`${simulator.restUrl}/_sim/${path}`, request);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Row;
  };
  return {
    simulator,
    key,
    now: () => time,
    advance(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        time += Math.min(left, STEP_MS);
        simulator.step();
      }
    },
    jump(ms) {
      time += ms;
      simulator.step();
    },
    raw,
    get: (path, query = {}) => raw({ method: "GET", target: `${path}?${encodeQuery(query)}` }),
    signed(method, path, query = {}, { key: signer = key, at = time } = {}) {
      const text = encodeQuery({ ...query, timestamp: at });
      const headers = { "x-mexc-apikey": signer.apiKey, "content-type": "application/json" };
      return raw({ method, target: `${path}?${text}&signature=${sign(text, signer.secret)}`, headers });
    },
    control,
    async withSwitches(settings, run) {
      const { switches } = await control("switches");
      const before = (switches as readonly Row[]).map((row) => [row["name"], row["value"]] as const);
      await control("switches", settings);
      try {
        await run();
      } finally {
        await control("switches", Object.fromEntries(before));
      }
    },
    async connect(query = {}) {
      const stream = await connectStream(`${simulator.wsUrl}?${encodeQuery(query)}`);
      streams.push(stream);
      return stream;
    },
    async [Symbol.asyncDispose]() {
      for (const stream of streams) stream.leave();
      await simulator.close();
    },
  };
}

/** §1.1: percent-encoding with upper-case hex, of brackets and parentheses too. */
export function encodeQuery(query: Query): string {
  return Object.entries(query)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeValue(String(value))}`]))
    .join("&");
}

export function encodeValue(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** §1.1: HMAC-SHA256 in lower-case hex. */
export function sign(totalParams: string, secret: string): string {
  return createHmac("sha256", secret).update(totalParams).digest("hex");
}
