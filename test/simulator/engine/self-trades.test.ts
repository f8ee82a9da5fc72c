import { beforeEach, describe, expect, it } from "vitest";
import { formatMoney, quantity } from "../../../src/core/domain/money.ts";
import type { StpMode } from "../../../src/simulator/engine/order.ts";
import { uidOf } from "../../../src/simulator/engine/uid.ts";
import { START, openSmallExchange, request } from "../small-exchange.ts";

let made: ReturnType<typeof openSmallExchange>;
beforeEach(() => {
  made = openSmallExchange();
  for (const account of ["me", "sister", "stranger"]) {
    for (const asset of ["USDT", "COIN"]) made.exchange.deposit(account, asset, quantity("1000"));
  }
});

const sell = (account: string, amount: string, price = "100") =>
  made.exchange.place(account, request({ side: "SELL", quantity: amount, price }));
const buy = (stpMode: StpMode, amount: string, type: "LIMIT" | "FILL_OR_KILL" | "MARKET" = "LIMIT") =>
  made.exchange.place("me", {
    ...request(
      type === "MARKET"
        ? { side: "BUY", type, quantity: amount }
        : { side: "BUY", type, quantity: amount, price: "101" },
    ),
    stpMode,
  });
const locked = (account: string, asset: string) => formatMoney(made.exchange.ledger.balance(account, asset).locked);

describe("self-trade prevention (fact sheet 4.1, 4.8)", () => {
  it("needs a group: without one the two trade, whatever the order says", () => {
    const maker = sell("me", "1");
    const taker = buy("cancel_both", "1");
    expect([maker.status, taker.status]).toEqual(["FILLED", "FILLED"]);
    expect(made.exchange.orders.fills("me").every((fill) => fill.isSelfTrade)).toBe(true);
  });

  it("needs a mode: in a group and without one the two trade", () => {
    made.exchange.groups.create("me", "g", START);
    const maker = sell("me", "1");
    expect([buy("", "1").status, maker.status]).toEqual(["FILLED", "FILLED"]);
  });

  it("cancel_maker: the standing order gives way, and the taker goes on to the next", () => {
    made.exchange.groups.create("me", "g", START);
    const own = sell("me", "1");
    const other = sell("stranger", "2");
    const taker = buy("cancel_maker", "1.5");
    expect([own.status, own.cancelReason, locked("me", "COIN")]).toEqual(["CANCELED", "stp_cancel", "0"]);
    expect([taker.status, taker.cancelReason, formatMoney(other.executedQuantity)]).toEqual(["FILLED", null, "1.5"]);
  });

  it("cancel_taker: the taker keeps what it has and ends, the standing order stays", () => {
    made.exchange.groups.create("me", "g", START);
    sell("stranger", "1", "99.5");
    const own = sell("me", "1");
    const taker = buy("cancel_taker", "3");
    expect([taker.status, taker.cancelReason, formatMoney(taker.executedQuantity)]).toEqual([
      "PARTIALLY_CANCELED",
      "stp_cancel",
      "1",
    ]);
    expect([own.status, locked("me", "USDT")]).toEqual(["NEW", "0"]);
  });

  it("cancel_both: neither is left", () => {
    made.exchange.groups.create("me", "g", START);
    const own = sell("me", "1");
    const taker = buy("cancel_both", "1");
    expect([own.status, own.cancelReason]).toEqual(["CANCELED", "stp_cancel"]);
    expect([taker.status, taker.cancelReason]).toEqual(["CANCELED", "stp_cancel"]);
    expect([locked("me", "USDT"), locked("me", "COIN")]).toEqual(["0", "0"]);
    expect(made.tape).toEqual([]);
  });

  it("holds for market orders and for FILL_OR_KILL too", () => {
    made.exchange.groups.create("me", "g", START);
    sell("me", "1");
    const market = buy("cancel_taker", "1", "MARKET");
    expect([market.status, market.cancelReason, locked("me", "USDT")]).toEqual(["CANCELED", "stp_cancel", "0"]);
    const all = buy("cancel_taker", "1", "FILL_OR_KILL");
    expect([all.status, all.cancelReason]).toEqual(["CANCELED", "stp_cancel"]);
  });

  it("holds between the accounts of one group, and not between others", () => {
    const { groups } = made.exchange;
    const group = groups.create("me", "g", START);
    groups.addUids("me", group.id, [uidOf("sister")], START);
    const hers = sell("sister", "1");
    sell("stranger", "1");
    expect(buy("cancel_maker", "1").status).toBe("FILLED");
    expect([hers.status, hers.cancelReason]).toEqual(["CANCELED", "stp_cancel"]);
    groups.removeUids("me", group.id, [uidOf("sister")], START);
    const again = sell("sister", "1");
    buy("cancel_maker", "1");
    expect(again.status).toBe("FILLED");
  });
});
