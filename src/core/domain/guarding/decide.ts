import { totalOf } from "../balance.ts";
import type { Timestamp } from "../identifiers.ts";
import type { Quantity } from "../money.ts";
import { add, formatMoney, less, minimum, ZERO_QUANTITY } from "../money.ts";
import type { OrderReason } from "../order.ts";
import { orderedQuantity } from "../order.ts";
import type { ProtectionEvent } from "../protection-events.ts";
import type { Protection, ProtectionLeg } from "../protection.ts";
import { heldBySales, isStopLeg } from "../protection.ts";
import { belowLeast, tooSmall } from "../sale-size.ts";
import {
  boughtSince,
  coveredBase,
  freeBase,
  heldBase,
  isToldBeforeTrade,
  lacksFills,
  mostLeft,
  salesBeside,
  soldBy,
} from "./covered-base.ts";
import { whyEnded } from "./endings.ts";
import type { ExitTerms } from "./exit-order.ts";
import { exitTerms, kindestPrice } from "./exit-order.ts";
import type { GuardAction, GuardView } from "./guard-view.ts";
import { legTarget, nextRung } from "./leg-target.ts";
import { planExit } from "./plan-exit.ts";
import { raises } from "./raises.ts";
import { confirmedBeyond, isConfirmedSafe } from "./trigger-memory.ts";
import { emptyAttempts, endFirst, mayTry, openExits, prove } from "./waiting.ts";

/** A balance that is told this long after our own sale counts it; when none comes, that is said. ms */
const UNSURE_MS = 5_000;

/** What is missing this long after a leg fired is gone, and not on its way. ms */
const TRAILS_MS = 15_000;

/**
 * What one protection asks to be done now; nothing while it waits. To be asked after each observation, after each word
 * of its orders, and at least every second.
 *
 * While an exit may still sell, nothing else of the protection happens: so there are never two at a time. What its end
 * leaves over goes with the next one, under a new id.
 */
export function decide(view: GuardView): readonly GuardAction[] {
  const { protection, tradingState } = view;
  if (protection.state === "ended" || tradingState.kind === "locked") return [];
  const open = openExits(view);
  if (open.length > 0) return open.flatMap((id) => prove(view, id));
  const why = whyEnded(view);
  if (why !== undefined) return publish({ type: "protection-ended", protectionId: protection.protectionId, why });
  const raised = raises(view);
  if (raised.length > 0) return publish(...raised);
  for (const leg of firedLegs(view)) {
    const actions = act(view, leg);
    if (actions.length > 0) return actions;
  }
  return [];
}

/** Stops before gains: when both want to sell, what ends a loss comes first. */
function firedLegs(view: GuardView): readonly ProtectionLeg[] {
  const fired = view.protection.legs.filter((leg) => leg.state === "exiting" || hasFired(view, leg));
  return [...fired.filter(isStopLeg), ...fired.filter((leg) => !isStopLeg(leg))];
}

function hasFired(view: GuardView, leg: ProtectionLeg): boolean {
  if (leg.state !== "live" || leg.rule.kind === "break-even") return false;
  if (leg.rule.kind === "time-stop") return view.now >= leg.rule.at;
  const run = confirmedBeyond(view.memory, view.protection, leg.legId);
  if (run === undefined) return false;
  // With nothing held it fires all the same: else it would sell at once what is bought below its level later on.
  return isWhatIsHeld(view.protection, leg) || coveredBase(view).covered !== 0n;
}

/** A stop over all that is held: how much that is, is settled when it begins to sell. */
function isWhatIsHeld({ coverage }: Protection, leg: ProtectionLeg): boolean {
  return coverage.kind === "holding" && isStopLeg(leg);
}

/** One step of a leg that has fired. */
function act(view: GuardView, leg: ProtectionLeg): readonly GuardAction[] {
  const { protection, tradingState, instrument } = view;
  const { protectionId } = protection;
  const { legId } = leg;
  const block = (code: string, message: string) => blocked(view, leg, { code, message });
  const hasSold = soldBy(view, leg) > 0n;
  if (isGone(view, leg)) {
    const unprotect = `tapedeck position unprotect ${protection.symbol}`;
    const said = `it fired when less was held than it should sell, and what has been bought since is not its own; take it away with \`${unprotect}\``;
    return block("BASE_GONE", said);
  }
  if (isHeldUp(leg, hasSold) && isConfirmedSafe(view.memory, protection, legId)) {
    return publish({ type: "leg-recovered", protectionId, legId });
  }
  if (tradingState.kind === "halted") return block("TRADING_HALTED", `trading is halted: ${tradingState.reason}`);

  const first = endOthersFirst(view);
  if (first !== undefined) {
    return leg.state === "live" ? publish({ type: "leg-fired", protectionId, legId }) : first;
  }
  const wanted = legTarget(view, leg, coveredBase(view));
  const notOurs = boughtSince(view, firedAt(leg) ?? view.now);
  const total = heldBase(view);
  const held = total === undefined ? undefined : less(total, notOurs);
  if (wanted === undefined || held === undefined) return block("BALANCE_UNKNOWN", "how much is held is not known");
  const terms = exitTerms(view, leg);
  if (terms === undefined) return block("PRICE_UNKNOWN", "no price of the market is known");

  const sellable = minimum(wanted, held);
  const kindest = { ...terms, expectedPrice: kindestPrice(view, leg) ?? terms.expectedPrice };
  const small = tooSmall(instrument, sellable, kindest);
  if (small !== undefined) {
    // What is not there may be on its way: balances trail, and are never a reason to end a stop.
    const isNothingHeld = held === 0n && !hasSold && isStopLeg(leg) && mostLeft(view) === 0n;
    if (sellable < wanted || isNothingHeld) {
      const has = `${formatMoney(wanted)} ${instrument.base} is to be sold, and ${formatMoney(held)} is held`;
      // Our own reckoning may have taken a sale off twice: gone is only what the exchange itself does not tell of.
      const told = view.base === undefined ? ZERO_QUANTITY : minimum(wanted, less(totalOf(view.base), notOurs));
      const isTold = told > 0n && tooSmall(instrument, told, kindest) === undefined;
      return block(isTold ? "BALANCE_UNSURE" : "BASE_MISSING", has);
    }
    const sure = mostLeft(view);
    if (leg.rule.kind !== "take-profit" && sure !== undefined && tooSmall(instrument, sure, kindest) === undefined) {
      if (view.now - lastAttemptAt(protection) < UNSURE_MS) return [];
      const told = `the exchange told of ${formatMoney(sure)} ${instrument.base} before our last sale, and of nothing since`;
      return block("BALANCE_UNSURE", told);
    }
    const isForGood = hasSold || leg.rule.kind === "take-profit" || belowLeast(instrument, wanted) !== undefined;
    if (isForGood) return endLeg(view, leg, wanted, small);
    // A stop stays, as the price may come back.
    return block("TOO_SMALL", `${formatMoney(wanted)} ${instrument.base} cannot be sold: ${small}`);
  }
  if (!mayTry(view, leg) || isBelowFloor(view, leg, terms)) return sayRefusal(view, leg);
  const wasRefused = emptyAttempts(view, leg) > 0;
  const { draft } = planExit({
    ...{ instrument, terms, quantity: minimum(sellable, freeBase(view, wasRefused) ?? sellable) },
    seen: { price: view.quote?.bid ?? terms.observedPrice, at: view.quote?.at ?? view.now },
  });
  const quantity = orderedQuantity(draft) ?? ZERO_QUANTITY;
  if (tooSmall(instrument, quantity, kindest) !== undefined) {
    return blocked(view, leg, whyNotFree(view, sellable));
  }
  return [
    {
      kind: "exit",
      legId,
      draft,
      attempted: {
        type: "exit-attempted",
        protectionId,
        legId,
        quantity,
        target: wanted,
        ...(isWhatIsHeld(protection, leg) ? { ceiling: ceilingOf(view, wanted) } : {}),
        observedPrice: terms.observedPrice,
      },
    },
  ];
}

/**
 * What the protection will have sold in all once this stop has. Where no balance was told since an exit of before, our
 * reckoning may have taken that off twice: then all that was told counts, so that nothing is left behind.
 */
function ceilingOf(view: GuardView, wanted: Quantity): Quantity {
  const held = isToldBeforeTrade(view) ? (mostLeft(view) ?? wanted) : wanted;
  return add(coveredBase(view).sold, held);
}

/** By our own clock. */
function lastAttemptAt({ legs }: Protection): Timestamp {
  return legs.flatMap((leg) => leg.attempts).reduce((last, { at }) => Math.max(last, at), 0);
}

/** Nothing came in the time a balance may trail: what comes later was bought for itself, whoever said to sell. */
function isGone({ now }: GuardView, { missingSince }: ProtectionLeg): boolean {
  return missingSince !== undefined && now - missingSince >= TRAILS_MS;
}

/**
 * It cannot sell at present: it waits for its level anew when the price has come back, unless a person said to sell. So
 * does a stop with what a first exit left, or it would sell that far above its level once it comes free. Not when that is
 * missing: there is nothing to wait with.
 */
function isHeldUp(leg: ProtectionLeg, hasSold: boolean): boolean {
  if (leg.state !== "exiting" || leg.sellsAnyway === true) return false;
  if (hasSold) return isStopLeg(leg) && leg.blocked !== undefined && leg.missingSince === undefined;
  return leg.blocked !== undefined || (leg.rule.kind === "take-profit" && leg.attempts.length > 0);
}

/** By our own clock. One that was stored before this was kept has its first attempt, or since when it missed its base. */
function firedAt({ firedAt: at, attempts, missingSince }: ProtectionLeg): Timestamp | undefined {
  return at ?? attempts[0]?.at ?? missingSince;
}

/**
 * The rest of an entry would go on buying, and a linked sale or one that closes the position holds the base: they end
 * before anything is sold.
 */
function endOthersFirst(view: GuardView): readonly GuardAction[] | undefined {
  const { coverage } = view.protection;
  const entry = coverage.kind === "entry" ? endFirst(view, coverage.clientOrderId) : undefined;
  if (entry !== undefined) return entry;
  // What it bought is sized by its fills, so they have to be there.
  if (coverage.kind === "entry" && lacksFills(view.orders.get(coverage.clientOrderId))) {
    return [{ kind: "prove", clientOrderId: coverage.clientOrderId }];
  }
  for (const id of heldBySales(view.protection)) {
    const ends = endFirst(view, id);
    if (ends !== undefined) return ends;
  }
  return undefined;
}

/** The leg has nothing more that could be sold; what is left over is named. */
function endLeg(view: GuardView, leg: ProtectionLeg, left: Quantity, small: string): readonly GuardAction[] {
  const { base } = view.instrument;
  const { protectionId } = view.protection;
  const { legId } = leg;
  const sold = soldBy(view, leg);
  const dust = left === 0n ? [] : [`${formatMoney(left)} ${base} cannot be sold, ${small}`];
  if (sold > 0n) {
    const why = [`sold ${formatMoney(sold)} ${base}`, ...dust].join("; ");
    return publish({ type: "leg-ended", protectionId, legId, outcome: "done", why });
  }
  const next = nextRung(view, leg);
  const why = [...dust, ...(next === undefined ? [] : [`${next.legId} takes it over`])].join("; ");
  return publish({ type: "leg-ended", protectionId, legId, outcome: "ended", why: why || "nothing is left to sell" });
}

/** A gain with a limit waits until the bid is back at its floor, rather than sending orders that cannot trade. */
function isBelowFloor({ quote }: GuardView, { rule }: ProtectionLeg, { limitPrice }: ExitTerms): boolean {
  return rule.kind === "take-profit" && limitPrice !== undefined && quote?.bid !== undefined && quote.bid < limitPrice;
}

/** The exchange's refusal of the last attempt is told while the next one waits. */
function sayRefusal(view: GuardView, leg: ProtectionLeg): readonly GuardAction[] {
  const last = leg.attempts.at(-1);
  const order = last === undefined ? undefined : view.orders.get(last.exitOrderId);
  if (order?.reason === undefined) return [];
  return blocked(view, leg, { code: order.reason.code, message: `the last exit was refused: ${order.reason.message}` });
}

/** Held by an order only where one is known, or the exchange calls it locked: else it is told as what it is, not there. */
function whyNotFree(view: GuardView, wanted: Quantity): OrderReason {
  const what = `${formatMoney(wanted)} ${view.instrument.base}`;
  const ids = salesBeside(view).map((order) => order.clientOrderId);
  if (ids.length > 0) return { code: "BASE_LOCKED", message: `${what} is held by order ${ids.join(", ")}` };
  if (isToldBeforeTrade(view)) {
    const message = `whether ${what} is left is not known: the exchange has told nothing since our last trade`;
    return { code: "BALANCE_UNSURE", message };
  }
  if (view.base !== undefined && view.base.locked > 0n) {
    return { code: "BASE_LOCKED", message: `${what} is held by an order that is not known here` };
  }
  return { code: "BASE_MISSING", message: `${what} is to be sold, and the exchange tells of none that is free` };
}

/** Told once; the same reason again says nothing new. */
function blocked(view: GuardView, leg: ProtectionLeg, reason: OrderReason): readonly GuardAction[] {
  if (leg.blocked?.code === reason.code && leg.blocked.message === reason.message) return [];
  const { protectionId } = view.protection;
  return publish({ type: "exit-blocked", protectionId, legId: leg.legId, reason });
}

function publish(...events: readonly ProtectionEvent[]): readonly GuardAction[] {
  return [{ kind: "publish", events }];
}
