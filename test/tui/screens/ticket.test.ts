import { describe, expect, it } from "vitest";
import { asset } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import type { TicketSurroundings } from "../../../src/tui/screens/market/ticket.ts";
import {
  confirmTicket,
  editTicket,
  openTicket,
  planTicket,
  sendTicket,
  sizeWords,
} from "../../../src/tui/screens/market/ticket.ts";
import { BTCUSDT, LIMITS, NOW, UNREAD_ACCOUNT } from "../../core/domain/samples.ts";

const AROUND: TicketSurroundings = {
  instrument: BTCUSDT,
  seen: { price: price("50000"), at: NOW },
  balances: new Map([
    [asset("USDT"), { asset: asset("USDT"), free: quantity("1000"), locked: quantity("0"), at: NOW }],
  ]),
  account: UNREAD_ACCOUNT,
  book: undefined,
  limits: LIMITS,
  tradingState: ACTIVE,
  now: NOW,
};

describe("a ticket", () => {
  it("goes from words to a confirmed plan to sending, one Enter at a time", () => {
    const typed = editTicket(openTicket("buy"), { quantityText: "0.01" });
    const confirmed = confirmTicket(typed, AROUND);
    expect(confirmed.stage).toMatchObject({ kind: "confirming", plan: { notional: notional("500") } });
    expect(sendTicket(typed)).toBe(typed);
    expect(sendTicket(confirmed).stage.kind).toBe("sending");
  });

  it("sends exactly what was confirmed, however the market moved since", () => {
    const confirmed = confirmTicket(editTicket(openTicket("buy"), { quantityText: "0.01" }), AROUND);
    const later = confirmTicket(confirmed, { ...AROUND, seen: { price: price("60000"), at: NOW + 1_000 } });
    expect(sendTicket(later).stage).toMatchObject({ plan: { draft: { seen: { price: price("50000") } } } });
  });

  it("takes the confirmation back when anything is typed", () => {
    const confirmed = confirmTicket(editTicket(openTicket("buy"), { quantityText: "0.01" }), AROUND);
    expect(editTicket(confirmed, { quantityText: "0.011" }).stage.kind).toBe("editing");
  });

  it.each<[string, string, Partial<TicketSurroundings>, RegExp]>([
    ["", "", {}, /Type a quantity/],
    ["abc", "", {}, /Type a quantity/],
    ["-1", "", {}, /Type a quantity/],
    ["1 EUR", "", {}, /Type a quantity/],
    ["0.01", "abc", {}, /no number/],
    ["0.01", "", { seen: undefined }, /no price on the other side/],
    ["0.01", "", { now: NOW + 6_000 }, /6\.0 s old/],
    ["0.000001", "", {}, /below the least/],
    ["5", "", {}, /above your limit/],
    ["0.01", "", { tradingState: { kind: "halted", reason: "panic" } }, /halted: panic/],
    ["0.01", "", { instrument: undefined }, /not loaded/],
    ["25%", "", { balances: undefined }, /not known/],
  ])("stays open and says why for %j at %j", (quantityText, priceText, over, why) => {
    const ticket = confirmTicket(editTicket(openTicket("buy"), { quantityText, priceText }), { ...AROUND, ...over });
    expect(ticket.stage.kind).toBe("editing");
    expect(ticket.stage).toMatchObject({ problem: expect.stringMatching(why) as string });
  });

  it.each([
    ["0.01", "0.01 BTC"],
    ["0.01 btc", "0.01 BTC"],
    ["50 usdt", "50 USDT worth"],
    ["25%", "250 USDT worth"],
  ])("reads %s as %s", (quantityText, words) => {
    const plan = planTicket(editTicket(openTicket("buy"), { quantityText }), AROUND);
    expect(typeof plan === "string" ? plan : sizeWords(plan, BTCUSDT)).toBe(words);
  });

  it("becomes a limit order once it has a price", () => {
    const ticket = editTicket(openTicket("sell", "51000"), { quantityText: "0.01" });
    expect(planTicket(ticket, AROUND)).toMatchObject({ draft: { type: "limit", limitPrice: price("51000") } });
  });
});
