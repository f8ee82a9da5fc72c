import { holdersOf } from "../../../core/domain/base-holders.ts";
import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import { guardStatus } from "../../../core/domain/guard-status.ts";
import { coveredBase } from "../../../core/domain/guarding/covered-base.ts";
import { NO_MEMORY } from "../../../core/domain/guarding/trigger-memory.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { Quantity } from "../../../core/domain/money.ts";
import { minimum, ZERO_QUANTITY } from "../../../core/domain/money.ts";
import { isWorking } from "../../../core/domain/order.ts";
import { protectionBadge } from "../../../core/domain/protection-badge.ts";
import type { Protection } from "../../../core/domain/protection.ts";
import { armedAmong, isLegOpen, namedOrders } from "../../../core/domain/protection.ts";
import type { Instrument } from "../../../core/domain/instrument.ts";
import type { GuardLease } from "../../../core/ports/guard-lease.ts";
import type { TradingContext } from "../../../core/use-cases/trading-context.ts";
import type { BackgroundGuard, Guarding } from "../../guarding.ts";
import { createGuardViews } from "./guard-view.ts";
import type { Guardian } from "./guardian.ts";

export interface GuardingParts {
  /** @throws AppError KEYS_MISSING without an account. */
  readonly need: () => {
    readonly context: TradingContext;
    readonly lease: GuardLease;
    readonly guardian: Guardian;
    /** Takes over what other processes have written. */
    readonly adopt: () => void;
  };
  /** What else whoever guards has to tell. */
  readonly onOtherNews: Guarding["onNews"];
  readonly startBackgroundGuard: (() => Promise<BackgroundGuard>) | undefined;
  /** The rules of a market as far as they are read. */
  readonly instrument: (symbol: MarketSymbol) => Instrument | undefined;
}

export function createGuarding({ need, instrument, startBackgroundGuard, onOtherNews }: GuardingParts): Guarding {
  let successor: BackgroundGuard | undefined;

  function leaseNow() {
    const { lease } = need();
    const record = lease.read();
    return { record, isAlive: record !== undefined && lease.isAlive(record), elsewhere: lease.elsewhere() };
  }

  /** Without the market's rules a fee in base is not told apart, so an entry then stands for nothing. */
  function coveredBy(context: TradingContext, protection: Protection, held: Quantity): Quantity {
    const { coverage, symbol } = protection;
    if (coverage.kind === "holding") return held;
    const rules = instrument(symbol);
    if (rules === undefined) return coverage.kind === "quantity" ? minimum(coverage.quantity, held) : ZERO_QUANTITY;
    const view = createGuardViews(context);
    const subject = { protection, instrument: rules, memory: NO_MEMORY, quote: undefined };
    return minimum(coveredBase(view(subject)).left ?? ZERO_QUANTITY, held);
  }

  /** What the exchange holds for orders is out of a stop's reach, but for the sales that are part of a protection. */
  function holdersNow(context: TradingContext, symbol: MarketSymbol, held: Quantity) {
    const { balances, orders, protections } = context.ledger();
    const base = instrument(symbol)?.base;
    const balance = base === undefined ? undefined : balances.get(base);
    if (balance === undefined) return { sellable: held, holders: [] };
    const armed = armedAmong(protections.values());
    const working = [...orders.values()].filter((order) => order.symbol === symbol && isWorking(order));
    const { sellable, kept } = holdersOf(balance, working, new Set(armed.flatMap(namedOrders)));
    return { sellable: minimum(held, sellable), holders: kept };
  }

  return {
    status() {
      const { context, adopt } = need();
      adopt();
      const { protections, heldState, orders } = context.ledger();
      const { record, isAlive, elsewhere } = leaseNow();
      const armed = armedAmong(protections.values());
      armed.sort((left, right) => left.createdAt - right.createdAt);
      const now = context.clock.now();
      const facts = { lease: record, isAlive, elsewhere, protections: armed, tradingState: heldState, now };
      return guardStatus(facts, orders);
    },
    badge(symbol, held) {
      const { context } = need();
      const { protections, heldState, orders } = context.ledger();
      const { record, isAlive, elsewhere } = leaseNow();
      return protectionBadge({
        symbol,
        orders,
        quantity: held,
        instrument: instrument(symbol),
        ...holdersNow(context, symbol, held),
        protections: protections.values(),
        covered: (protection) => coveredBy(context, protection, held),
        lease: isAlive ? record : undefined,
        elsewhere,
        tradingState: heldState,
        now: context.clock.now(),
      });
    },
    answer(protectionId, legId, answer) {
      const { context, adopt } = need();
      adopt();
      const protection = context.ledger().protections.get(protectionId);
      if (protection === undefined) throw notFound(`There is no protection ${protectionId}.`);
      const asking = protection.legs.filter((leg) => isLegOpen(leg) && leg.state === "asking");
      const leg = legId === undefined ? asking[0] : asking.find((one) => one.legId === legId);
      if (leg === undefined || (legId === undefined && asking.length > 1)) {
        const which = legId === undefined ? "" : ` ${legId}`;
        throw notFound(
          asking.length > 1
            ? `Several legs of ${protectionId} ask: ${asking.map((one) => one.legId).join(", ")}.`
            : `Protection ${protectionId} asks nothing${which === "" ? "" : ` about${which}`}.`,
        );
      }
      context.publish([{ type: "question-answered", protectionId, legId: leg.legId, answer }]);
      return context.ledger().protections.get(protectionId) ?? protection;
    },
    get isHolder() {
      return need().guardian.isHolder;
    },
    startInBackground:
      startBackgroundGuard === undefined ? undefined : async () => (successor = await startBackgroundGuard()),
    get successor() {
      return successor;
    },
    onNews(listener) {
      const ends = [need().guardian.onNews(listener), onOtherNews(listener)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

function notFound(message: string): AppError {
  return new AppError({
    code: "QUESTION_NOT_FOUND",
    message,
    notDone: "Nothing was changed, and nothing was sold.",
    hint: "See the open questions with `tapedeck guard status`.",
    exitCode: EXIT_CODES.usage,
  });
}
