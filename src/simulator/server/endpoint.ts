import type { Exchange } from "../engine/exchange.ts";
import type { ApiKey, Permission } from "./api-keys.ts";
import type { EndpointFacts } from "./endpoint-facts.ts";
import type { Parameters } from "./parameters.ts";
import type { Venue } from "./venue.ts";

/** What an endpoint gets to see of a request and of the exchange. */
export interface Call {
  readonly parameters: Parameters;
  /** The account; empty on endpoints that need no key. */
  readonly account: string;
  readonly exchange: Exchange;
  readonly venue: Venue;
  /** What the exchange believes the time is, in ms. */
  readonly serverTime: number;
}

/** A call that came with a key. */
export interface SignedCall extends Call {
  readonly key: ApiKey;
}

export interface PublicEndpoint extends EndpointFacts {
  readonly access: "public";
  readonly handle: (call: Call) => unknown;
}

export interface SignedEndpoint extends EndpointFacts {
  /** What the key must be allowed to do. */
  readonly access: Permission;
  readonly handle: (call: SignedCall) => unknown;
}

/** One endpoint of the REST API as data. The handler's answer is sent as JSON; it throws a Refusal to say no. */
export type Endpoint = PublicEndpoint | SignedEndpoint;
