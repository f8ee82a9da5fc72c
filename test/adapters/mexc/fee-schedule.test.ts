import { expect, it } from "vitest";
import { AppError } from "../../../src/core/domain/errors.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { ratio } from "../../../src/core/domain/money.ts";
import { scriptedExchange } from "./scripted-exchange.ts";

const BTCUSDT = marketSymbol("BTCUSDT");
const { signal } = new AbortController();

function fees(rates: unknown, mxDeductEnable: unknown = false) {
  const answer = (data: unknown) => ({ data, code: 0, msg: "success", timestamp: 1 });
  const { feeSchedule } = scriptedExchange((path) => answer(path === "tradeFee" ? rates : { mxDeductEnable }));
  return feeSchedule.fetchFees(BTCUSDT, signal);
}

it.each<[string, unknown, string, string]>([
  ["numbers", { makerCommission: 0, takerCommission: 0.0005 }, "0", "0.0005"],
  ["texts", { makerCommission: "0.0002", takerCommission: "0.003" }, "0.0002", "0.003"],
  ["a number in scientific notation", { makerCommission: 1e-7, takerCommission: 0.0005 }, "0.0000001", "0.0005"],
])("reads the rates of the account from %s", async (_what, rates, maker, taker) => {
  expect(await fees(rates)).toEqual({ makerRate: ratio(maker), takerRate: ratio(taker), isInMx: false });
});

it("tells whether fees are taken in MX", async () => {
  expect(await fees({ makerCommission: 0, takerCommission: 0.0005 }, true)).toMatchObject({ isInMx: true });
});

it.each<[string, unknown, unknown]>([
  ["a per cent", { makerCommission: 0, takerCommission: 5 }, false],
  ["a rebate", { makerCommission: -0.0001, takerCommission: 0.0005 }, false],
  ["no rate", { makerCommission: 0 }, false],
  ["no number", { makerCommission: 0, takerCommission: "five" }, false],
  ["no word on MX", { makerCommission: 0, takerCommission: 0.0005 }, "yes"],
])("tells nothing rather than take %s for a rate", async (_what, rates, mx) => {
  await expect(fees(rates, mx)).rejects.toBeInstanceOf(AppError);
});
