import { z } from "zod";
import { marketSymbol } from "../../core/domain/identifiers.ts";
import type { AccountData } from "../../core/ports/account-data.ts";
import type { AccountFeed } from "../../core/ports/account-feed.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ExchangeHealth } from "../../core/domain/exchange-health.ts";
import type { KeyInspection } from "../../core/ports/key-inspection.ts";
import type { ExchangeGateway } from "../../core/ports/exchange-gateway.ts";
import type { Logger } from "../../core/ports/logger.ts";
import type { MarketData } from "../../core/ports/market-data.ts";
import type { MarketFeed } from "../../core/ports/market-feed.ts";
import type { FeeSchedule } from "../../core/ports/fee-schedule.ts";
import type { TransferHistory } from "../../core/ports/transfer-history.ts";
import type { MexcEndpoints } from "./endpoints.ts";
import { checkEndpoints } from "./endpoints.ts";
import { createAccountData } from "./rest/account-data.ts";
import { ask } from "./rest/ask.ts";
import type { MexcKeys, RestClient } from "./rest/client.ts";
import { createRestClient } from "./rest/client.ts";
import { createExchangeGateway } from "./rest/exchange-gateway.ts";
import type { HttpSender } from "./rest/http-request.ts";
import { createKeyInspection } from "./rest/key-inspection.ts";
import { createMarketData } from "./rest/market-data.ts";
import { openSharedUse } from "./rest/shared-use.ts";
import { createFeeSchedule } from "./rest/fee-schedule.ts";
import { createTransferHistory } from "./rest/transfer-history.ts";
import { depthSchema } from "./to-domain/market.ts";
import { createAccountFeed } from "./ws/account-feed.ts";
import type { ConnectionTimings } from "./ws/connection-timings.ts";
import type { ListenKeys } from "./ws/listen-key.ts";
import { createMarketFeed } from "./ws/market-feed.ts";
import { after } from "./ws/timer.ts";
import type { OpenWireSocket } from "./ws/wire-socket.ts";

export interface MexcExchange {
  readonly gateway: ExchangeGateway;
  readonly accountData: AccountData;
  readonly accountFeed: AccountFeed;
  readonly marketData: MarketData;
  /** The same in a lane that trades: it waits behind no screen, and not as long as one after a refusal. */
  readonly urgentData: MarketData;
  /** Behind every proof of an order, and before what screens ask. */
  readonly watchData: MarketData;
  readonly marketFeed: MarketFeed;
  readonly keyInspection: KeyInspection;
  readonly transferHistory: TransferHistory;
  readonly feeSchedule: FeeSchedule;
  health(): ExchangeHealth;
  close(): Promise<void>;
}

export interface MexcExchangeOptions {
  readonly endpoints: MexcEndpoints;
  /** Without keys every question about an account throws KEYS_MISSING. */
  readonly keys?: MexcKeys;
  readonly clock: Clock;
  readonly random: () => number;
  /** File through which the processes of one home share the exchange's limits and pauses; alone when absent. */
  readonly useFile?: string;
  readonly logger: Logger;
  readonly timings?: Partial<ConnectionTimings>;
  /** How requests leave and sockets are opened; over the network unless said otherwise. */
  readonly sender?: HttpSender | undefined;
  readonly openSocket?: OpenWireSocket | undefined;
}

/** Levels fetched to begin a book with. */
const SNAPSHOT_LEVELS = 1_000;

/** MEXC, or what speaks like it on loopback, behind the core's ports. @throws AppError HOST_NOT_TRUSTED. */
export function createMexcExchange(options: MexcExchangeOptions): MexcExchange {
  const { endpoints, clock, random, logger } = options;
  let poisonRows = 0;
  checkEndpoints(endpoints);
  const restUrl = endpoints.restUrl.replace(/\/+$/, "");
  const { useFile } = options;
  const client = createRestClient({
    restUrl,
    keys: options.keys,
    clock,
    ...(options.sender === undefined ? {} : { sender: options.sender }),
    ...(useFile === undefined ? {} : { sharedUse: openSharedUse({ file: useFile, restUrl, clock, logger }) }),
  });
  const shared = {
    clock,
    random,
    logger,
    openSocket: options.openSocket,
    ...(options.timings === undefined ? {} : { timings: options.timings }),
  };
  const accountFeed = createAccountFeed({
    wsUrl: endpoints.wsUrl,
    listenKeys: createListenKeys(client, clock),
    ...shared,
  });
  const onPoison = (what: string) => {
    poisonRows += 1;
    logger.warn("a row could not be read and was left out", { what });
  };
  const dataParts = { client, now: () => clock.now(), onPoison };
  const marketData = createMarketData(dataParts);
  const marketFeed = createMarketFeed({
    wsUrl: endpoints.wsUrl,
    ...shared,
    fetchSnapshot: (symbol, signal) =>
      ask(
        client,
        { method: "GET", path: "/api/v3/depth", params: { symbol, limit: SNAPSHOT_LEVELS }, signed: false, signal },
        depthSchema,
        `asking the book of ${symbol}`,
      ),
    fetchNewestTradeAt: async (symbol, signal) =>
      (await marketData.fetchTrades(marketSymbol(symbol), 1, signal))[0]?.at,
  });
  return {
    gateway: createExchangeGateway(client),
    accountData: createAccountData({ client, onPoison }),
    accountFeed,
    marketData,
    urgentData: createMarketData({ ...dataParts, lane: "account" }),
    watchData: createMarketData({ ...dataParts, lane: "watch" }),
    marketFeed,
    keyInspection: createKeyInspection({ client, onPoison }),
    transferHistory: createTransferHistory({ client, onPoison }),
    feeSchedule: createFeeSchedule(client),
    health() {
      const market = marketFeed.health();
      const account = accountFeed.health();
      return {
        ...client.health(),
        poison: poisonRows + market.poison + account.poison,
        reconnects: market.reconnects + account.reconnects,
        renewals: market.renewals + account.renewals,
        silences: market.silences,
        marketDataAgeMs: market.lastDataAt === undefined ? undefined : clock.monotonic() - market.lastDataAt,
      };
    },
    async close() {
      await accountFeed.close();
      await marketFeed.close();
      client.close();
    },
  };
}

/** Giving a key back is worth this long, in ms: it expires by itself. */
const GIVE_BACK_MS = 1_000;

function createListenKeys(client: RestClient, clock: Clock): ListenKeys {
  const path = "/api/v3/userDataStream";
  const answer = z.object({ listenKey: z.string().min(1) });
  return {
    async create(signal) {
      const call = { method: "POST", path, signed: true, signal } as const;
      return (await ask(client, call, answer, "opening the private stream")).listenKey;
    },
    async keepAlive(listenKey, signal) {
      const call = { method: "PUT", path, params: { listenKey }, signed: true, signal } as const;
      await ask(client, call, z.unknown(), "keeping the private stream alive");
    },
    async remove(listenKey) {
      const patience = new AbortController();
      const { signal } = patience;
      const stopWaiting = after(clock, GIVE_BACK_MS, () => {
        patience.abort();
      });
      const params = { listenKey };
      try {
        await client.call({ method: "DELETE", path, params, signed: true, signal, timeoutMs: GIVE_BACK_MS });
      } finally {
        stopWaiting();
      }
    },
  };
}
