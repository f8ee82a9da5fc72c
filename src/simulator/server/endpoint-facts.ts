import type { Parameters } from "./parameters.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";

/** Where an endpoint is, and what a call of it costs. */
export interface EndpointFacts {
  readonly method: HttpMethod;
  readonly path: string;
  /** Weight against the pool all requests of an address share (limits of generation B). */
  readonly weight: number;
  /** Weight against the endpoint's own limit (generation A), where it differs. */
  readonly olderWeight?: number | ((parameters: Parameters) => number);
  /** Counts against the orders a second of an account. */
  readonly isOrderAction?: true;
  /** Calls in so many ms, counted for this endpoint alone and whatever else holds. */
  readonly ownLimit?: { readonly most: number; readonly windowMs: number };
  /** The same under generation A only. */
  readonly olderOwnLimit?: { readonly most: number; readonly windowMs: number };
}
