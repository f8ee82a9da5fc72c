import { expect, it } from "vitest";
import { formatMoney, price, quantity } from "../../../src/core/domain/money.ts";
import { Market } from "../../../src/simulator/engine/market.ts";
import { COIN, openSmallExchange, request } from "../small-exchange.ts";

/** COIN at 100 USDT with a fee of 0.05 %, and MX at 2 USDT. */
function open(mx: string) {
  const made = openSmallExchange();
  const { exchange, market } = made;
  const instrument = { ...COIN, symbol: "MXUSDT", baseAsset: "MX" };
  const onLevel = () => undefined;
  exchange.addMarket(
    new Market({
      instrument,
      openingPrice: price("2"),
      firstBookVersion: 1,
      history: undefined,
      tapeIsRecorded: false,
      onLevel,
    }),
  );
  for (const [asset, amount] of [
    ["USDT", "1000"],
    ["COIN", "10"],
    ["MX", mx],
  ] as const) {
    if (amount !== "0") exchange.deposit("me", asset, quantity(amount));
  }
  for (const side of ["BUY", "SELL"] as const)
    exchange.restAsHouse(market, side, price(side === "BUY" ? "99" : "100"), quantity("5"));
  return made;
}
const free = ({ exchange }: ReturnType<typeof open>, asset: string) =>
  formatMoney(exchange.ledger.balance("me", asset).free);
const buyTwo = request({ side: "BUY", quantity: "2", price: "100" });

it("a fee is paid in MX at four fifths of its worth, once the account wants it so", () => {
  const made = open("1");
  made.exchange.clearing.paysInMx.add("me");
  const order = made.exchange.place("me", buyTwo);
  // 200 USDT × 0.0005 = 0.1 USDT; × 0.8 / 2 = 0.04 MX.
  expect(made.exchange.orders.fills("me")[0]).toMatchObject({ fee: quantity("0.04"), feeAsset: "MX" });
  expect([order.status, free(made, "USDT"), free(made, "MX"), free(made, "COIN")]).toEqual([
    "FILLED",
    "800",
    "0.96",
    "12",
  ]);
  expect(formatMoney(made.exchange.ledger.balance("me", "USDT").locked)).toBe("0");
  expect(made.events).toContainEqual(expect.objectContaining({ kind: "balance", reason: "TRADE_FEE" }));
  made.exchange.place("me", request({ side: "SELL", type: "MARKET", quantity: "1" }));
  // 99 × 0.0005 × 0.8 / 2 = 0.0198 MX
  expect([free(made, "USDT"), free(made, "MX")]).toEqual(["899", "0.9402"]);
});

it.each([
  ["it does not want it", "1", false],
  ["there is too little of it", "0.039", true],
])("a fee stays in the quote asset when %s", (_why, mx, wanted) => {
  const made = open(mx);
  if (wanted) made.exchange.clearing.paysInMx.add("me");
  made.exchange.place("me", buyTwo);
  expect(made.exchange.orders.fills("me")[0]).toMatchObject({ fee: quantity("0.1"), feeAsset: "USDT" });
  expect([free(made, "USDT"), free(made, "MX")]).toEqual(["799.9", mx]);
});

it("nothing is lost on the way: accounts and house add up to what was paid in", () => {
  const made = open("1");
  made.exchange.clearing.paysInMx.add("me");
  made.exchange.place("me", buyTwo);
  const { ledger } = made.exchange;
  for (const [asset, paidIn] of [
    ["USDT", "1000"],
    ["COIN", "10"],
    ["MX", "1"],
  ] as const) {
    const { free: held, locked } = ledger.balance("me", asset);
    expect(held + locked + ledger.houseNet(asset)).toBe(quantity(paidIn));
  }
});
