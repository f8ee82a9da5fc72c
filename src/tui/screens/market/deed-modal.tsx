import { Text } from "ink";
import type { ReactNode } from "react";
import type { Deed, WantedDeed } from "./deed.ts";
import { deedLines } from "./deed-lines.ts";
import type { ModalProps } from "./modals.tsx";
import { Frame, MODE_WORDS } from "./modals.tsx";

const ASKED: Readonly<Record<Deed["kind"], string>> = {
  protect: "Arm this protection?",
  unprotect: "Take these protections away?",
  close: "Close this position?",
  adopt: "Put this order into our care?",
};

const DOES: Readonly<Record<Deed["kind"], string>> = {
  protect: "y arms it",
  unprotect: "y takes them away",
  close: "y sends this sale",
  adopt: "y adopts it",
};

/** Default is No: only `y` does what stands here. */
export function DeedModal({ app, ui, theme, columns }: ModalProps): ReactNode {
  if (ui.deed === undefined) return null;
  const { wanted, stage } = ui.deed;
  return (
    <Frame title={`${ASKED[wanted.kind]} · ${MODE_WORDS[app.mode]}`} theme={theme} width={Math.min(columns, 84)}>
      {stage.kind === "looking" ? <Text dimColor>Looking at the account and the market…</Text> : null}
      {stage.kind === "objected" ? <Text color="yellow">{stage.why}</Text> : null}
      {stage.kind === "ready"
        ? deedLines(stage.deed, app.guarding.status()).map(({ text, warns }) =>
            warns ? (
              <Text key={text} color="yellow">
                {text}
              </Text>
            ) : (
              <Text key={text}>{text}</Text>
            ),
          )
        : null}
      {cancelsCanBeAsked(wanted) ? <Text>c cancels our resting orders of the market first</Text> : null}
      <Text bold>{stage.kind === "ready" ? `${DOES[wanted.kind]} · Enter or Esc goes back` : "Esc goes back"}</Text>
    </Frame>
  );
}

function cancelsCanBeAsked(wanted: WantedDeed): boolean {
  return wanted.kind === "close" && !wanted.wanted.cancelsOrders;
}
