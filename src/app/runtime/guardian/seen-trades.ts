import type { Candle } from "../../../core/domain/candle.ts";
import type { ExchangeTime } from "../../../core/domain/exchange-time.ts";
import { exchangeTime, latest, stampOf } from "../../../core/domain/exchange-time.ts";
import type { Quantity } from "../../../core/domain/money.ts";
import { add, ZERO_QUANTITY } from "../../../core/domain/money.ts";
import type { PublicTrade } from "../../../core/domain/public-trade.ts";

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 4;
/** Before everything. */
export const NEVER = exchangeTime(0);

/** The trades of one market that were told, by the stream or by REST: each counts once, whichever told it first. */
export interface SeenTrades {
  /** Until when nothing is missing, as far as what was told says. */
  readonly until: ExchangeTime;
  /** Watching begins anew; what was before is looked into elsewhere. */
  begin(at: ExchangeTime): void;
  /** One of the stream. @returns whether it is told for the first time */
  take(trade: PublicTrade): boolean;
  /** Those that REST tells and the stream has missed, up to a moment; from now on the stream tells them no more. */
  fill(told: readonly PublicTrade[], until: ExchangeTime | undefined): readonly PublicTrade[];
  /** The stream has told of a trade, whether or not it counts yet: so much was traded in its minute. */
  count(trade: PublicTrade): void;
  /** Whether as much was traded in the latest minutes as was told. */
  agreesWith(minutes: readonly Candle[]): boolean;
  /** From now on these are what was told of their minutes. */
  learn(minutes: readonly Candle[]): void;
}

export function createSeenTrades(): SeenTrades {
  let newestAt = NEVER;
  let toldUntil = NEVER;
  let from = NEVER;
  let traded = new Map<number, Quantity>();
  const until = () => latest(newestAt, toldUntil, from);

  return {
    get until() {
      return until();
    },
    begin(at) {
      from = at;
    },
    take({ at }) {
      const stamp = exchangeTime(at);
      // Told by REST already: the same print again is no second one.
      if (stamp <= toldUntil) return false;
      newestAt = latest(newestAt, stamp);
      return true;
    },
    fill(told, bound) {
      const seen = until();
      const missed = told.filter(({ at }) => {
        const stamp = exchangeTime(at);
        return stamp > seen && (bound === undefined || stamp <= bound);
      });
      const last = missed.at(-1);
      if (last !== undefined) toldUntil = latest(toldUntil, exchangeTime(last.at));
      return missed;
    },
    count({ at, quantity }) {
      const minute = minuteOf(at);
      traded.set(minute, add(traded.get(minute) ?? ZERO_QUANTITY, quantity));
      if (traded.size > KEPT_MINUTES) traded.delete(Math.min(...traded.keys()));
    },
    agreesWith: (minutes) =>
      minutes.every(({ openTime, baseVolume }) => (traded.get(openTime) ?? ZERO_QUANTITY) === baseVolume),
    learn(minutes) {
      traded = new Map(minutes.map(({ openTime, baseVolume }) => [openTime, baseVolume]));
    },
  };
}

function minuteOf(at: number): number {
  return at - (at % MINUTE_MS);
}

/** Whether a list that ends at the exchange's limit reaches back to a moment. @param told oldest first */
export function reachesBack(told: readonly PublicTrade[], since: ExchangeTime, mostTold: number): boolean {
  const [oldest] = told;
  return oldest === undefined || oldest.at <= stampOf(since) || told.length < mostTold;
}
