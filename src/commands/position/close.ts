import type { App } from "../../app/app.ts";
import type { AskedPrice } from "../../core/domain/asked-order.ts";
import { parseAskedPrice, priceBy } from "../../core/domain/asked-order.ts";
import { totalOf } from "../../core/domain/balance.ts";
import { tooSmall } from "../../core/domain/guarding/exit-order.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import { quantizePrice, quantizeQuantity } from "../../core/domain/instrument.ts";
import type { Price } from "../../core/domain/money.ts";
import { formatMoney, minimum, ZERO_QUANTITY } from "../../core/domain/money.ts";
import type { Order, OrderDraft } from "../../core/domain/order.ts";
import { isWorking } from "../../core/domain/order.ts";
import { formatDraft, symbolOf } from "../../core/domain/order-grammar.ts";
import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { findInstrument } from "../market/find-instrument.ts";
import { storedFills } from "../order/find-order.ts";
import { deniedFault, placeFault } from "../order/order-faults.ts";
import { printOrder } from "../order/order-view.ts";
import { isUnproven, seekOutcome, waitForEnd, warnOfAnomalies } from "../order/prove-outcome.ts";
import { readWord } from "../parse/read-word.ts";
import { usageError } from "../usage-error.ts";
import type { BeforeSale } from "./protections-after-sale.ts";
import { protectionsAfterSale } from "./protections-after-sale.ts";

const PROOF_TIMEOUT_MS = 10_000;
const NOT_SOLD = "Nothing was sold.";

export const positionClose = defineCommand({
  path: ["position", "close"],
  summary: "Sell a market's position, and take the protections of what was sold away once that is proven.",
  details: [
    "Sells the quantity that `tapedeck position ls` shows. Base that came in another way, as by a deposit, stays, unless",
    "--all is given; selling more than the position is confirmed by typing the market's name, or with --yes.",
    "Protections of entries that may still buy, of resting sales and of base that is not sold stay armed. They are named,",
    "and the exit code is 9.",
    "Sells at the market, or with --at as a limit order that may rest: then its protections stay armed.",
    "What is held by resting sales is sold only with --cancel-orders, which ends our resting sales and entries of the",
    "market first and waits for the proof.",
    'JSON: {"schema":"tapedeck.order/1","mode":…,…}, the order that sold.',
  ],
  examples: [
    { line: "tapedeck position close BTCUSDT", what: "sell the position at the market" },
    { line: "tapedeck position close BTCUSDT --at +1%", what: "offer it 1 % above what a sale gets at present" },
    { line: "tapedeck position close BTCUSDT --cancel-orders", what: "take its resting orders back first" },
  ],
  arguments: [{ name: "SYMBOL", what: "the market" }],
  options: [
    { flags: "--at PRICE", what: "a limit: 65000, or a distance from what a sale gets at present" },
    { flags: "--all", what: "sell all base that is free, also what is not in the position" },
    { flags: "--cancel-orders", what: "cancel our resting sales and entries of the market first" },
    { flags: "--dry-run", what: "say what would be done; do nothing" },
    { flags: "--explain", what: "the same as --dry-run" },
  ],
  next: "tapedeck position ls",
  run: (context) => {
    const { args, options, signal } = context;
    const symbol = symbolOf(readWord(args[0], "market"));
    const at = readAt(options.text("at"));
    return context.withApp(async (app) => {
      warnOfAnomalies(app, context.print);
      const instrument = await findInstrument(app, symbol, signal);
      await app.reconcile(signal);
      const resting = restingOf(app, instrument);
      const isPlan = options.has("dry-run") || options.has("explain");
      if (resting.length > 0 && options.has("cancel-orders") && !isPlan) {
        const open = await endAll(context, app, resting);
        if (open.length > 0) return context.fail(stillOpen(open), EXIT_CODES.outcomeUnknown);
        await app.reconcile(signal);
      }
      return close(context, app, instrument, { at, isPlan, resting });
    });
  },
});

interface Closing {
  readonly at: AskedPrice | undefined;
  readonly isPlan: boolean;
  /** Our own orders of the market that rested when we came; ended by now with --cancel-orders. */
  readonly resting: readonly Order[];
}

async function close(
  context: CommandContext,
  app: App,
  instrument: Instrument,
  { at, isPlan, resting }: Closing,
): Promise<ExitCode> {
  const { io, print, signal, fail, options } = context;
  const { base, symbol } = instrument;
  const seenAt = app.now();
  const { bid } = await app.marketData.fetchBookTop(symbol, signal);
  if (bid === undefined) {
    const hint = "Name a price with --at, or try again when the market has a bid.";
    return fail(
      { code: "PRICE_UNKNOWN", message: `Nobody bids for ${base}.`, notDone: NOT_SOLD, hint },
      EXIT_CODES.failure,
    );
  }
  const balance = app.store.getState().trading.balances.get(base);
  const isEnding = options.has("cancel-orders");
  const free = (isPlan && isEnding ? balance && totalOf(balance) : balance?.free) ?? ZERO_QUANTITY;
  const position = app.portfolio.position(symbol, app.portfolio.usualMethod)?.position.quantity ?? ZERO_QUANTITY;
  const counted = options.has("all") ? free : minimum(free, position);
  const quantity = quantizeQuantity(instrument, counted);
  const limitPrice = at === undefined ? undefined : limitOf(at, bid.price, instrument);
  const type = limitPrice === undefined ? "market" : "limit";
  const small = tooSmall(instrument, quantity, { type: "market", expectedPrice: limitPrice ?? bid.price });
  if (small !== undefined) {
    const sales = isEnding ? [] : resting.filter((order) => order.side === "sell");
    const held = sales.length === 0 ? "" : `; ${sales.map((sale) => sale.clientOrderId).join(", ")} hold the rest`;
    const message = `The position is ${formatMoney(position)} ${base} and ${formatMoney(free)} is free: ${formatMoney(counted)} cannot be sold, ${small}${held}.`;
    const hint =
      sales.length > 0
        ? "Add --cancel-orders to end those sales first."
        : free > counted
          ? `What is free was not bought here: add --all to sell all of it.`
          : `See \`tapedeck market show ${symbol}\`.`;
    return fail({ code: "NOTHING_TO_SELL", message, notDone: NOT_SOLD, hint }, EXIT_CODES.denied);
  }
  const draft: OrderDraft = {
    symbol,
    side: "sell",
    type,
    size: { kind: "base", quantity },
    ...(limitPrice === undefined ? {} : { limitPrice }),
    seen: { price: bid.price, at: seenAt },
  };
  const order = formatDraft(draft, instrument);
  const beforeSale = (): BeforeSale => {
    const { orders, fills } = app.store.getState().trading;
    const ending = new Set(isEnding ? resting.map((one) => one.clientOrderId) : []);
    const protections = app.protections.list(symbol);
    return { protections, orders, fills: [...fills.values()], instrument, base: balance, ending };
  };
  if (isPlan) {
    const cancels = isEnding ? resting.map((one) => one.clientOrderId) : [];
    const { over, standing } = protectionsAfterSale(beforeSale(), quantity);
    const disarms = over.map((one) => one.protectionId);
    const stays = standing.map(({ protection }) => protection.protectionId);
    print.record({
      schema: "tapedeck.close-plan/1",
      json: { order, bid: formatMoney(bid.price), position: formatMoney(position), cancels, disarms, stays },
      fields: [
        ["order", order],
        ["bid", formatMoney(bid.price)],
        ["position", formatMoney(position)],
        ["cancels", cancels.join(", ") || null],
        ["disarms", disarms.join(", ") || null],
        ["stays", stays.join(", ") || null],
      ],
    });
    return EXIT_CODES.ok;
  }
  if (quantity > position) {
    const what = `This sells ${formatMoney(quantity)} ${base}, and the position is ${formatMoney(position)}: the rest was not bought here.`;
    await confirmTyped(context, what, symbol);
  } else if (!(await isMeant(context, app, order))) {
    return fail(
      { code: "NOT_CONFIRMED", message: "The sale was not confirmed.", notDone: NOT_SOLD },
      EXIT_CODES.failure,
    );
  }
  const before = beforeSale();
  const result = await app.placeOrder(draft, signal);
  if (result.kind === "denied") {
    const { fault, exitCode } = deniedFault(result.denials);
    return fail(fault, exitCode);
  }
  let sold = isUnproven(result.order) ? await seekOutcome(app, result.order, signal) : result.order;
  if (placeFault(sold) === undefined && type === "market") {
    sold = await waitForEnd({ app, io, signal }, sold, PROOF_TIMEOUT_MS);
  }
  printOrder(print, sold, storedFills(app, sold));
  const told = placeFault(sold);
  if (told !== undefined) return fail(told.fault, told.exitCode);
  if (sold.state === "filled") return endProtections(context, app, before, sold);
  const armed = app.protections.list(symbol).length;
  const message = `Order ${sold.clientOrderId} is ${sold.state}, with ${formatMoney(sold.filledQuantity)} of ${formatMoney(quantity)} ${base} sold.`;
  const hint =
    armed === 0 ? "See it with `tapedeck order ls`." : `Its ${armed} protections stay armed until it is sold.`;
  if (type === "limit" && isWorking(sold)) {
    print.warn(`${message} ${hint}`);
    return EXIT_CODES.ok;
  }
  return fail({ code: "NOT_CLOSED", message, hint }, EXIT_CODES.partial);
}

function endProtections(
  { print, fail }: CommandContext,
  app: App,
  before: BeforeSale,
  { symbol, clientOrderId, filledQuantity }: Order,
): ExitCode {
  const { over, standing } = protectionsAfterSale(before, filledQuantity);
  for (const { protectionId } of over) {
    const result = app.protections.disarm(protectionId, `the position was closed by order ${clientOrderId}`);
    if (result.kind === "disarmed") print.progress(`Protection ${protectionId} is taken away.`);
  }
  if (standing.length === 0) return EXIT_CODES.ok;
  const named = standing.map(({ protection, why }) => `${protection.protectionId} (${why})`).join(", ");
  const message = `Order ${clientOrderId} is filled. Protections stay armed: ${named}.`;
  const hint = `\`tapedeck position unprotect ${symbol}\` takes them away; --cancel-orders ends resting sales and entries first.`;
  return fail({ code: "PROTECTIONS_STAY", message, hint }, EXIT_CODES.partial);
}

/** @returns those whose end is not proven. */
async function endAll({ io, signal }: CommandContext, app: App, resting: readonly Order[]): Promise<readonly Order[]> {
  const open: Order[] = [];
  for (const { clientOrderId } of resting) {
    const result = await app.cancelOrder({ clientOrderId }, signal);
    if (result.kind === "not-found") continue;
    const order = await waitForEnd({ app, io, signal }, result.order, PROOF_TIMEOUT_MS);
    if (isWorking(order)) open.push(order);
  }
  return open;
}

function stillOpen(open: readonly Order[]) {
  const ids = open.map((order) => order.clientOrderId).join(", ");
  const message = `Whether ${ids} are cancelled is not proven.`;
  return {
    code: "CANCEL_UNPROVEN",
    message,
    notDone: NOT_SOLD,
    hint: "Look with `tapedeck order ls`, then close again.",
  };
}

/** Working orders of the market in our care; what was placed elsewhere is left to whoever placed it. */
function restingOf(app: App, { symbol }: Instrument): readonly Order[] {
  return [...app.store.getState().trading.orders.values()].filter(
    (order) => order.symbol === symbol && isWorking(order) && order.origin !== "foreign",
  );
}

function readAt(text: string | undefined): AskedPrice | undefined {
  if (text === undefined) return undefined;
  const asked = parseAskedPrice(text);
  if (asked === undefined)
    throw usageError(`--at takes a price or a distance like +1%, not "${text}".`, "For example --at 65000.");
  return asked;
}

function limitOf(at: AskedPrice, bid: Price, instrument: Instrument): Price {
  return quantizePrice(instrument, "sell", at.kind === "fixed" ? at.price : priceBy(bid, at.by, "sell"));
}

/** Real money at a terminal asks once. */
async function isMeant({ io, globals, signal }: CommandContext, app: App, order: string): Promise<boolean> {
  if (app.mode !== "live" || globals.yes || !io.stdinIsTty || !io.err.isTty) return true;
  return /^y(?:es)?$/i.test((await io.ask(`LIVE order: ${order}. Send it? [y/N] `, signal)).trim());
}
