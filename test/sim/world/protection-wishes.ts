import type { WantedProtection } from "../../../src/core/domain/arming/wanted-protection.ts";
import type { AskedPrice } from "../../../src/core/domain/asked-order.ts";
import type { BracketRules } from "../../../src/core/domain/bracket.ts";
import type { ClientOrderId, MarketSymbol, Timestamp } from "../../../src/core/domain/identifiers.ts";
import type { Price } from "../../../src/core/domain/money.ts";
import { price, quantity, ratio, roundToStep, scale } from "../../../src/core/domain/money.ts";
import type { ExitStyle, TriggerSource } from "../../../src/core/domain/protection.ts";

const SIZES = ["0.0002", "0.001", "0.004", "0.02", "0.1"];
const TICK = price("0.01");
const MARKET: ExitStyle = { kind: "market" };

export interface WishParts {
  readonly symbol: MarketSymbol;
  readonly random: () => number;
  readonly now: Timestamp;
  readonly entryId?: ClientOrderId | undefined;
  readonly linkedId?: ClientOrderId | undefined;
}

/** What a trader may want of a protection: every kind of leg, alone and together, near enough to be reached. */
export function drawProtection({ symbol, random, now, entryId, linkedId }: WishParts): WantedProtection {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const away = (sign: 1 | -1): AskedPrice => ({
    kind: "relative",
    by: ratio((sign * (0.0004 + random() * 0.004)).toFixed(6)),
  });
  const isChosen = (share: number) => random() < share;
  const stopLoss = isChosen(0.75) ? { stopLoss: away(-1) } : {};
  const rungs = isChosen(0.35) ? Math.floor(1 + random() * 3) : 0;
  const share = ratio(isChosen(0.5) && rungs === 2 ? "0.5" : "0.3");
  const takeProfits = Array.from({ length: rungs }, () => ({ level: away(1), share }));
  const distance = { kind: "ratio", ratio: ratio((0.0005 + random() * 0.003).toFixed(6)) } as const;
  const trail = isChosen(0.25)
    ? { trail: isChosen(0.3) ? { distance, activation: away(1) } : { distance } }
    : stopLoss.stopLoss === undefined && rungs === 0
      ? { trail: { distance } }
      : {};
  const isHolding = isChosen(0.08);
  const isSized = entryId === undefined && linkedId === undefined;
  const size = !isSized ? {} : isHolding ? { isAll: true } : { quantity: quantity(pick(SIZES)) };
  return {
    symbol,
    ...size,
    ...(entryId === undefined ? {} : { entryId }),
    ...(linkedId === undefined ? {} : { linkedId }),
    exits: { takeProfits, ...stopLoss },
    ...trail,
    ...(isChosen(0.15) ? { breakEven: away(1) } : {}),
    ...(isChosen(0.12) ? { until: now + Math.floor(2_000 + random() * 40_000) } : {}),
    exit: isChosen(0.3) ? { kind: "limit", offset: ratio(pick(["0.0005", "0.002"])) } : MARKET,
    trigger: pick<TriggerSource>(["last", "last", "last", "bid-ask", "mark"]),
    confirmation: { prints: pick([1, 2, 2, 2, 3]), holdMs: pick([0, 0, 0, 400]) },
  };
}

/** What sells again what an order buys, around the price it is placed at. */
export function drawBracket(around: Price, random: () => number): BracketRules {
  const level = (sign: 1 | -1) => {
    const factor = ratio((1 + sign * (0.0005 + random() * 0.004)).toFixed(6));
    return roundToStep(scale(around, factor, "down"), TICK, "down");
  };
  return [
    { legId: "sl", rule: { kind: "stop-loss", triggerPrice: level(-1) } },
    { legId: "tp1", rule: { kind: "take-profit", triggerPrice: level(1), share: ratio("0.5") } },
    { legId: "tp2", rule: { kind: "take-profit", triggerPrice: level(1), share: ratio("0.5") } },
  ];
}
