import { AppError, EXIT_CODES } from "../core/domain/errors.ts";
import type { AccountId } from "../core/domain/identifiers.ts";
import type { OrderDraft } from "../core/domain/order.ts";
import { isUnproven } from "../core/domain/order.ts";
import { adoptOrder } from "../core/use-cases/adopt-order.ts";
import { cancelOrder } from "../core/use-cases/cancel-order.ts";
import { checkKey } from "../core/use-cases/check-key.ts";
import type { PlaceOrderOptions } from "../core/use-cases/place-order.ts";
import { judgeOrder } from "../core/use-cases/judge-order.ts";
import { placeOrder } from "../core/use-cases/place-order.ts";
import { compareAccount, reconcileAccount } from "../core/use-cases/reconcile-account.ts";
import { resolveUnknownOrder } from "../core/use-cases/resolve-unknown-order.ts";
import { testOrder } from "../core/use-cases/test-order.ts";
import type { TradingContext } from "../core/use-cases/trading-context.ts";
import { writeOffOrder } from "../core/use-cases/write-off-order.ts";
import type { App } from "./app.ts";
import type { AccountStorage, AppParts } from "./app-parts.ts";
import type { ReadFeeTerms } from "./runtime/account-fees.ts";
import { createAccountFees } from "./runtime/account-fees.ts";
import { createArchiveKeeper } from "./runtime/archive-keeper.ts";
import type { GuardNews } from "./guarding.ts";
import { createKnownAssets } from "./runtime/market-assets.ts";
import { booksWithin, openBooks } from "./runtime/open-books.ts";
import { createProofLog } from "./runtime/proof-log.ts";
import { createEventPump } from "./runtime/event-pump.ts";
import { backupStatusOf, keepBackups } from "./runtime/backup-keeper.ts";
import { createGuarding } from "./runtime/guardian/create-guarding.ts";
import { createGuardian } from "./runtime/guardian/guardian.ts";
import { createIdleCounter } from "./runtime/idle.ts";
import type { InstrumentRules } from "./runtime/instrument-rules.ts";
import { createInstrumentRules, speaksOfRules } from "./runtime/instrument-rules.ts";
import { createLedgerMemory } from "./runtime/ledger-memory.ts";
import { findHeldOrder, lookUpOrder } from "./runtime/order-lookup.ts";
import { createClosing } from "./runtime/create-closing.ts";
import { createProtecting } from "./runtime/create-protecting.ts";
import { createReconciling } from "./runtime/create-reconciling.ts";
import { createPricedMarkets } from "./runtime/priced-markets.ts";
import { createSafety } from "./runtime/create-safety.ts";
import { createSessionRunner } from "./runtime/session-runner.ts";
import { watchStore } from "./runtime/store-watch.ts";
import type { Trading } from "./runtime/trading.ts";
import type { AppStore } from "./store/create-store.ts";
import { createStore } from "./store/create-store.ts";
import { syncChanged } from "./store/session-slice.ts";

/** Until the clocks are compared, in the first second of a process, ours is taken to be about right. */
const UNMEASURED = { offsetMs: 0, uncertaintyMs: 2_000 };

/** Puts the running core together from its ports. Knows no adapter. */
export function assembleApp(parts: AppParts): App {
  const { exchange, clock, identity, account } = parts;
  const store = createStore(identity);
  const idle = createIdleCounter();
  const lifetime = new AbortController();
  const otherNews = new Set<(news: GuardNews) => void>();
  const rules = createInstrumentRules({ store, data: exchange.marketData, clock });
  const trading = account === undefined ? undefined : openTrading(parts, store, account, rules);
  const knownAssets = createKnownAssets(parts.settings);
  const readFees = createAccountFees({ schedule: exchange.feeSchedule, data: exchange.marketData, clock });
  const feeTerms: ReadFeeTerms = async (instrument, signal) =>
    trading === undefined ? undefined : readFees(instrument, signal);
  const books =
    trading === undefined || account === undefined
      ? undefined
      : openBooks(parts, store, trading, account, knownAssets, (symbol, held) => guarding.badge(symbol, held));
  const session = createSessionRunner({
    parts,
    store,
    idle,
    lifetime: lifetime.signal,
    trading,
    rules,
    money: books,
    books,
  });
  const guardian =
    trading === undefined || account === undefined
      ? undefined
      : createGuardian({
          context: trading.context,
          lease: account.lease,
          feed: exchange.marketFeed,
          data: exchange.watchData,
          clockReading: () => exchange.health().clock ?? UNMEASURED,
          place: (draft, signal, options) => placeAndLearn(trading.context, draft, signal, options),
          proveLater: session.resolveLater,
          adopt: trading.adopt,
          onLedger: followLedger,
          track: (work) => {
            session.inBackground("guarding", work);
          },
        });

  /** Calls after each change of what we hold to be true about the account. */
  function followLedger(listener: () => void): () => void {
    let seen = store.getState().trading;
    return store.subscribe(() => {
      const { trading: now } = store.getState();
      if (now === seen) return;
      seen = now;
      listener();
    });
  }

  let syncing: { close(): Promise<void> } | undefined;

  async function startSession(signal: AbortSignal): Promise<void> {
    if (trading !== undefined && account !== undefined && guardian !== undefined) {
      const { adopt } = trading;
      void watchStore({ changes: account.changes, clock, logger: parts.logger, lifetime: lifetime.signal, adopt });
      guardian.onNews((news) => {
        parts.logger.info(news.text, { kind: news.kind });
        if (news.kind !== "market-watched" && news.kind !== "lease-held") session.tellNews(news);
      });
      guardian.start();
      if (parts.backups !== undefined) {
        const tell = (news: GuardNews) => {
          session.tellNews(news);
          for (const listener of otherNews) listener(news);
        };
        const isHolder = () => guardian.isHolder;
        const { logger, backups } = parts;
        void keepBackups({ ...backups, clock, logger, lifetime: lifetime.signal, isHolder, tell });
      }
    }
    syncing ??= parts.startSyncing?.((status) => {
      store.dispatch(syncChanged(status));
    });
    await session.start(signal);
  }

  /** A refusal that speaks of the market's rules has them read again, so that the next attempt knows better. */
  async function placeAndLearn(
    context: TradingContext,
    draft: OrderDraft,
    signal: AbortSignal,
    options?: PlaceOrderOptions,
  ) {
    const result = await placeOrder(context, draft, signal, options);
    // Kept from the first order on: the fills are to be counted, too, on a day without the exchange.
    const instrument = store.getState().instruments.bySymbol.get(draft.symbol);
    if (instrument !== undefined) knownAssets.note(instrument);
    if (result.kind === "placed" && speaksOfRules(result.order.reason?.code)) session.rereadRules(draft.symbol);
    return result;
  }

  /** An outcome that is not proven goes on being asked for after this has returned. */
  async function placeAndProve(draft: OrderDraft, signal: AbortSignal, options?: PlaceOrderOptions) {
    const result = await placeAndLearn(needTrading().context, draft, signal, options);
    if (result.kind === "placed" && isUnproven(result.order)) session.resolveLater(result.order.clientOrderId);
    return result;
  }

  /** Aborts with whichever ends first: the caller's wish or the app itself. */
  const during = (signal: AbortSignal) => AbortSignal.any([signal, lifetime.signal]);
  const needTrading = () => {
    if (trading === undefined) throw keysMissing();
    return trading;
  };

  const needAccount = () => {
    if (account === undefined) throw keysMissing();
    return account;
  };

  const guarding = createGuarding({
    onOtherNews(listener) {
      otherNews.add(listener);
      return () => otherNews.delete(listener);
    },
    startBackgroundGuard: parts.startBackgroundGuard,
    instrument: (symbol) => store.getState().instruments.bySymbol.get(symbol),
    need() {
      const { context, adopt } = needTrading();
      if (account === undefined || guardian === undefined) throw keysMissing();
      return { context, adopt, lease: account.lease, guardian };
    },
  });

  return {
    ...identity,
    places: parts.places,
    store,
    marketData: exchange.marketData,
    marketFeed: exchange.marketFeed,
    settings: parts.settings,
    limits: parts.limits,
    demoControls: parts.demoControls,
    stored:
      account === undefined
        ? undefined
        : {
            orders: account.orders,
            fills: account.fills,
            archive: account.archive,
            stateHash: account.stateHash,
          },
    storedOrdersOfAllAccounts: parts.allOrders,
    get portfolio() {
      if (books === undefined) throw keysMissing();
      return booksWithin(books, idle, during);
    },
    onAnomaly: (listener) => trading?.onAnomaly(listener),
    now: () => clock.now(),
    health: () => exchange.health(),
    readInstrument: (symbol, signal) => idle.track(() => rules.readOne(symbol, during(signal))),
    startSession: (signal) => startSession(during(signal)),
    selectMarket: session.selectMarket,

    placeOrder: (draft, signal, bracket) =>
      idle.track(() => placeAndProve(draft, during(signal), bracket === undefined ? {} : { bracket })),
    testOrder: (draft, signal) => idle.track(() => testOrder(needTrading().context, draft, during(signal))),
    judgeOrder: (draft, signal) => idle.track(() => judgeOrder(needTrading().context, draft, during(signal))),
    cancelOrder: (key, signal) =>
      idle.track(async () => {
        const { context } = needTrading();
        const order = findHeldOrder(context, key);
        if (order === undefined) return { kind: "not-found" };
        return cancelOrder(context, order.clientOrderId, during(signal));
      }),
    refreshOrder: (key, symbol, signal) =>
      idle.track(() => lookUpOrder(needTrading().context, key, symbol, during(signal))),
    settleOrder: (clientOrderId, signal) =>
      idle.track(() => {
        const { context, looks } = needTrading();
        return resolveUnknownOrder(context, clientOrderId, during(signal), { onLook: looks.note });
      }),
    proofLook: (clientOrderId, from) => trading?.looks[from === "here" ? "own" : "of"](clientOrderId),
    compare: (signal) => idle.track(() => compareAccount(needTrading().context, during(signal))),
    adoptOrder: (clientOrderId) => adoptOrder(needTrading().context, clientOrderId),
    writeOffOrder: (id, words, signal) =>
      idle.track(() => writeOffOrder(needTrading().context, id, words, during(signal))),
    ...createReconciling({
      needTrading,
      books: () => books ?? fail(keysMissing()),
      readRules: async (signal) => {
        if (store.getState().instruments.at === undefined) await rules.readAll(signal);
      },
      track: (work, signal) => idle.track(() => work(during(signal))),
    }),
    reconcile: (signal) => idle.track(() => reconcileAccount(needTrading().context, during(signal))),
    checkKey: (signal) =>
      idle.track(() => {
        needTrading();
        return checkKey(exchange.keyInspection, during(signal));
      }),
    safety: createSafety({
      account,
      context: () => needTrading().context,
      track: (work, signal) => idle.track(() => work(during(signal))),
    }),
    protections: createProtecting({
      feeTerms,
      need: () => ({ context: needTrading().context, fills: needAccount().fills, orders: needAccount().orders }),
      data: exchange.urgentData,
      track: (work, signal) => idle.track(() => work(during(signal))),
    }),
    readFeeTerms: (instrument, signal) => idle.track(() => feeTerms(instrument, during(signal))),
    closing: createClosing({
      feeTerms,
      need: () => ({ context: needTrading().context, fills: needAccount().fills, orders: needAccount().orders }),
      data: exchange.urgentData,
      place: placeAndProve,
      track: (work, signal) => idle.track(() => work(during(signal))),
    }),
    guarding,
    guardRuns: parts.guardRuns,
    backupStatus: statusOf(parts),

    idle: () => idle.idle(),
    async close() {
      guardian?.close();
      session.close();
      lifetime.abort(new Error("the app is closing"));
      await idle.idle();
      await exchange.close();
      trading?.looks.close();
      trading?.publishEnd();
      await syncing?.close();
      await parts.dispose();
    },
  };
}

function openTrading(
  parts: AppParts,
  store: AppStore,
  account: AccountStorage & { readonly id: AccountId },
  rules: InstrumentRules,
): Trading {
  const { clock, exchange, identity } = parts;
  const memory = createLedgerMemory({
    store,
    orders: account.orders,
    fills: account.fills,
    protections: account.protections,
    tradingState: account.tradingState,
    isAhead: () => pump.unwritten > 0,
    mark: account.journal.mark,
    now: () => clock.now(),
  });
  const pump = createEventPump({ store, journal: account.journal, memory, clock, logger: parts.logger });
  memory.restore();
  const context: TradingContext = {
    gateway: exchange.gateway,
    accountData: exchange.accountData,
    clock,
    ids: parts.ids,
    limits: parts.limits,
    instrument: rules.of,
    pricedMarkets: createPricedMarkets({ store, rules, data: exchange.marketData, clock }),
    ledger: () => store.getState().trading,
    recall: memory.recall,
    recallWorking: memory.recallWorking,
    adoptOrders: memory.adoptOrders,
    adoptState: memory.adoptState,
    adoptProtections: memory.adoptProtections,
    keyOf: memory.keyOf,
    isKnownFill: memory.isKnownFill,
    symbolsSince: account.orders.symbolsSince,
    publish: pump.publish,
  };
  const looks = createProofLog({
    ledger: () => store.getState().trading,
    now: () => clock.now(),
    board: parts.lookBoard,
    schedule: parts.schedule,
  });
  pump.onPublished(looks.noteEvents);
  pump.publish([{ type: "session-started", mode: identity.mode, accountId: account.id, version: identity.version }]);
  return {
    accountId: account.id,
    context,
    looks,
    archive: createArchiveKeeper({
      context,
      writeAll: () => {
        pump.retryWrites();
        return pump.unwritten;
      },
      archive: account.archive,
      fills: account.fills,
      store,
      clock,
      logger: parts.logger,
    }),
    onAnomaly: pump.onAnomaly,
    onPublished: pump.onPublished,
    retryWrites: pump.retryWrites,
    unwritten: () => pump.unwritten,
    adopt() {
      if (pump.unwritten > 0) return false;
      memory.adoptOrders();
      memory.adoptState();
      memory.adoptProtections();
      return true;
    },
    publishEnd: () => pump.publish([{ type: "session-ended" }]),
  };
}

function statusOf({ backups, clock }: AppParts): App["backupStatus"] {
  return backups === undefined ? undefined : () => backupStatusOf(backups, clock.now());
}

function fail(fault: AppError): never {
  throw fault;
}

function keysMissing(): AppError {
  return new AppError({
    code: "KEYS_MISSING",
    message: "There is no account: no API key is set.",
    notDone: "Nothing was sent.",
    hint: "Set MEXC_API_KEY and MEXC_API_SECRET_FILE, or try `tapedeck demo`, which needs neither.",
    exitCode: EXIT_CODES.signInNeeded,
  });
}
