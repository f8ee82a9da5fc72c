import { Text } from "ink";
import type { ReactNode } from "react";
import { isWorking } from "../../../core/domain/order.ts";
import type { ModalProps } from "./modals.tsx";
import { Frame } from "./modals.tsx";
import { armedAmong } from "../../../core/domain/protection.ts";

/** The default is to go back: only `y`, or the key itself once more, acts. */
export function PanicModal({ app, theme, columns }: ModalProps): ReactNode {
  const state = app.store.getState();
  const working = [...state.trading.orders.values()].filter(isWorking).length;
  const armed = armedAmong(state.trading.protections.values()).length;
  return (
    <Frame title="Panic: halt trading and cancel every open order?" theme={theme} width={Math.min(columns, 76)}>
      <Text>{working} known to be working here; orders placed elsewhere are cancelled, too.</Text>
      <Text>Every process of this account stops sending orders. Nothing is sold.</Text>
      {armed > 0 ? <Text color="yellow">{armed} armed protections do NOT sell while trading is halted.</Text> : null}
      <Text>! or y does it · any other answer goes back</Text>
    </Frame>
  );
}
