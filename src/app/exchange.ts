import type { AccountData } from "../core/ports/account-data.ts";
import type { AccountFeed } from "../core/ports/account-feed.ts";
import type { ExchangeHealth } from "../core/domain/exchange-health.ts";
import type { ExchangeGateway } from "../core/ports/exchange-gateway.ts";
import type { FeeSchedule } from "../core/ports/fee-schedule.ts";
import type { KeyInspection } from "../core/ports/key-inspection.ts";
import type { MarketData } from "../core/ports/market-data.ts";
import type { MarketFeed } from "../core/ports/market-feed.ts";
import type { TransferHistory } from "../core/ports/transfer-history.ts";

/** One exchange behind the core's ports, whatever stands there. */
export interface Exchange {
  readonly gateway: ExchangeGateway;
  readonly accountData: AccountData;
  readonly accountFeed: AccountFeed;
  readonly marketData: MarketData;
  /** The same for whoever guards or is about to sell: not held back with what screens ask. */
  readonly urgentData: MarketData;
  /** The same for the watch of the guardian: behind every proof of an order, and before what screens ask. */
  readonly watchData: MarketData;
  readonly marketFeed: MarketFeed;
  readonly keyInspection: KeyInspection;
  readonly transferHistory: TransferHistory;
  readonly feeSchedule: FeeSchedule;
  /** How the connection stands at this moment; asks nothing. */
  health(): ExchangeHealth;
  close(): Promise<void>;
}
