import type { Balance } from "../domain/balance.ts";
import type { Fill } from "../domain/fill.ts";
import type { OrderReport } from "../domain/order.ts";
import type { ConnectionState } from "./market-feed.ts";

/**
 * What the private stream says. Pushes may come late, twice or out of order between channels. `connected` after the
 * first means a gap lies behind: whoever listens reconciles.
 */
export type AccountFeedEvent =
  | { readonly type: "order-report"; readonly report: OrderReport }
  | { readonly type: "fill"; readonly fill: Fill }
  | { readonly type: "balance"; readonly balance: Balance }
  | { readonly type: "connection"; readonly state: ConnectionState }
  /** Something was said that could not be read: whoever listens reconciles. */
  | { readonly type: "missed"; readonly why: string };

export interface AccountFeed {
  /** Resolves once subscribed; afterwards reconnects by itself until closed. @throws AppError when it cannot begin. */
  start(listener: (event: AccountFeedEvent) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
