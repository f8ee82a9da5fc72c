import { formatMoney } from "./money.ts";
import type { Protection, ProtectionLeg } from "./protection.ts";

/** A leg in a few words, as it stands on disk: "stop at 65000". */
export function describeLegRule({ rule, highest }: Pick<ProtectionLeg, "rule" | "highest">): string {
  switch (rule.kind) {
    case "stop-loss":
      return `stop at ${formatMoney(rule.triggerPrice)}`;
    case "take-profit":
      return `target at ${formatMoney(rule.triggerPrice)}`;
    case "break-even":
      return `break-even from ${formatMoney(rule.triggerPrice)}`;
    case "time-stop":
      return "time stop";
    case "trailing-stop": {
      const { distance } = rule;
      const away =
        distance.kind === "price" ? formatMoney(distance.price) : `${formatMoney(distance.ratio)} of the price`;
      return `trails by ${away}${highest === undefined ? "" : ` below ${formatMoney(highest)}`}`;
    }
  }
}

/** What happened while nobody watched, and what can be answered. */
export function questionText(leg: ProtectionLeg, { protectionId, symbol }: Protection): string {
  const { question } = leg;
  const worst = question?.worstPrice === undefined ? "" : `, down to ${formatMoney(question.worstPrice)}`;
  const now = question?.seenPrice === undefined ? "" : ` The price is ${formatMoney(question.seenPrice)} now.`;
  return (
    `${leg.legId} of ${symbol} (${describeLegRule(leg)}) was crossed while nobody watched${worst}.${now} Nothing was sold. ` +
    `Answer with \`tapedeck guard answer ${protectionId} ${leg.legId} sell-now|re-arm|ignore\`.`
  );
}
