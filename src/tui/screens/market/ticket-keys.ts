import { selectInstrument, selectSeenQuote } from "../../../app/store/selectors.ts";
import type { BracketRules } from "../../../core/domain/bracket.ts";
import { add, formatMoney, parsePrice, subtract } from "../../../core/domain/money.ts";
import type { OrderPlan } from "../../../core/domain/order-plan.ts";
import type { ActionName } from "../../input/keymap.ts";
import { lineOf } from "../../input/text-line.ts";
import { faultText, placedMessage } from "./messages.ts";
import type { ScreenHands } from "./screen-hands.ts";
import type { Ticket } from "./ticket.ts";
import { confirmTicket, editTicket, sendTicket } from "./ticket.ts";
import { readSurroundings } from "./ticket-surroundings.ts";
import type { UiState } from "./ui-state.ts";
import { closeLayer, openLayer, topLayer } from "./ui-state.ts";

/** What keys do to the order ticket. */
export interface TicketKeys {
  open(ticket: Ticket): void;
  perform(action: ActionName): void;
}

export function createTicketKeys({ app, signal, ui, set, say }: ScreenHands): TicketKeys {
  function perform(action: ActionName): void {
    const { ticket } = ui();
    if (ticket === undefined || action === "close") {
      set({ ...closeLayer(ui()), ticket: undefined });
      return;
    }
    switch (action) {
      case "confirm":
        if (ticket.stage.kind === "confirming") {
          const { plan, bracket } = ticket.stage;
          set({ ...ui(), ticket: sendTicket(ticket) });
          send(plan, bracket);
        } else set({ ...ui(), ticket: confirmTicket(ticket, readSurroundings(app, ticket.side)) });
        return;
      case "next-field":
      case "previous-field": {
        const field = ticket.field === "quantity" ? "price" : "quantity";
        const text = field === "quantity" ? ticket.quantityText : ticket.priceText;
        set({ ...ui(), ticket: editTicket(ticket, { field }), ticketLine: lineOf(text) });
        return;
      }
      case "price-up":
      case "price-down":
        stepPrice(action === "price-up");
        return;
      default:
    }
  }

  function open(ticket: Ticket): void {
    if (app.accountId === undefined) {
      say("error", "There is no account, so no order can be sent. `tapedeck demo` has one.");
      return;
    }
    if (app.store.getState().market.selected === undefined) {
      say("error", "Choose a market first.");
      return;
    }
    set({ ...openLayer(ui(), "ticket"), ticket, ticketLine: lineOf(ticket.quantityText), message: undefined });
  }

  /** One tick at a time, starting from the price on the other side of the book. */
  function stepPrice(up: boolean): void {
    const { ticket } = ui();
    const instrument = selectInstrument(app.store.getState());
    if (ticket === undefined || instrument === undefined) return;
    const seen = selectSeenQuote(app.store.getState(), ticket.side)?.price;
    const start = parsePrice(ticket.priceText.trim()) ?? seen;
    if (start === undefined) return;
    const stepped = up ? add(start, instrument.tickSize) : subtract(start, instrument.tickSize);
    if (stepped <= 0n) return;
    const priceText = formatMoney(stepped);
    set({ ...ui(), ticket: editTicket(ticket, { priceText, field: "price" }), ticketLine: lineOf(priceText) });
  }

  function send(plan: OrderPlan, bracket: BracketRules | undefined): void {
    app.placeOrder(plan.draft, signal, bracket).then(
      (result) => {
        if (result.kind === "denied") {
          fail(result.denials.map((denial) => `${denial.message} ${denial.hint}`).join(" "));
          return;
        }
        set({ ...closed(), cursorOrder: result.order.clientOrderId });
        const { level, text } = placedMessage(result.order);
        say(level, text);
      },
      (fault: unknown) => {
        fail(faultText(fault));
      },
    );
  }

  function fail(problem: string): void {
    const { ticket } = ui();
    if (ticket === undefined) say("error", problem);
    else set({ ...ui(), ticket: { ...ticket, stage: { kind: "editing", problem } } });
  }

  function closed(): UiState {
    return topLayer(ui()) === "ticket" ? { ...closeLayer(ui()), ticket: undefined } : { ...ui(), ticket: undefined };
  }

  return { open, perform };
}
