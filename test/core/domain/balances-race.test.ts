import { expect, it } from "vitest";
import type { Balance } from "../../../src/core/domain/balance.ts";
import { asset } from "../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import type { TradingLedger } from "../../../src/core/domain/trading-ledger.ts";
import { applyEvent, EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { NOW } from "./samples.ts";

const USDT = asset("USDT");
const told = (free: string, at: number): Balance => ({
  asset: USDT,
  free: quantity(free),
  locked: quantity("0"),
  at,
});
const push = (ledger: TradingLedger, balance: Balance) =>
  applyEvent(ledger, { type: "balance-reported", balance, source: "stream" }, NOW).ledger;

it("keeps the newer balance by the exchange's clock, whichever is told last", () => {
  const newer = push(push(EMPTY_LEDGER, told("5", NOW + 2)), told("9", NOW + 1));
  expect(newer.balances.get(USDT)?.free).toBe(quantity("5"));
  const followed = push(newer, told("7", NOW + 3));
  expect(followed.balances.get(USDT)?.free).toBe(quantity("7"));
});

it("keeps a push that is newer than a list of all balances, and empties what the list does not name", () => {
  const known = push(push(EMPTY_LEDGER, told("5", NOW + 2)), { ...told("1", NOW), asset: asset("MX") });
  const list = [{ ...told("3", NOW + 1), asset: asset("BTC") }];
  const { balances } = applyEvent(known, { type: "balances-replaced", balances: list }, NOW).ledger;
  expect(balances.get(USDT)?.free).toBe(quantity("5"));
  expect(balances.get(asset("MX"))).toBeUndefined();
});
