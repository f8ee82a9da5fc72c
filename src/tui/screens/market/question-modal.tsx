import { Text } from "ink";
import type { ReactNode } from "react";
import { formatMoney } from "../../../core/domain/money.ts";
import type { Price } from "../../../core/domain/money.ts";
import { answersTo } from "../../../core/domain/protection-events.ts";
import { describeLegRule } from "../../../core/domain/protection-words.ts";
import { formatAge, formatTime, MISSING } from "../../format/figures.ts";
import { openQuestions } from "./gap-questions.ts";
import type { ModalProps } from "./modals.tsx";
import { Frame } from "./modals.tsx";

const CHOICES = {
  "sell-now": "s  sell now, at the market or as the protection says",
  "re-arm": "r  re-arm: live again once the price is back on the safe side",
  ignore: "i  ignore: this leg ends, nothing is sold for it",
} as const;

/** Two keys answer, never one: it may come up under the fingers of somebody who is about to press something else. */
export function QuestionModal({ app, ui, theme, columns }: ModalProps): ReactNode {
  const questions = openQuestions(app.store.getState());
  const open = questions.find(({ key }) => key === ui.asking?.key);
  if (open === undefined) return null;
  const { protection, leg, question, priceNow } = open;
  const chosen = ui.asking?.chosen;
  const number = questions.length === 1 ? "" : ` (1 of ${questions.length})`;
  const gap = `${formatTime(question.since)}, ${formatAge(app.now() - question.since)} ago`;
  return (
    <Frame title={`A stop was crossed while nobody watched${number}`} theme={theme} width={Math.min(columns, 76)}>
      <Text>
        <Text bold>{protection.symbol}</Text> {leg.legId}, {describeLegRule(leg)}. Nothing was sold.
      </Text>
      <Text>
        Worst meanwhile {words(question.worstPrice)} · now {words(priceNow ?? question.seenPrice)}
      </Text>
      <Text>Nobody watched since {gap}.</Text>
      {answersTo(leg).map((answer) => (
        <Text key={answer} inverse={answer === chosen}>
          {CHOICES[answer]}
        </Text>
      ))}
      {chosen === undefined ? (
        <Text>Esc leaves it open; a asks again.</Text>
      ) : (
        <Text color="yellow" bold>
          y does it: {chosen}. n takes the choice back.
        </Text>
      )}
    </Frame>
  );
}

function words(price: Price | undefined): string {
  return price === undefined ? MISSING : formatMoney(price);
}
