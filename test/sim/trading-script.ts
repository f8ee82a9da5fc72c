import type { App } from "../../src/app/app.ts";
import type { MarketSymbol } from "../../src/core/domain/identifiers.ts";
import type { Price } from "../../src/core/domain/money.ts";
import { formatMoney, price, quantity, ratio, roundToStep, scale } from "../../src/core/domain/money.ts";
import type { OrderDraft, Side } from "../../src/core/domain/order.ts";
import { isWorking } from "../../src/core/domain/order.ts";
import type { ExchangeControls } from "./exchange-controls.ts";

const MOST_WORKING = 12;
const SIZES = ["0.001", "0.002", "0.005"];
const TICK = price("0.01");

/** A trader who never rests: orders near the price, market orders, cancels, and orders from another place. */
export function createTradingScript(
  app: App,
  controls: ExchangeControls,
  symbol: MarketSymbol,
  random: () => number,
): {
  act(): void;
  readonly placed: number;
  readonly elsewhere: number;
  readonly cancelled: number;
  failures(): readonly string[];
} {
  const signal = new AbortController().signal;
  const failures: string[] = [];
  let placed = 0;
  let elsewhere = 0;
  let cancelled = 0;

  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const working = () => [...app.store.getState().trading.orders.values()].filter(isWorking);

  function draftAt(reference: Price, side: Side): OrderDraft {
    const base = {
      symbol,
      side,
      size: { kind: "base", quantity: quantity(pick(SIZES) ?? "0.001") },
      seen: { price: reference, at: app.now() },
    } as const;
    if (random() < 0.3) return { ...base, type: "market" };
    // Within a thousandth on either side: some cross at once, some are reached later, some rest until cancelled.
    const factor = ratio((0.999 + random() * 0.002).toFixed(6));
    return { ...base, type: "limit", limitPrice: roundToStep(scale(reference, factor, "down"), TICK, "down") };
  }

  async function placeOne(side: Side): Promise<void> {
    const top = await app.marketData.fetchBookTop(symbol, signal);
    const reference = (side === "buy" ? top.ask : top.bid)?.price;
    if (reference === undefined) return;
    const result = await app.placeOrder(draftAt(reference, side), signal);
    if (result.kind === "placed") placed += 1;
    else failures.push(result.denials.map((denial) => denial.code).join());
  }

  async function placeElsewhere(side: Side): Promise<void> {
    const top = await app.marketData.fetchBookTop(symbol, signal);
    const reference = (side === "buy" ? top.ask : top.bid)?.price;
    if (reference === undefined) return;
    const limit = formatMoney(reference);
    await controls.signed(
      "POST",
      "/order",
      `symbol=${symbol}&side=${side.toUpperCase()}&type=LIMIT&quantity=0.001&price=${limit}`,
    );
    elsewhere += 1;
  }

  async function cancelOne(): Promise<void> {
    const order = pick(working());
    if (order === undefined) return;
    await app.cancelOrder({ clientOrderId: order.clientOrderId }, signal);
    cancelled += 1;
  }

  return {
    act() {
      const dice = random();
      const side: Side = random() < 0.5 ? "buy" : "sell";
      const deed =
        working().length >= MOST_WORKING || dice < 0.3
          ? cancelOne()
          : dice < 0.85
            ? placeOne(side)
            : placeElsewhere(side);
      // Nobody waits here: the clock has to go on for an order that waits for its turn.
      deed.catch((cause: unknown) => failures.push(String(cause)));
    },
    get placed() {
      return placed;
    },
    get elsewhere() {
      return elsewhere;
    },
    get cancelled() {
      return cancelled;
    },
    failures: () => failures,
  };
}
