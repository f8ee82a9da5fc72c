import { Text } from "ink";
import type { ReactNode } from "react";
import { describeLegRule } from "../../../core/domain/protection-words.ts";
import { isLegOpen } from "../../../core/domain/protection.ts";
import { guardedHere } from "./leaving.ts";
import type { ModalProps } from "./modals.tsx";
import { Frame } from "./modals.tsx";

const MOST_LISTED = 5;

/** Asked on leaving while this console is the one that acts on protections. The default is to stay. */
export function GuardOnModal({ app, theme, columns }: ModalProps): ReactNode {
  const lines = guardedHere(app).flatMap(({ symbol, legs }) =>
    legs.filter(isLegOpen).map((leg) => `${symbol}  ${leg.legId}  ${describeLegRule(leg)}`),
  );
  const canGoOn = app.guarding.startInBackground !== undefined;
  return (
    <Frame title="Leave? This console guards what is protected." theme={theme} width={Math.min(columns, 76)}>
      {lines.slice(0, MOST_LISTED).map((line) => (
        <Text key={line}>{line}</Text>
      ))}
      {lines.length > MOST_LISTED ? <Text>and {lines.length - MOST_LISTED} more</Text> : null}
      {canGoOn ? <Text>y goes on guarding in the background, and leaves</Text> : null}
      {canGoOn ? null : <Text>The simulated exchange ends with this console; nothing can go on after it.</Text>}
      <Text color="yellow">n leaves: from then on all of this is UNPROTECTED, nobody sells</Text>
      <Text>Enter stays</Text>
    </Frame>
  );
}
