import { Box, Text } from "ink";
import type { ReactNode } from "react";
import type { App } from "../../../app/app.ts";
import { selectInstrument } from "../../../app/store/selectors.ts";
import type { Instrument } from "../../../core/domain/instrument.ts";
import { formatMoney } from "../../../core/domain/money.ts";
import { isResting } from "../../../core/domain/order.ts";
import { Cover } from "../../canvas/cover.tsx";
import { MISSING } from "../../format/figures.ts";
import type { Theme } from "../../theme/theme.ts";
import { guardLeft } from "./guard-words.ts";
import { orderRows } from "./rows.ts";
import { bracketOf, planTicket } from "./ticket.ts";
import type { Ticket } from "./ticket.ts";
import { bracketLines, ticketLines } from "./ticket-plan.ts";
import { readSurroundings } from "./ticket-surroundings.ts";
import type { UiState } from "./ui-state.ts";

export interface ModalProps {
  readonly app: App;
  readonly ui: UiState;
  readonly theme: Theme;
  readonly columns: number;
  readonly rows: number;
}

export function Frame(props: {
  readonly title: string;
  readonly theme: Theme;
  readonly width: number;
  readonly children: ReactNode;
}): ReactNode {
  const { title, theme, width, children } = props;
  return (
    <Cover>
      <Box
        flexDirection="column"
        width={width}
        borderStyle="round"
        borderColor={theme.focusedBorder}
        borderBackgroundColor={theme.modalBackground}
        backgroundColor={theme.modalBackground}
        paddingX={1}
      >
        <Text bold>{title}</Text>
        {children}
      </Box>
    </Cover>
  );
}

/** The order ticket: two fields, the plan as it would be now, and the line that asks for the second Enter. */
export function TicketModal({ app, ui, theme, columns }: ModalProps): ReactNode {
  const { ticket } = ui;
  if (ticket === undefined) return null;
  const state = app.store.getState();
  const instrument = selectInstrument(state);
  const title = `${ticket.side.toUpperCase()} ${state.market.selected ?? MISSING} · ${MODE_WORDS[app.mode]}`;
  return (
    <Frame title={title} theme={theme} width={Math.min(columns, 84)}>
      <Field
        label="Quantity"
        unit={/[a-z%]/i.test(ticket.quantityText) ? "" : (instrument?.base ?? "")}
        text={ticket.quantityText}
        cursor={cursorOf(ui, "quantity")}
      />
      <Field
        label="Price"
        unit={ticket.priceText === "" ? "empty: market order" : (instrument?.quote ?? "")}
        text={ticket.priceText}
        cursor={cursorOf(ui, "price")}
      />
      <TicketTradability instrument={instrument} />
      <TicketPlan app={app} ticket={ticket} />
    </Frame>
  );
}

/** What the exchange says against trading this market, before anything is typed. */
function TicketTradability({ instrument }: { readonly instrument: Instrument | undefined }): ReactNode {
  if (instrument === undefined) return null;
  const { tradability } = instrument;
  const warnings = tradability.warnings.map(({ message }) => message).join("; ");
  return (
    <>
      {tradability.kind === "restricted" ? <Text color="red">Not tradable: {tradability.reason}.</Text> : null}
      {warnings === "" ? null : <Text color="yellow">Mind: {warnings}.</Text>}
    </>
  );
}

export const MODE_WORDS = {
  live: "LIVE, real money",
  paper: "PAPER",
  demo: "DEMO, simulated money",
  replay: "REPLAY",
} as const;

function cursorOf(ui: UiState, field: Ticket["field"]): number | undefined {
  return ui.ticket?.field === field && ui.ticket.stage.kind === "editing" ? ui.ticketLine.cursor : undefined;
}

function Field(props: {
  readonly label: string;
  readonly unit: string;
  readonly text: string;
  readonly cursor: number | undefined;
}): ReactNode {
  const { label, unit, text, cursor } = props;
  const characters = [...text];
  return (
    <Text>
      <Text dimColor>{label.padEnd(9)}</Text>
      {cursor === undefined ? (
        text
      ) : (
        <>
          {characters.slice(0, cursor).join("")}
          <Text inverse>{characters[cursor] ?? " "}</Text>
          {characters.slice(cursor + 1).join("")}
        </>
      )}
      <Text dimColor> {unit}</Text>
    </Text>
  );
}

function TicketPlan({ app, ticket }: { readonly app: App; readonly ticket: Ticket }): ReactNode {
  const state = app.store.getState();
  const instrument = selectInstrument(state);
  const { stage } = ticket;
  if (stage.kind === "editing") {
    if (stage.problem !== undefined) return <Text color="yellow">{stage.problem}</Text>;
    if (ticket.quantityText === "")
      return <Text dimColor>0.01 · 50 {instrument?.quote ?? "USDT"} · 25% · Enter shows the cost</Text>;
  }
  const plan = stage.kind === "editing" ? planTicket(ticket, readSurroundings(app, ticket.side)) : stage.plan;
  if (typeof plan === "string" || instrument === undefined) return <Text dimColor>{plan as string}</Text>;
  return (
    <>
      {[...ticketLines(plan, instrument), ...bracketLines(bracketOf(ticket, plan, instrument), instrument)].map(
        ({ text, warns }) =>
          warns ? (
            <Text key={text} color="yellow">
              {text}
            </Text>
          ) : (
            <Text key={text}>{text}</Text>
          ),
      )}
      {stage.kind === "confirming" ? (
        <Text color="yellow" bold>
          Enter sends this order ({MODE_WORDS[app.mode]}). Esc goes back.
        </Text>
      ) : (
        <Text dimColor>{stage.kind === "sending" ? "Sending…" : "Enter to confirm"}</Text>
      )}
    </>
  );
}

/** Default is No: only `y` cancels. */
export function CancelModal({ app, ui, theme, columns }: ModalProps): ReactNode {
  const order = ui.cancelling === undefined ? undefined : app.store.getState().trading.orders.get(ui.cancelling);
  if (order === undefined) return null;
  const at = order.limitPrice === undefined ? "at market" : `at ${formatMoney(order.limitPrice)}`;
  return (
    <Frame title="Cancel this order?" theme={theme} width={Math.min(columns, 72)}>
      <Text>
        {order.side} {order.symbol} {at} · {order.state} · {order.clientOrderId}
      </Text>
      {order.origin === "foreign" ? (
        <Text color="yellow">It was placed elsewhere; someone may count on it.</Text>
      ) : null}
      <Text>y cancels it · any other answer keeps it</Text>
    </Frame>
  );
}

export function QuitModal({ app, theme, columns }: ModalProps): ReactNode {
  const orders = orderRows(app.store.getState());
  const resting = orders.filter(isResting).length;
  const unproven = orders.filter((order) => order.state === "unknown" || order.state === "submitted").length;
  return (
    <Frame title="Leave?" theme={theme} width={Math.min(columns, 72)}>
      {resting > 0 ? (
        <Text>{resting} open on the exchange; they stay there and may fill while you are away.</Text>
      ) : null}
      {unproven > 0 ? (
        <Text color="yellow">{unproven} UNKNOWN; they are looked up again at the next start.</Text>
      ) : null}
      <Text>{guardLeft(app)}</Text>
      <Text>y leaves · Enter stays</Text>
    </Frame>
  );
}
