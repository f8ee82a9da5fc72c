import type { App } from "../../../src/app/app.ts";
import type { ClientOrderId } from "../../../src/core/domain/identifiers.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { Price } from "../../../src/core/domain/money.ts";
import { formatMoney, notional, price, quantity, ratio, roundToStep, scale } from "../../../src/core/domain/money.ts";
import type { OrderDraft, OrderType } from "../../../src/core/domain/order.ts";
import { isWorking } from "../../../src/core/domain/order.ts";
import { isUnproven } from "../../../src/core/domain/order.ts";
import type { SimProcess } from "./sim-process.ts";
import { accountOf } from "./troubles.ts";
import type { World } from "./world.ts";

export const SYMBOL = marketSymbol("BTCUSDT");
/** From what the next taker fills to what no level of the book holds. */
const SIZES = ["0.0001", "0.001", "0.002", "0.0077", "0.04", "0.35"];
const TYPES: readonly OrderType[] = [
  "limit",
  "limit",
  "limit",
  "market",
  "post-only",
  "immediate-or-cancel",
  "fill-or-kill",
];
const TICK = price("0.01");

/** The trader of a world: what they ask of a process, and what else happens to their account and its market. */
export function createTrader(world: World, random: () => number) {
  const { venue } = world.exchange;
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const lastPrice = (): Price => venue.exchange.market(SYMBOL).lastPrice;

  function near(reference: Price): Price {
    const factor = ratio((0.998 + random() * 0.004).toFixed(6));
    return roundToStep(scale(reference, factor, "down"), TICK, "down");
  }

  function draftOrder(app: App): OrderDraft {
    const type = pick(TYPES) ?? "limit";
    const seen = { price: lastPrice(), at: app.now() };
    const side = random() < 0.5 ? "buy" : "sell";
    const base = { symbol: SYMBOL, side, type, seen } as const;
    const size = { kind: "base", quantity: quantity(pick(SIZES) ?? "0.001") } as const;
    if (type !== "market") return { ...base, size, limitPrice: near(seen.price) };
    return random() < 0.3 ? { ...base, size: { kind: "quote", notional: notional("25") } } : { ...base, size };
  }

  const working = (app: App) => [...app.store.getState().trading.orders.values()].filter(isWorking);

  return {
    place(process: SimProcess): void {
      process.act("places an order", (app, signal) => app.placeOrder(draftOrder(app), signal));
    },
    /** As a single command does it: compare first, send, look for the outcome a while, go. */
    placeAndLeave(process: SimProcess, patienceMs: number): void {
      process.act("runs a command", async (app, signal) => {
        try {
          await app.reconcile(signal);
          const result = await app.placeOrder(draftOrder(app), signal);
          if (result.kind !== "placed" || !isUnproven(result.order)) return;
          const patience = new AbortController();
          world.queue.after(patienceMs, () => {
            process.life.arrive(() => {
              patience.abort();
            });
          });
          await app.settleOrder(result.order.clientOrderId, patience.signal);
        } finally {
          await app.close();
        }
      });
    },
    cancelOne(process: SimProcess): void {
      process.act("cancels an order", async (app, signal) => {
        const order = pick(working(app));
        if (order !== undefined) await app.cancelOrder({ clientOrderId: order.clientOrderId }, signal);
      });
    },
    cancelAll(process: SimProcess): void {
      process.act("cancels all orders", (app, signal) =>
        Promise.all(working(app).map(({ clientOrderId }) => app.cancelOrder({ clientOrderId }, signal))),
      );
    },
    refreshOne(process: SimProcess): void {
      process.act("looks at an order", async (app, signal) => {
        const id = pick<ClientOrderId>([...app.store.getState().trading.orders.keys()]);
        if (id !== undefined) await app.refreshOrder({ clientOrderId: id }, SYMBOL, signal);
      });
    },
    panic(process: SimProcess): void {
      process.act("panics", (app, signal) => app.safety.panic({ reason: "a drill", timeoutMs: 20_000 }, signal));
    },
    resume(process: SimProcess): void {
      process.act("resumes trading", (app) => Promise.resolve(app.safety.setState({ kind: "active" })));
    },
    onlyReduce(process: SimProcess): void {
      process.act("only reduces from now on", (app) =>
        Promise.resolve(app.safety.setState({ kind: "reducing", reason: "a drill" })),
      );
    },
    reconcile(process: SimProcess): void {
      process.act("reconciles", (app, signal) => app.reconcile(signal));
    },
    placeOutside(): void {
      const side = random() < 0.5 ? "BUY" : "SELL";
      const isMarket = random() < 0.4;
      try {
        const order = venue.exchange.place(accountOf(world.exchange), {
          symbol: SYMBOL,
          side,
          type: isMarket ? "MARKET" : "LIMIT",
          quantity: quantity(pick(SIZES) ?? "0.001"),
          price: isMarket ? undefined : near(lastPrice()),
          quoteOrderQty: undefined,
          clientOrderId: undefined,
        });
        world.trace.note(`web places ${order.orderId} ${side} ${order.type}`);
      } catch {
        // Refused like anybody's.
      }
    },
    cancelOutside(): void {
      const order = pick(venue.exchange.orders.openOrders(accountOf(world.exchange)));
      if (order === undefined) return;
      world.trace.note(`web cancels ${order.orderId}`);
      venue.exchange.cancel(order);
    },
    move(): void {
      const factor = ratio((0.996 + random() * 0.008).toFixed(6));
      const to = roundToStep(scale(lastPrice(), factor, "down"), TICK, "down");
      world.trace.note(`the market moves to ${formatMoney(to)}`);
      venue.simulation.move(SYMBOL, to);
    },
  };
}

export type Trader = ReturnType<typeof createTrader>;
