import { AppError } from "../../../core/domain/errors.ts";
import { hasEntered } from "../../../core/domain/guarding/covered-base.ts";
import { decide } from "../../../core/domain/guarding/decide.ts";
import type { GuardAction } from "../../../core/domain/guarding/guard-view.ts";
import type { Observation } from "../../../core/domain/guarding/observation.ts";
import type { TriggerMemory } from "../../../core/domain/guarding/trigger-memory.ts";
import { confirmedBeyond, NO_MEMORY, noteRefusal, observe } from "../../../core/domain/guarding/trigger-memory.ts";
import type { ExchangeTime } from "../../../core/domain/exchange-time.ts";
import { shifted } from "../../../core/domain/exchange-time.ts";
import type { ClientOrderId } from "../../../core/domain/identifiers.ts";
import type { Instrument } from "../../../core/domain/instrument.ts";
import type { Order, OrderDraft, OrderReason } from "../../../core/domain/order.ts";
import { isUnproven } from "../../../core/domain/order.ts";
import type { Protection } from "../../../core/domain/protection.ts";
import type { Denial } from "../../../core/domain/risk-request.ts";
import { cancelOrder } from "../../../core/use-cases/cancel-order.ts";
import type { PlaceOrderOptions, PlaceOrderResult } from "../../../core/use-cases/place-order.ts";
import { refreshOrder } from "../../../core/use-cases/refresh-order.ts";
import type { Fence } from "../../../core/ports/journal.ts";
import type { TradingContext } from "../../../core/use-cases/trading-context.ts";
import type { GuardViews } from "./guard-view.ts";
import { SHORT_BREAK_MS } from "./market-watch.ts";

/** After an act that came to nothing, ms: grows to the longest while that goes on. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A clock that is off may be set at any moment, and then the exit leaves at once: asking the time costs little. */
const CLOCK_PAUSE_MS = 2_000;

/**
 * A print is told at most this late, ms: what is older is a gap. Beyond it no stamp is looked at, so that a clock that was
 * wrong when a protection was armed makes it deaf no longer.
 */
const TOLD_WITHIN_MS = SHORT_BREAK_MS;

/** Acts for one protection, one act at a time, and decides anew after each. */
export interface ProtectionDesk {
  observe(observation: Observation): void;
  /** Nobody watched for a while: what was seen before says nothing about now. */
  forget(): void;
  /** Something may have changed: an order, a fill, a balance, the time. */
  look(): void;
  close(): void;
}

export interface ProtectionDeskParts {
  readonly protectionId: string;
  readonly context: TradingContext;
  /** The fence, while we may act: the lease is ours and the account reconciled. */
  readonly mayAct: () => number | undefined;
  /** Whether what happened while nobody watched has been looked into; until then no leg begins to sell. */
  readonly isGapClosed: () => boolean;
  /** It is no later than this for the exchange. */
  readonly latestExchangeNow: () => ExchangeTime;
  readonly view: GuardViews;
  readonly quote: () => Observation | undefined;
  readonly place: (draft: OrderDraft, signal: AbortSignal, options: PlaceOrderOptions) => Promise<PlaceOrderResult>;
  /** Goes on asking until the order is proven, without holding us up. */
  readonly proveLater: (clientOrderId: ClientOrderId) => void;
  /** Reads protections and trading state anew: another process has changed them. */
  readonly adopt: () => void;
  readonly onLeaseLost: () => void;
  /** An act failed, and will be tried again. */
  readonly onTrouble: (protection: Protection, what: string) => void;
  /** An exit left, and its outcome is not proven. */
  readonly onUnproven: (protection: Protection, order: Order) => void;
  readonly track: (work: () => Promise<void>) => void;
}

export function createProtectionDesk(parts: ProtectionDeskParts): ProtectionDesk {
  const { context, protectionId } = parts;
  const lifetime = new AbortController();
  const openedAt = context.clock.monotonic();
  let memory: TriggerMemory = NO_MEMORY;
  /** As it was when a level was confirmed: that counts although the next print, told in one breath, is back. */
  let struck: TriggerMemory | undefined;
  let instrument: Instrument | undefined;
  let isBusy = false;
  /** Something happened while an act was under way. */
  let isBehind = false;
  /** What came to nothing, and until when it is not done again. */
  let paused: { readonly what: string; readonly lengthMs: number; readonly until: number } | undefined;

  const held = () => context.ledger().protections.get(protectionId);
  const legOf = (legId: string) => held()?.legs.find((leg) => leg.legId === legId);
  const isPaused = (action: GuardAction) => paused?.what === nameOf(action) && context.clock.monotonic() < paused.until;

  /**
   * A print from before there was anything to protect, told late: it must not sell what was armed since. Where our doubt
   * about the exchange's clock leaves that open, it counts as from before.
   */
  function isFromBefore({ printedAt }: Observation): boolean {
    const openForMs = context.clock.monotonic() - openedAt;
    if (printedAt === undefined || openForMs > TOLD_WITHIN_MS) return false;
    // Worked out anew each time: what was not known of the exchange's clock at first may be measured by now.
    return printedAt < shifted(parts.latestExchangeNow(), -openForMs);
  }

  function look(): void {
    if (isBusy) {
      isBehind = true;
      return;
    }
    if (lifetime.signal.aborted || parts.mayAct() === undefined) {
      struck = undefined;
      return;
    }
    if (instrument !== undefined && nextAction(instrument) === undefined) return;
    isBusy = true;
    parts.track(async () => {
      try {
        do {
          isBehind = false;
          await actOn();
        } while (isBehind);
      } finally {
        isBusy = false;
      }
    });
  }

  function nextAction(rules: Instrument): GuardAction | undefined {
    const protection = held();
    if (protection?.state !== "armed") return undefined;
    const shown = parts.isGapClosed() ? protection : withoutLiveLegs(protection);
    const seen = struck ?? memory;
    const [action] = decide(parts.view({ protection: shown, instrument: rules, memory: seen, quote: parts.quote() }));
    return action === undefined || isPaused(action) ? undefined : action;
  }

  /** Until nothing is left to do at present, or something has to be waited for. */
  async function actOn(): Promise<void> {
    const protection = held();
    if (protection === undefined) return;
    let action: GuardAction | undefined;
    try {
      instrument = await context.instrument(protection.symbol, lifetime.signal);
      for (;;) {
        const token = parts.mayAct();
        action = nextAction(instrument);
        struck = undefined;
        if (lifetime.signal.aborted || token === undefined || action === undefined) return;
        const before = context.ledger();
        const unsignable = action.kind === "exit" ? await context.gateway.signingTrouble(lifetime.signal) : undefined;
        if (unsignable !== undefined && action.kind === "exit") {
          waitForClock(protection, action, unsignable, { token });
          return;
        }
        const problem = await perform(action, token);
        if (problem !== undefined) parts.onTrouble(protection, problem);
        if (problem !== undefined || context.ledger() === before || action.kind === "prove") pause(action);
      }
    } catch (cause) {
      if (lifetime.signal.aborted) return;
      if (!(cause instanceof AppError)) throw cause;
      recover(protection, action, cause);
    }
  }

  /** @returns what went wrong, in words; undefined when it was done. */
  async function perform(action: GuardAction, token: number): Promise<string | undefined> {
    const fence = { token };
    const { signal } = lifetime;
    switch (action.kind) {
      case "publish":
        context.publish(action.events, fence);
        return undefined;
      case "cancel": {
        const result = await cancelOrder(context, action.clientOrderId, signal, fence);
        return result.kind === "rejected" || result.kind === "not-sent" ? result.reason.message : undefined;
      }
      case "exit": {
        const exitOrderId = context.ids.clientOrderId();
        const together = [{ ...action.attempted, exitOrderId }];
        const draft = { ...action.draft, clientOrderId: exitOrderId };
        const isStillWanted = () => mayBegin(action.legId);
        const result = await parts.place(draft, signal, { urgency: "exit", together, fence, isStillWanted });
        if (result.kind === "denied") return block(action, result.denials, fence);
        if (isUnproven(result.order)) {
          const protection = held();
          if (protection !== undefined) parts.onUnproven(protection, result.order);
          parts.proveLater(exitOrderId);
        }
        return undefined;
      }
      case "prove": {
        const order = context.recall(action.clientOrderId);
        if (order === undefined) return `The order ${action.clientOrderId} is not on record.`;
        if (isUnproven(order)) parts.proveLater(action.clientOrderId);
        else await refreshOrder(context, action.clientOrderId, signal);
        return undefined;
      }
    }
  }

  /** A leg that is live begins with this: not on what was seen before a time in which nobody watched. */
  function mayBegin(legId: string): boolean {
    return legOf(legId)?.state !== "live" || parts.isGapClosed();
  }

  /** No exit could be signed, so none is recorded: a row for each try would come to thousands in an hour. Told once. */
  function waitForClock(
    protection: Protection,
    exit: Extract<GuardAction, { kind: "exit" }>,
    reason: OrderReason,
    fence: Fence,
  ): void {
    if (noteBlocked(exit.legId, reason, fence)) parts.onTrouble(protection, reason.message);
    pause(exit, CLOCK_PAUSE_MS);
  }

  /** Denied here, so nothing is on record: that it cannot be sold is. */
  function block(exit: Extract<GuardAction, { kind: "exit" }>, denials: readonly Denial[], fence: Fence): string {
    const message = denials.map((denial) => denial.message).join(" ");
    const { legId } = exit;
    memory = noteRefusal(memory, legId, context.clock.now());
    noteBlocked(legId, { code: denials[0]?.code ?? "DENIED", message }, fence);
    return message;
  }

  /** Once for each reason. @returns whether it is news */
  function noteBlocked(legId: string, reason: OrderReason, fence: Fence): boolean {
    if (legOf(legId)?.blocked?.code === reason.code) return false;
    context.publish([{ type: "exit-blocked", protectionId, legId, reason }], fence);
    return true;
  }

  function recover(protection: Protection, action: GuardAction | undefined, cause: AppError): void {
    if (cause.code === "ORDER_OVERTAKEN") {
      lookLater(FIRST_PAUSE_MS);
      return;
    }
    if (cause.code === "LEASE_LOST") {
      parts.onLeaseLost();
      return;
    }
    if (cause.code === "PROTECTION_CHANGED" || cause.code.startsWith("TRADING_")) {
      const before = context.ledger();
      parts.adopt();
      isBehind = context.ledger() !== before;
      if (isBehind) return;
    }
    parts.onTrouble(protection, cause.message);
    if (action === undefined) lookLater(FIRST_PAUSE_MS);
    else pause(action);
  }

  /** Not the same again at once; whatever else comes to be wanted is done all the same. */
  function pause(action: GuardAction, longestMs = LONGEST_PAUSE_MS): void {
    const what = nameOf(action);
    const lengthMs = paused?.what === what ? Math.min(paused.lengthMs * 2, longestMs) : FIRST_PAUSE_MS;
    paused = { what, lengthMs, until: context.clock.monotonic() + lengthMs };
    lookLater(lengthMs);
  }

  function lookLater(waitMs: number): void {
    void context.clock.sleep(waitMs, lifetime.signal).then(look, () => undefined);
  }

  return {
    observe(observation) {
      const protection = held();
      if (protection === undefined || isFromBefore(observation)) return;
      const { orders } = context.ledger();
      memory = observe(memory, protection, observation, hasEntered({ protection, orders }));
      if (protection.legs.some(({ legId, state }) => state === "live" && confirmedBeyond(memory, protection, legId)))
        struck ??= memory;
      look();
    },
    look,
    forget() {
      memory = NO_MEMORY;
      struck = undefined;
    },
    close() {
      lifetime.abort(new Error("the guardian is closing"));
    },
  };
}

/** Only what has begun to sell goes on: whether the others may begin is not known yet. */
function withoutLiveLegs(protection: Protection): Protection {
  return {
    ...protection,
    legs: protection.legs.map((leg) => (leg.state === "live" ? { ...leg, state: "asking" } : leg)),
  };
}

function nameOf(action: GuardAction): string {
  switch (action.kind) {
    case "publish":
      return `publish ${action.events.map((event) => event.type).join(" ")}`;
    case "exit":
      return `exit ${action.legId}`;
    case "cancel":
    case "prove":
      return `${action.kind} ${action.clientOrderId}`;
  }
}
