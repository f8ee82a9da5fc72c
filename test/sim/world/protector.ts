import type { GapAnswer } from "../../../src/core/domain/protection-events.ts";
import { answersTo } from "../../../src/core/domain/protection-events.ts";
import type { Protection } from "../../../src/core/domain/protection.ts";
import type { Price } from "../../../src/core/domain/money.ts";
import { formatMoney, price, quantity, ratio, roundToStep, scale } from "../../../src/core/domain/money.ts";
import { isResting, isWorking } from "../../../src/core/domain/order.ts";
import { drawBracket, drawProtection } from "./protection-wishes.ts";
import type { SimProcess } from "./sim-process.ts";
import { SYMBOL } from "./trader.ts";
import type { World } from "./world.ts";

const TICK = price("0.01");
const ENTRY_SIZES = ["0.001", "0.004", "0.02"];

/** What the trader of a world does about protections, and what the market does to them. */
export function createProtector(world: World, random: () => number, isMarketOpen: () => boolean) {
  const { venue } = world.exchange;
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const lastPrice = () => venue.exchange.market(SYMBOL).lastPrice;
  const times = (factor: number) => roundToStep(scale(lastPrice(), ratio(factor.toFixed(6)), "down"), TICK, "down");

  function answer(process: SimProcess, protection: Protection): void {
    for (const leg of protection.legs) {
      if (leg.state !== "asking") continue;
      const said = pick<GapAnswer>(answersTo(leg)) ?? "ignore";
      world.trace.note(`${process.name} is told to ${said} for ${leg.legId} of ${protection.protectionId}`);
      process.app.guarding.answer(protection.protectionId, leg.legId, said);
    }
  }

  return {
    arm(process: SimProcess): void {
      process.act("arms a protection", async (app, signal) => {
        const orders = [...app.store.getState().trading.orders.values()];
        const dice = random();
        const linkedId = dice < 0.2 ? pick(orders.filter((it) => isResting(it) && it.side === "sell")) : undefined;
        const entryId =
          dice > 0.8
            ? pick(orders.filter((it) => isWorking(it) && it.side === "buy" && it.origin === "own"))
            : undefined;
        const wanted = drawProtection({
          symbol: SYMBOL,
          random,
          now: app.now(),
          linkedId: linkedId?.clientOrderId,
          entryId: entryId?.clientOrderId,
        });
        const result = await app.protections.arm(wanted, signal);
        if (result.kind === "armed") world.trace.note(`${process.name} has armed ${wordsOf(result.protection)}`);
        else world.trace.note(`${process.name} may not arm: ${result.denials.map(({ code }) => code).join(", ")}`);
      });
    },
    /** A purchase with what sells it again, in one commit. */
    buyBracketed(process: SimProcess): void {
      process.act("buys with a bracket", async (app, signal) => {
        const seen = { price: lastPrice(), at: app.now() };
        const size = { kind: "base", quantity: quantity(pick(ENTRY_SIZES) ?? "0.001") } as const;
        const base = { symbol: SYMBOL, side: "buy", size, seen } as const;
        const draft =
          random() < 0.4
            ? ({ ...base, type: "market" } as const)
            : ({ ...base, type: "limit", limitPrice: times(0.999 + random() * 0.0015) } as const);
        await app.placeOrder(draft, signal, drawBracket(seen.price, random));
      });
    },
    /** As `position close` does it: sells, and takes the protections away once that is proven. */
    close(process: SimProcess): void {
      process.act("closes a part of the position", async (app, signal) => {
        const protections = app.protections.list(SYMBOL);
        const seen = { price: lastPrice(), at: app.now() };
        const size = { kind: "base", quantity: quantity("0.01") } as const;
        const result = await app.placeOrder({ symbol: SYMBOL, side: "sell", type: "market", size, seen }, signal);
        if (result.kind !== "placed" || result.order.state === "unknown") return;
        for (const { protectionId } of protections) app.protections.disarm(protectionId, "the position is closed");
      });
    },
    disarm(process: SimProcess): void {
      process.act("takes a protection away", (app) => {
        const one = pick(app.protections.list(SYMBOL));
        if (one !== undefined) app.protections.disarm(one.protectionId, "a person took it away");
        return Promise.resolve();
      });
    },
    disarmAll(process: SimProcess): void {
      process.act("takes all protections away", (app) => {
        for (const one of app.protections.list()) app.protections.disarm(one.protectionId, "nothing more is to happen");
        return Promise.resolve();
      });
    },
    answerAll(process: SimProcess): void {
      process.act("answers what is asked", (app) => {
        for (const protection of app.protections.list(SYMBOL)) answer(process, protection);
        return Promise.resolve();
      });
    },
    /** Through the stops, and often back again at once. */
    plunge(): void {
      const before = lastPrice();
      const to = times(0.994 + random() * 0.004);
      world.trace.note(`the market falls to ${formatMoney(to)}`);
      venue.simulation.move(SYMBOL, to);
      if (random() < 0.5) return;
      world.queue.after(200 + random() * 15_000, () => {
        if (!isMarketOpen()) return;
        world.trace.note(`the market comes back to ${formatMoney(before)}`);
        venue.simulation.move(SYMBOL, before);
      });
    },
    /** Down to this share of the price. @returns where it is then */
    fall(share: number): Price {
      const to = times(share);
      world.trace.note(`the market falls to ${formatMoney(to)}`);
      venue.simulation.move(SYMBOL, to);
      return to;
    },
    rise(): void {
      const to = times(1.001 + random() * 0.005);
      world.trace.note(`the market rises to ${formatMoney(to)}`);
      venue.simulation.move(SYMBOL, to);
    },
    /** One print far from the market, of which nothing is left in the book. */
    misprint(): void {
      const market = venue.exchange.market(SYMBOL);
      const at = times(random() < 0.7 ? 0.98 : 1.02);
      world.trace.note(`a misprint at ${formatMoney(at)}`);
      const tradeId = venue.simulation.ids.nextTradeId();
      const trade = { tradeId, price: at, quantity: quantity("0.0001"), takerSide: "SELL", time: venue.now() } as const;
      const honest = { ...trade, tradeId: `${tradeId}1`, price: market.lastPrice };
      for (const print of [trade, honest]) {
        market.print(print);
        venue.hub.onTrade(SYMBOL, print);
      }
    },
  };
}

export type Protector = ReturnType<typeof createProtector>;

export function wordsOf({ protectionId, coverage, legs, trigger, confirmation, linkedOrderId }: Protection): string {
  const rules = legs.map(({ legId, rule }) => {
    const level = "triggerPrice" in rule ? ` ${formatMoney(rule.triggerPrice)}` : "";
    return `${legId} ${rule.kind}${level}`;
  });
  const covers = coverage.kind === "quantity" ? formatMoney(coverage.quantity) : coverage.kind;
  const linked = linkedOrderId === undefined ? "" : ` linked ${linkedOrderId}`;
  const when = `${trigger} ×${String(confirmation.prints)}`;
  return `${protectionId}: ${covers}${linked}, ${when}, ${rules.join(", ")}`;
}
