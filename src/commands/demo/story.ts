import type { App } from "../../app/app.ts";
import { selectSeenQuote } from "../../app/store/selectors.ts";
import { totalOf } from "../../core/domain/balance.ts";
import type { Fill } from "../../core/domain/fill.ts";
import type { Asset, ClientOrderId } from "../../core/domain/identifiers.ts";
import { marketSymbol } from "../../core/domain/identifiers.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import { quantizePrice, quantizeQuantity } from "../../core/domain/instrument.ts";
import type { Quantity } from "../../core/domain/money.ts";
import {
  formatMoney,
  minimum,
  notional,
  quantityFor,
  ratio,
  scale,
  subtract,
  ZERO_QUANTITY,
} from "../../core/domain/money.ts";
import { missingFills } from "../../core/domain/order-execution.ts";
import { formatDraft } from "../../core/domain/order-grammar.ts";
import type { Order, OrderDraft } from "../../core/domain/order.ts";
import { isWorking } from "../../core/domain/order.ts";
import { DEFAULT_CONFIRMATION } from "../../core/domain/protection.ts";
import { fillJson, orderJson } from "../order/order-json.ts";
import { tradeJson } from "../market/market-json.ts";
import type { StoryClock } from "./story-clock.ts";
import { StoryFault } from "./story-clock.ts";
import type { Tell } from "./teller.ts";

/** What the story is told with. */
export interface Stage {
  readonly app: App;
  readonly clock: StoryClock;
  readonly tell: Tell;
}

const PRINTS_SHOWN = 10;
const SPENT = notional("100");
const FAR_BELOW = ratio("0.95");
const STOP_AT = ratio("0.995");
const MOVE_TO = ratio("0.99");

/** One day of trading in a few seconds. Every number is what happened. @throws StoryFault where a step did not. */
export async function tellStory(stage: Stage): Promise<void> {
  const { app, tell, clock } = stage;
  tell("exchange", `The ${app.exchange} runs. Mode ${app.mode}: the money is invented, nothing leaves this machine.`, {
    exchange: app.exchange,
  });
  const instrument = await openSession(stage);
  const tape = await watchMarket(stage, instrument);
  try {
    const bought = await buyAtMarket(stage, instrument);
    const rested = await placeAndCancel(stage, instrument);
    const sold = await stopOut(stage, instrument, bought.order);
    const { ordersChecked, fillsAdded, unresolved } = await clock.within("the reconcile", app.reconcile(clock.signal));
    tell(
      "reconcile",
      `The exchange and the console agree: ${ordersChecked} orders open there, ${fillsAdded} fills were missing here, ` +
        `${unresolved.length} outcomes unknown.`,
      { ordersChecked, fillsAdded, unresolved },
    );
    const orders = [bought.order, rested, sold.order];
    const stored = orders.filter(
      (order) => app.stored?.orders.find({ clientOrderId: order.clientOrderId }) !== undefined,
    );
    const fills = [...bought.fills, ...sold.fills];
    tell(
      "summary",
      `${tape.count()} trades streamed, ${orders.length} orders placed (2 filled, 1 cancelled), ${fills.length} fills, ` +
        `1 stop fired; ${stored.length} of the ${orders.length} orders are in ${app.places.databaseFile}.`,
      {
        trades: tape.count(),
        orders: orders.length,
        fills: fills.length,
        stored: stored.length,
        database: app.places.databaseFile,
      },
    );
    if (stored.length !== orders.length) throw new StoryFault("An order of the story is missing in the database.");
  } finally {
    tape.close();
  }
}

async function openSession({ app, clock, tell }: Stage): Promise<Instrument> {
  await clock.within("the start of the session", app.startSession(clock.signal));
  const { session, instruments, trading } = app.store.getState();
  if (session.reconciledAt === undefined)
    throw new StoryFault(`The account was not reconciled: ${session.reconcileError ?? "no reason given"}.`);
  const all = [...instruments.bySymbol.values()];
  const tradable = all.filter((candidate) => candidate.tradability.kind === "tradable");
  const instrument =
    tradable.find((candidate) => candidate.symbol === marketSymbol("BTCUSDT")) ??
    tradable.find((candidate) => candidate.quote === "USDT");
  if (instrument === undefined) throw new StoryFault("No market quoted in USDT takes orders.");
  const { symbol, tickSize, stepSize, base, quote } = instrument;
  tell(
    "markets",
    `${all.length} markets, ${tradable.length} take orders. This is ${symbol}: prices in steps of ` +
      `${formatMoney(tickSize)} ${quote}, quantities of ${formatMoney(stepSize)} ${base}.`,
    { markets: all.length, tradable: tradable.length, symbol },
  );
  const working = [...trading.orders.values()].filter(isWorking).length;
  tell("account", `Reconciled: ${working} working orders, ${freeText(app, quote)} and ${freeText(app, base)} free.`, {
    workingOrders: working,
    free: { [quote]: formatMoney(free(app, quote)), [base]: formatMoney(free(app, base)) },
  });
  return instrument;
}

/** Shows the first prints as they come in, then the book; goes on counting. */
async function watchMarket({ app, clock, tell }: Stage, { symbol }: Instrument) {
  let seen = 0;
  const enough = Promise.withResolvers<undefined>();
  const subscription = app.marketFeed.subscribe({ kind: "trades", symbol }, (event) => {
    if (event.type !== "trades") return;
    for (const trade of event.trades) {
      seen += 1;
      if (seen > PRINTS_SHOWN) continue;
      const { side, quantity, price } = trade;
      tell("print", `${side.padEnd(4)} ${formatMoney(quantity)} @ ${formatMoney(price)}`, tradeJson(trade));
      if (seen === PRINTS_SHOWN) enough.resolve(undefined);
    }
  });
  app.selectMarket(symbol, "1m");
  await clock.within(`${PRINTS_SHOWN} public trades of ${symbol}`, enough.promise);
  const book = await clock.until(`a live book of ${symbol}`, ({ market: { book } }) =>
    book?.symbol === symbol && book.state === "live" && book.bids.length > 0 && book.asks.length > 0 ? book : undefined,
  );
  const [bid, ask] = [book.bids[0]?.price, book.asks[0]?.price];
  if (bid === undefined || ask === undefined) throw new StoryFault("The book has an empty side.");
  tell(
    "book",
    `Live over the wire: best bid ${formatMoney(bid)}, best ask ${formatMoney(ask)}, spread ${formatMoney(subtract(ask, bid))}.`,
    { bid: formatMoney(bid), ask: formatMoney(ask) },
  );
  return { count: () => seen, close: () => subscription.close() };
}

async function buyAtMarket(stage: Stage, instrument: Instrument) {
  const { app, clock, tell } = stage;
  const { base, quote, symbol } = instrument;
  const before = { base: total(app, base), quote: total(app, quote) };
  const draft: OrderDraft = { symbol, side: "buy", type: "market", size: { kind: "quote", notional: SPENT } };
  const placed = await send(stage, instrument, draft);
  const filled = await followToFilled(stage, placed.clientOrderId);
  const after = await clock.until("the change of the balances", () => {
    const now = { base: total(app, base), quote: total(app, quote) };
    return now.base !== before.base && now.quote !== before.quote ? now : undefined;
  });
  tell(
    "balances",
    `${quote} ${formatMoney(before.quote)} → ${formatMoney(after.quote)}, ${base} ${formatMoney(before.base)} → ${formatMoney(after.base)}.`,
    {
      before: { [quote]: formatMoney(before.quote), [base]: formatMoney(before.base) },
      after: { [quote]: formatMoney(after.quote), [base]: formatMoney(after.base) },
    },
  );
  return filled;
}

async function placeAndCancel(stage: Stage, instrument: Instrument): Promise<Order> {
  const { app, clock, tell } = stage;
  const seen = selectSeenQuote(app.store.getState(), "buy");
  if (seen === undefined) throw new StoryFault("There is no best ask to place a limit order below.");
  const limitPrice = quantizePrice(instrument, "buy", scale(seen.price, FAR_BELOW, "down"));
  const size = {
    kind: "base",
    quantity: quantizeQuantity(instrument, quantityFor(SPENT, limitPrice, "down")),
  } as const;
  const draft: OrderDraft = { symbol: instrument.symbol, side: "buy", type: "limit", size, limitPrice };
  const { clientOrderId } = await send(stage, instrument, draft);
  const open = await clock.until("the resting of the limit order", ({ trading }) => {
    const order = trading.orders.get(clientOrderId);
    return order?.state === "open" && order.orderId !== undefined ? order : undefined;
  });
  tell("open", `${clientOrderId} rests in the book as ${open.orderId ?? ""}.`, orderJson(open));
  const result = await app.cancelOrder({ clientOrderId }, clock.signal);
  if (result.kind !== "requested" && result.kind !== "already-ended")
    throw new StoryFault(`The cancel of ${clientOrderId} ended ${result.kind}.`);
  const ended = await clock.until("the proof of the cancel", ({ trading }) => {
    const order = trading.orders.get(clientOrderId);
    return order !== undefined && !isWorking(order) ? order : undefined;
  });
  if (ended.state !== "cancelled")
    throw new StoryFault(`The order ${clientOrderId} ended ${ended.state}, not cancelled.`);
  tell("cancelled", `${clientOrderId} is cancelled, as the exchange itself reports.`, orderJson(ended));
  return ended;
}

async function stopOut(stage: Stage, instrument: Instrument, bought: Order) {
  const { app, clock, tell } = stage;
  const { symbol } = instrument;
  const controls = app.demoControls;
  const quote = selectSeenQuote(app.store.getState(), "sell");
  if (controls === undefined) throw new StoryFault("This exchange's makers cannot be moved.");
  if (quote === undefined) throw new StoryFault("There is no best bid to put a stop below.");
  const held = quantizeQuantity(instrument, minimum(bought.filledQuantity, free(app, instrument.base)));
  const triggerPrice = quantizePrice(instrument, "sell", scale(quote.price, STOP_AT, "down"));
  const armed = await app.protections.arm(
    {
      symbol,
      quantity: held,
      exits: { takeProfits: [], stopLoss: { kind: "fixed", price: triggerPrice } },
      exit: { kind: "market" },
      trigger: "last",
      confirmation: DEFAULT_CONFIRMATION,
    },
    clock.signal,
  );
  if (armed.kind === "denied") throw new StoryFault(armed.denials.map((denial) => denial.message).join(" "));
  const stop = armed.protection;
  const { pid } = app.guarding.badge(symbol, held);
  tell(
    "stop",
    `Armed, and guarded by this process (${pid ?? "nobody"}): sell ${formatMoney(held)} ${instrument.base} when ` +
      `${DEFAULT_CONFIRMATION.prints} trades in a row print at or below ${formatMoney(triggerPrice)}.`,
    {
      protectionId: stop.protectionId,
      triggerPrice: formatMoney(triggerPrice),
      quantity: formatMoney(held),
    },
  );
  const target = quantizePrice(instrument, "buy", scale(quote.price, MOVE_TO, "down"));
  await clock.within("the move of the makers", controls.movePrice(symbol, target));
  tell("market", `The makers move to ${formatMoney(target)}, through the book.`, { price: formatMoney(target) });
  const exitId = await clock.until(
    "the firing of the stop",
    ({ trading }) => trading.protections.get(stop.protectionId)?.legs[0]?.attempts[0]?.exitOrderId,
  );
  tell("fired", `The stop fired; its exit leaves as ${exitId}.`, {
    protectionId: stop.protectionId,
    exitOrderId: exitId,
  });
  const sold = await followToFilled(stage, exitId);
  await clock.within("the makers' way back", controls.movePrice(symbol, quote.price));
  return sold;
}

/** Places with what stands on the screen now. @throws StoryFault when it did not become an order. */
async function send({ app, clock, tell }: Stage, instrument: Instrument, draft: OrderDraft): Promise<Order> {
  const seen = selectSeenQuote(app.store.getState(), draft.side);
  const result = await app.placeOrder({ ...draft, ...(seen === undefined ? {} : { seen }) }, clock.signal);
  if (result.kind === "denied") throw new StoryFault(result.denials.map((denial) => denial.message).join(" "));
  const { order } = result;
  const accepted = order.state !== "rejected" && order.state !== "denied" && order.state !== "unknown";
  if (!accepted) throw new StoryFault(`The order is ${order.state}: ${order.reason?.message ?? "no reason given"}.`);
  const text = formatDraft(draft, instrument);
  tell(
    "order",
    `${text} (${draft.type}) is taken as ${order.orderId ?? "?"}; ours is ${order.clientOrderId}.`,
    orderJson(order),
  );
  return order;
}

/** Waits until an order is filled and each of its fills is here. */
async function followToFilled({ clock, tell }: Stage, clientOrderId: ClientOrderId) {
  const found = await clock.until(`the fill of ${clientOrderId}`, ({ trading }) => {
    const order = trading.orders.get(clientOrderId);
    if (order === undefined || isWorking(order) || missingFills(order) > 0n) return undefined;
    return { order, fills: [...trading.fills.values()].filter((fill) => fill.orderId === order.orderId) };
  });
  if (found.order.state !== "filled") throw new StoryFault(`The order ${clientOrderId} ended ${found.order.state}.`);
  for (const fill of found.fills) tell("fill", fillText(fill), fillJson(fill));
  return found;
}

function fillText({ side, quantity, price, fee, tradeId, liquidity }: Fill): string {
  const paid = `fee ${formatMoney(fee.quantity)} ${fee.asset} as ${liquidity}`;
  return `${side === "buy" ? "Bought" : "Sold"} ${formatMoney(quantity)} @ ${formatMoney(price)}, ${paid} (trade ${tradeId}).`;
}

function free(app: App, asset: Asset): Quantity {
  return app.store.getState().trading.balances.get(asset)?.free ?? ZERO_QUANTITY;
}

function total(app: App, asset: Asset): Quantity {
  const balance = app.store.getState().trading.balances.get(asset);
  return balance === undefined ? ZERO_QUANTITY : totalOf(balance);
}

function freeText(app: App, asset: Asset): string {
  return `${formatMoney(free(app, asset))} ${asset}`;
}
