import type { Exchange } from "../engine/exchange.ts";
import type { ListenKeys } from "./listen-keys.ts";
import type { Parameters } from "./parameters.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";

/** What an endpoint gets to see of a request and of the exchange. */
export interface Call {
  readonly parameters: Parameters;
  /** The account; empty on endpoints that need no key. */
  readonly apiKey: string;
  readonly exchange: Exchange;
  readonly listenKeys: ListenKeys;
  /** What the exchange believes the time is, in ms. */
  readonly serverTime: number;
}

/** One endpoint of the REST API as data. The handler's answer is sent as JSON; it throws a Refusal to say no. */
export interface Endpoint {
  readonly method: HttpMethod;
  readonly path: string;
  /** Weight against the shared limit of an address. */
  readonly weight: number;
  readonly access: "public" | "signed";
  /** Counts against the orders a second of an account. */
  readonly isOrderAction?: true;
  readonly handle: (call: Call) => unknown;
}
