import type { App } from "../../src/app/app.ts";
import { assembleApp } from "../../src/app/assemble-app.ts";
import type { AccountStorage, AppParts } from "../../src/app/app-parts.ts";
import { accountId, clientOrderId } from "../../src/core/domain/identifiers.ts";
import type { TripLimits } from "../../src/core/domain/trip-facts.ts";
import type { RiskLimits } from "../../src/core/domain/risk-request.ts";
import { quantity } from "../../src/core/domain/money.ts";
import type { OrderReason } from "../../src/core/domain/order.ts";
import type { OrderIntent } from "../../src/core/domain/events.ts";
import type { AccountData } from "../../src/core/ports/account-data.ts";
import type { AccountFeed } from "../../src/core/ports/account-feed.ts";
import type { MarketFeed } from "../../src/core/ports/market-feed.ts";
import type { ExchangeGateway, SubmitOutcome } from "../../src/core/ports/exchange-gateway.ts";
import type { ExchangeHealth } from "../../src/core/domain/exchange-health.ts";
import type { MarketData } from "../../src/core/ports/market-data.ts";
import type { TransferHistory } from "../../src/core/ports/transfer-history.ts";
import type { SettingStore } from "../../src/core/ports/stores.ts";
import { createFakeApp, HEALTHY, SOUND_KEY } from "../commands/fake-app.ts";
import { BTCUSDT, LIMITS, NOW } from "../core/domain/samples.ts";
import type { ManualClock } from "../manual-clock.ts";
import { createManualClock } from "../manual-clock.ts";
import { createMemoryStorage } from "./runtime/memory-journal.ts";

/** What outlives a process: its files, and the time. */
export interface ScriptedPlace {
  readonly manual: ManualClock;
  readonly account: AccountStorage;
  readonly settings: SettingStore;
}

let processes = 0;

/** An assembled app on scripted ports and a clock that is moved by hand. */
export function openScriptedApp(
  script: {
    readonly marketData?: Partial<MarketData>;
    readonly accountData?: Partial<AccountData>;
    readonly transferHistory?: Partial<TransferHistory>;
    readonly health?: () => ExchangeHealth;
    readonly signingTrouble?: () => OrderReason | undefined;
    readonly submit?: (intent: OrderIntent) => SubmitOutcome;
    readonly accountFeed?: AccountFeed;
    readonly marketFeed?: MarketFeed;
    readonly trips?: TripLimits;
    readonly limits?: Partial<RiskLimits>;
  } = {},
  place?: ScriptedPlace,
) {
  const { clock, advance } = place?.manual ?? createManualClock(NOW);
  const fake = createFakeApp().app;
  const id = accountId("demo:x");
  const run = (processes += 1);
  let minted = 0;
  const gateway: ExchangeGateway = {
    receiveWindowMs: 5_000,
    signingTrouble: () => Promise.resolve(script.signingTrouble?.()),
    submit: (intent) =>
      Promise.resolve(script.submit?.(intent) ?? { kind: "unknown", reason: { code: "X", message: "x" } }),
    cancel: () => Promise.resolve({ kind: "accepted" }),
    cancelOpen: () => Promise.resolve({ kind: "accepted" }),
    test: () => Promise.resolve({ kind: "valid" }),
  };
  const accountData: AccountData = {
    findOrder: () => Promise.resolve({ kind: "not-found" }),
    fetchBalances: () =>
      Promise.resolve([{ asset: BTCUSDT.quote, free: quantity("100000"), locked: quantity("0"), at: NOW }]),
    fetchOpenOrders: () => Promise.resolve([]),
    fetchOrders: () => Promise.resolve([]),
    fetchFills: () => Promise.resolve([]),
    ...script.accountData,
  };
  const parts: AppParts = {
    identity: { mode: "demo", version: "9.9.9", exchange: "a scripted exchange", accountId: id },
    places: fake.places,
    exchange: {
      gateway,
      accountData,
      accountFeed: script.accountFeed ?? { start: () => Promise.resolve(), close: () => Promise.resolve() },
      marketData: { ...fake.marketData, ...script.marketData },
      urgentData: { ...fake.marketData, ...script.marketData },
      watchData: { ...fake.marketData, ...script.marketData },
      marketFeed: script.marketFeed ?? fake.marketFeed,
      keyInspection: {
        fetchKeyFacts: () => Promise.resolve(SOUND_KEY),
        fetchAccountRights: () => Promise.resolve({ canTrade: true, canWithdraw: false }),
        fetchKeyMarkets: () => Promise.resolve(undefined),
        fetchOpenMarkets: () => Promise.resolve(undefined),
      },
      transferHistory: {
        reachMs: () => 90 * 86_400_000,
        fetchTransfers: () => Promise.resolve([]),
        ...script.transferHistory,
      },
      feeSchedule: {
        fetchFees: () => Promise.resolve({ makerRate: BTCUSDT.makerFee, takerRate: BTCUSDT.takerFee, isInMx: false }),
      },
      health: script.health ?? (() => HEALTHY),
      close: () => Promise.resolve(),
    },
    limits: { ...LIMITS, ...script.limits },
    ...(script.trips === undefined ? {} : { trips: script.trips }),
    clock,
    ids: {
      clientOrderId: () => clientOrderId(`td-${run}-${(minted += 1)}`),
      recordId: () => `record-${run}-${(minted += 1)}`,
    },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    settings: place?.settings ?? fake.settings,
    account: { id, ...(place?.account ?? createMemoryStorage().storage) },
    allOrders: () => [],
    demoControls: undefined,
    schedule: () => () => undefined,
    dispose: () => Promise.resolve(),
  };
  const app: App = assembleApp(parts);
  return { app, advance };
}
