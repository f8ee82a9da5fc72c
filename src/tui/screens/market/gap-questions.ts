import type { AppState } from "../../../app/store/create-store.ts";
import type { Price } from "../../../core/domain/money.ts";
import type { GapQuestion, Protection, ProtectionLeg } from "../../../core/domain/protection.ts";

/** A stop that was crossed while nobody watched, and waits for a person. */
export interface OpenQuestion {
  /** The same question has the same key, asked anew it has another. */
  readonly key: string;
  readonly protection: Protection;
  readonly leg: ProtectionLeg;
  readonly question: GapQuestion;
  /** The last price of the market; undefined while none is known. */
  readonly priceNow: Price | undefined;
}

/** The oldest first. */
export function openQuestions({ trading, market }: AppState): readonly OpenQuestion[] {
  const open: OpenQuestion[] = [];
  for (const protection of trading.protections.values()) {
    if (protection.state !== "armed") continue;
    for (const leg of protection.legs) {
      const { question } = leg;
      if (leg.state !== "asking" || question === undefined) continue;
      const key = `${protection.protectionId} ${leg.legId} ${question.at}`;
      const priceNow = market.tickers.get(protection.symbol)?.ticker.last;
      open.push({ key, protection, leg, question, priceNow });
    }
  }
  return open.sort((left, right) => left.question.at - right.question.at);
}
