import { expect, it, onTestFinished } from "vitest";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import type { Instrument } from "../../src/core/domain/instrument.ts";
import type { Tradability } from "../../src/core/domain/tradability.ts";
import { BTCUSDT, limitBuy } from "../core/domain/samples.ts";
import { openScriptedApp } from "./session-parts.ts";

const QUARTER_HOUR_MS = 15 * 60_000;
const signal = new AbortController().signal;
const restricted: Tradability = {
  kind: "restricted",
  reason: "x",
  reasons: [{ code: "X", message: "x" }],
  warnings: [],
};

function open(submitCode = "SYMBOL_NOT_ALLOWED") {
  const asked: string[] = [];
  let held: Instrument = BTCUSDT;
  let away = false;
  const { app, advance } = openScriptedApp({
    submit: () => ({ kind: "rejected", reason: { code: submitCode, message: "no" } }),
    marketData: {
      fetchInstruments: (symbols) => {
        asked.push(symbols?.join() ?? "all");
        const fault = new AppError({
          code: "EXCHANGE_UNAVAILABLE",
          message: "Away.",
          exitCode: EXIT_CODES.unavailable,
        });
        return away ? Promise.reject(fault) : Promise.resolve([held]);
      },
    },
  });
  onTestFinished(() => app.close());
  return {
    app,
    advance,
    asked,
    change: (tradability: Tradability) => {
      held = { ...BTCUSDT, tradability };
    },
    setAway: (is: boolean) => {
      away = is;
    },
    shown: () => app.store.getState().instruments.bySymbol.get(BTCUSDT.symbol)?.tradability.kind,
  };
}

it("reads the rules again every quarter of an hour", async () => {
  const { app, advance, asked, change, shown } = open();
  await app.startSession(signal);
  change(restricted);
  await advance(QUARTER_HOUR_MS - 1);
  expect([asked, shown()]).toEqual([["all"], "tradable"]);
  await advance(1);
  await app.idle();
  expect([asked, shown()]).toEqual([["all", "all"], "restricted"]);
});

it("keeps what it held while they cannot be read, and tries again each minute", async () => {
  const { app, advance, asked, setAway, shown } = open();
  await app.startSession(signal);
  setAway(true);
  await advance(QUARTER_HOUR_MS);
  await app.idle();
  const before = app.store.getState().instruments.at;
  await advance(60_000);
  await app.idle();
  expect([asked.length, shown()]).toEqual([3, "tradable"]);
  setAway(false);
  await advance(60_000);
  await app.idle();
  expect(app.store.getState().instruments.at).toBeGreaterThan(before ?? Number.NaN);
});

it("reads a market again after a refusal that speaks of its rules, and stops the next order itself", async () => {
  const { app, asked, change, shown } = open();
  await app.startSession(signal);
  change(restricted);
  expect(await app.placeOrder(limitBuy(), signal)).toMatchObject({ kind: "placed", order: { state: "rejected" } });
  await app.idle();
  expect([asked, shown()]).toEqual([["all", "BTCUSDT"], "restricted"]);
  expect(await app.placeOrder(limitBuy(), signal)).toMatchObject({
    kind: "denied",
    denials: [{ code: "SYMBOL_RESTRICTED" }],
  });
});

it("reads nothing again for a refusal that says nothing of the rules, or outside a session", async () => {
  const balance = open("INSUFFICIENT_BALANCE");
  await balance.app.startSession(signal);
  await balance.app.placeOrder(limitBuy(), signal);
  await balance.app.idle();
  expect(balance.asked).toEqual(["all"]);
  const command = open();
  await command.app.reconcile(signal);
  await command.app.placeOrder(limitBuy(), signal);
  await command.app.idle();
  expect(command.asked).toEqual(["BTCUSDT"]);
});
