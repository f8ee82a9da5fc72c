import { describe, expect, it } from "vitest";
import { asset } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import { ticketLines } from "../../../src/tui/screens/market/ticket-plan.ts";
import type { TicketSurroundings } from "../../../src/tui/screens/market/ticket.ts";
import { editTicket, openTicket, planTicket } from "../../../src/tui/screens/market/ticket.ts";
import { BTCUSDT, LIMITS, NOW, UNREAD_ACCOUNT } from "../../core/domain/samples.ts";

const holding = (name: string, free: string) =>
  [asset(name), { asset: asset(name), free: quantity(free), locked: quantity("0"), at: NOW }] as const;
const AROUND: TicketSurroundings = {
  instrument: BTCUSDT,
  seen: { price: price("64999.99"), at: NOW },
  balances: new Map([holding("USDT", "10000.123"), holding("BTC", "0.12345678")]),
  book: {
    bids: [{ price: price("64999.98"), quantity: quantity("0.5") }],
    asks: [
      { price: price("64999.99"), quantity: quantity("0.01") },
      { price: price("65012.34"), quantity: quantity("0.1") },
    ],
  },
  account: UNREAD_ACCOUNT,
  limits: LIMITS,
  tradingState: ACTIVE,
  now: NOW,
};

function lines(side: "buy" | "sell", quantityText: string, priceText = "") {
  const plan = planTicket(editTicket(openTicket(side, priceText), { quantityText }), AROUND);
  if (typeof plan === "string") throw new Error(plan);
  return ticketLines(plan, BTCUSDT);
}

describe("the plan in a ticket", () => {
  it("says what is sent, what it costs, what stays, and how it goes through the book", () => {
    expect(lines("buy", "0.02").map(({ text }) => text)).toEqual([
      "buy 0.02 BTC BTCUSDT at market, about 64,999.99",
      "cost 1,300.00 USDT · fee up to 0.66 USDT · 13.0% of free USDT",
      "left 8,699.34 USDT, 0.14345678 BTC",
      "through 2 levels: 65006.165 on average, 0.01% beyond the ask, worst 65012.34",
    ]);
  });

  it("names the rule of each rounding, and the dust", () => {
    expect(lines("sell", "0.123450009", "64999.991").map(({ text }) => text)).toEqual([
      "sell 0.12345 BTC BTCUSDT at 65,000.00",
      "worth 8,024.25 USDT · fee up to 4.02 USDT · 100.0% of free BTC",
      "left 0.00000678 BTC, 18,020.36 USDT once filled · dust 0.00000678 BTC",
      "rounded to the tick: 64999.991 → 65000 USDT",
      "rounded to the step: 0.123450009 → 0.12345 BTC",
    ]);
  });

  it("warns where it falls short", () => {
    const warnings = (...given: Parameters<typeof lines>) =>
      lines(...given)
        .filter(({ warns }) => warns)
        .map(({ text }) => text);
    expect(warnings("buy", "0.2", "64000")).toEqual(["takes 12806.4 USDT: 2806.277 more than is free"]);
    expect(warnings("buy", "0.12")).toEqual(["0.01 BTC: the rest finds nothing in the 2 levels known"]);
    expect(warnings("buy", "0.02")).toEqual([]);
  });

  it("reads a distance as a price", () => {
    expect(lines("buy", "50 usdt", "-0.2%")[0]?.text).toBe("buy 0.00077077 BTC BTCUSDT at 64,869.99");
  });

  it("fits a ticket on eighty columns", () => {
    const all = [
      ...lines("buy", "0.02"),
      ...lines("sell", "0.123450009", "64999.991"),
      ...lines("buy", "25%", "-0.2%"),
    ];
    for (const { text } of all) expect(text.length).toBeLessThanOrEqual(76);
  });
});
