import type { App } from "../../../app/app.ts";
import type { CandleInterval } from "../../../core/domain/candle.ts";
import { CANDLE_INTERVALS } from "../../../core/domain/candle.ts";
import type { ClientOrderId, MarketSymbol } from "../../../core/domain/identifiers.ts";
import { isWorking } from "../../../core/domain/order.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { InputEvent } from "../../input/key-event.ts";
import type { ActionName } from "../../input/keymap.ts";
import { actionFor, KEY_BINDINGS } from "../../input/keymap.ts";
import { editLine, EMPTY_LINE, lineOf } from "../../input/text-line.ts";
import { parseCommandLine } from "./command-line.ts";
import { clampIndex, moveCursor, orderUnderCursor, positionUnderCursor, symbolUnderCursor } from "./cursor.ts";
import { createDeedKeys } from "./deed-keys.ts";
import { guardStory } from "./guard-words.ts";
import { keepGuarding, questionBeforeLeaving } from "./leaving.ts";
import type { Message } from "./messages.ts";
import { cancelMessage, faultText, nothingToCancel, orderStory } from "./messages.ts";
import { badgeText } from "./badge-words.ts";
import { sendPanic } from "./panic.ts";
import { createQuestionKeys } from "./question-keys.ts";
import { sendReconcile } from "./reconcile.ts";
import type { Standing } from "./standing.ts";
import { createStanding } from "./standing.ts";
import { setTradingState } from "./trading-state.ts";
import { deedOfRow } from "./row-deeds.ts";
import { scrolledBy } from "./scrolled-list.ts";
import type { ScreenHands } from "./screen-hands.ts";
import { editTicket, openTicket } from "./ticket.ts";
import { createTicketKeys } from "./ticket-keys.ts";
import type { UiState } from "./ui-state.ts";
import { closeLayer, INITIAL_UI, openLayer, panelAfter, topLayer } from "./ui-state.ts";
import type { Watchlist } from "./watchlist.ts";
import { createWatchlist } from "./watchlist.ts";

/** Settings that outlive the screen. */
const LAST_SYMBOL = "market.symbol";
const LAST_INTERVAL = "market.interval";

/** Keys in, actions out: the one place where the Market screen decides what a key does. */
export interface MarketController {
  readonly ui: UiState;
  readonly watchlist: Watchlist;
  readonly standing: () => Standing;
  subscribe(listener: () => void): () => void;
  handle(event: InputEvent): void;
  /** Shows what waits for a person, once it comes up. */
  look(): void;
  /** Picks up where the trader left off, or the first market there is. */
  restoreSelection(): void;
}

export interface MarketControllerParts {
  readonly app: App;
  readonly leave: () => void;
  readonly redraw: () => void;
  /** Rings the terminal's bell. */
  readonly ring: () => void;
}

export function createMarketController({ app, leave, redraw, ring }: MarketControllerParts): MarketController {
  let ui: UiState = INITIAL_UI;
  const listeners = new Set<() => void>();
  const lifetime = new AbortController();
  const watchlist = createWatchlist(app);
  const hands: ScreenHands = { app, signal: lifetime.signal, ui: () => ui, set, say };
  const ticketKeys = createTicketKeys(hands);
  const deedKeys = createDeedKeys(hands);
  const questionKeys = createQuestionKeys(hands, ring);
  const standing = createStanding(app);

  function set(next: UiState): void {
    if (next === ui) return;
    ui = next;
    for (const listener of listeners) listener();
  }

  function say(level: Message["level"], text: string): void {
    set({ ...ui, message: { at: app.now(), level, text: safeText(text, 400) } });
  }

  function handle(event: InputEvent): void {
    if (event.kind === "mouse") return;
    const layer = topLayer(ui);
    const action = event.kind === "key" ? actionFor(KEY_BINDINGS, layer, event.chord) : undefined;
    // In a layer with a text line, what types text belongs to the text.
    const typed = typeInto(event, action);
    if (typed !== undefined) set(typed);
    else if (action !== undefined) perform(action);
    questionKeys.look();
  }

  function typeInto(event: InputEvent, action: ActionName | undefined): UiState | undefined {
    if (action !== undefined) return undefined;
    switch (topLayer(ui)) {
      case "command": {
        const command = editLine(ui.command, event);
        return command === undefined ? undefined : { ...ui, command };
      }
      case "filter": {
        const filter = editLine(ui.filter, event);
        return filter === undefined ? undefined : { ...ui, filter, cursorSymbol: undefined };
      }
      case "ticket": {
        const line = editLine(ui.ticketLine, event);
        if (line === undefined || ui.ticket === undefined) return undefined;
        const change = ui.ticket.field === "quantity" ? { quantityText: line.text } : { priceText: line.text };
        return { ...ui, ticketLine: line, ticket: editTicket(ui.ticket, change) };
      }
      default:
        return undefined;
    }
  }

  function perform(action: ActionName): void {
    switch (topLayer(ui)) {
      case "market":
        performOnMarket(action);
        return;
      case "ticket":
        ticketKeys.perform(action);
        return;
      case "question":
        questionKeys.perform(action);
        return;
      case "cancel":
        if (action === "yes" && ui.cancelling !== undefined) sendCancel(ui.cancelling);
        set({ ...closeLayer(ui), cancelling: undefined });
        return;
      case "panic":
        set(closeLayer(ui));
        if (action === "yes") sendPanic(app, lifetime.signal, say);
        return;
      case "quit":
        if (action === "yes") leave();
        else set(closeLayer(ui));
        return;
      case "guard-on":
        set(closeLayer(ui));
        if (action === "yes") keepGuarding(app, say, leave);
        else if (action === "no") leave();
        return;
      case "filter":
        set(action === "confirm" ? closeLayer(ui) : { ...closeLayer(ui), filter: EMPTY_LINE });
        return;
      case "command":
        if (action === "confirm") runCommand(ui.command.text);
        else set({ ...closeLayer(ui), command: EMPTY_LINE });
        return;
      case "deed":
        deedKeys.perform(action);
        return;
      case "help":
      case "told":
        if (action === "close") set({ ...closeLayer(ui), scrolled: 0 });
        else set({ ...ui, scrolled: scrolledBy(ui, action === "next-row" ? 1 : -1, app) });
    }
  }

  function performOnMarket(action: ActionName): void {
    switch (action) {
      case "buy":
        ticketKeys.open(openTicket("buy"));
        return;
      case "sell":
        ticketKeys.open(openTicket("sell"));
        return;
      case "cancel-order":
        askToCancel();
        return;
      case "panic":
        if (app.accountId === undefined) say("info", "There is no account, so there is nothing to halt.");
        else set(openLayer(ui, "panic"));
        return;
      case "protect":
      case "unprotect":
      case "close-position":
      case "adopt": {
        const found = deedOfRow(action, ui, app.store.getState(), standing().positions);
        if (found.kind === "deed") deedKeys.propose(found.wanted);
        else if (found.kind === "line") set({ ...openLayer(ui, "command"), command: lineOf(found.text) });
        else say("info", found.why);
        return;
      }
      case "told":
        set({ ...openLayer(ui, "told"), scrolled: 0 });
        return;
      case "answer":
        questionKeys.open();
        return;
      case "next-row":
        move((index) => index + 1);
        return;
      case "previous-row":
        move((index) => index - 1);
        return;
      case "first-row":
        move(() => 0);
        return;
      case "last-row":
        move(() => Number.MAX_SAFE_INTEGER);
        return;
      case "page-down":
        move((index) => index + halfPage());
        return;
      case "page-up":
        move((index) => index - halfPage());
        return;
      case "next-sort":
      case "reverse-sort":
        if (action === "next-sort") watchlist.sortByNext();
        else watchlist.reverse();
        set({ ...ui, panel: "watchlist", cursorSymbol: watchlist.rows(ui.filter.text)[0] });
        return;
      case "select":
        selectUnderCursor();
        return;
      case "next-panel":
      case "previous-panel":
        set({ ...ui, panel: panelAfter(ui.panel, action === "next-panel" ? 1 : -1) });
        return;
      case "next-interval":
        changeInterval(1);
        return;
      case "previous-interval":
        changeInterval(-1);
        return;
      case "filter":
        set({ ...openLayer(ui, "filter"), panel: "watchlist" });
        return;
      case "command":
        set({ ...openLayer(ui, "command"), command: EMPTY_LINE });
        return;
      case "help":
        set({ ...openLayer(ui, "help"), scrolled: 0 });
        return;
      case "redraw":
        redraw();
        return;
      case "close":
        set({ ...ui, filter: EMPTY_LINE, message: undefined, dismissedNotice: newestNotice() });
        return;
      case "quit":
        askToLeave();
        return;
      default:
    }
  }

  function askToLeave(): void {
    const question = questionBeforeLeaving(app);
    if (question === undefined) leave();
    else set(openLayer(ui, question));
  }

  const newestNotice = () => app.store.getState().session.notices.at(-1)?.id ?? 0;

  function askToCancel(): void {
    const order = orderUnderCursor(ui, app.store.getState());
    if (order === undefined || !isWorking(order)) {
      say("info", nothingToCancel(order));
      return;
    }
    set({
      ...openLayer(ui, "cancel"),
      panel: "orders",
      cursorOrder: order.clientOrderId,
      cancelling: order.clientOrderId,
    });
  }

  function sendCancel(clientOrderId: ClientOrderId): void {
    app.cancelOrder({ clientOrderId }, lifetime.signal).then(
      (result) => {
        const { level, text } = cancelMessage(clientOrderId, result);
        say(level, text);
      },
      (fault: unknown) => {
        say("error", faultText(fault));
      },
    );
  }

  function move(by: (index: number) => number): void {
    set(moveCursor(ui, app.store.getState(), watchlist, standing().positions, by));
  }

  const halfPage = () => Math.max(1, Math.floor(watchlist.height / 2));

  function selectUnderCursor(): void {
    const state = app.store.getState();
    const symbol = symbolUnderCursor(ui, state, watchlist, standing().positions);
    if (symbol !== undefined) show(symbol, state.market.interval);
    const order = ui.panel === "orders" ? orderUnderCursor(ui, state) : undefined;
    if (order !== undefined) say("info", orderStory(order));
    const held = ui.panel === "positions" ? positionUnderCursor(ui, standing().positions) : undefined;
    if (held !== undefined) say("info", `${held.position.symbol}: ${badgeText(held.protection)}`);
  }

  function changeInterval(by: number): void {
    const { selected, interval } = app.store.getState().market;
    const next = CANDLE_INTERVALS[clampIndex(CANDLE_INTERVALS.indexOf(interval) + by, CANDLE_INTERVALS.length)];
    if (selected !== undefined && next !== undefined) show(selected, next);
  }

  function show(symbol: MarketSymbol, interval: CandleInterval): void {
    app.selectMarket(symbol, interval);
    app.settings.set(LAST_SYMBOL, symbol);
    app.settings.set(LAST_INTERVAL, interval);
  }

  function restoreSelection(): void {
    const symbols = [...app.store.getState().instruments.bySymbol.keys()];
    const last = app.settings.get(LAST_SYMBOL);
    const symbol =
      symbols.find((candidate) => candidate === last) ?? symbols.find((it) => it === "BTCUSDT") ?? symbols[0];
    const interval = CANDLE_INTERVALS.find((candidate) => candidate === app.settings.get(LAST_INTERVAL)) ?? "1m";
    if (symbol !== undefined) show(symbol, interval);
  }

  function runCommand(text: string): void {
    const state = app.store.getState();
    set({ ...closeLayer(ui), command: EMPTY_LINE });
    const command = parseCommandLine(text, [...state.instruments.bySymbol.keys()]);
    switch (command.kind) {
      case "market":
        show(command.symbol, state.market.interval);
        return;
      case "interval":
        if (state.market.selected !== undefined) show(state.market.selected, command.interval);
        return;
      case "ticket":
        show(command.symbol, state.market.interval);
        ticketKeys.open(command.ticket);
        return;
      case "help":
        performOnMarket("help");
        return;
      case "quit":
        performOnMarket("quit");
        return;
      case "trading-state":
        setTradingState(app, command.state, say);
        return;
      case "deed":
        deedKeys.propose(command.wanted);
        return;
      case "panic":
        performOnMarket("panic");
        return;
      case "guard-status":
        say("info", guardStory(app));
        return;
      case "reconcile":
        sendReconcile(app, lifetime.signal, say);
        return;
      case "problem":
        say("error", command.text);
        return;
      case "none":
    }
  }

  return {
    get ui() {
      return ui;
    },
    watchlist,
    standing,
    look: questionKeys.look,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    handle,
    restoreSelection,
  };
}
