import { describe, expect, it } from "vitest";
import { asset, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import type { JsonObject } from "../fake-io.ts";
import { runLine } from "../run-line.ts";
import { createScriptedAccount } from "./scripted-account.ts";

const MX = (amount: string) => ({ asset: asset("MX"), quantity: quantity(amount) });

function traded() {
  const account = createScriptedAccount();
  account.trade("buy", "1", "100");
  account.trade("buy", "1", "200");
  account.trade("sell", "1", "300");
  account.balances.set("BTC", "1.5");
  return account;
}
const only = (objects: () => readonly JsonObject[]) => objects()[0] as JsonObject;

describe("position ls", () => {
  it("tells what is held, what it cost, what it is worth, and that nobody guards it", async () => {
    const { code, objects } = await runLine(["position", "ls"], traded().open());
    expect(code).toBe(0);
    expect(objects()).toEqual([
      {
        schema: "tapedeck.positions/1",
        holes: [],
        mode: "demo",
        method: "fifo",
        stored: false,
        positions: [
          {
            symbol: "BTCUSDT",
            base: "BTC",
            quote: "USDT",
            method: "fifo",
            quantity: "1",
            balance: "1.5",
            cost: "200",
            averageCost: "200",
            price: "110",
            priceAgeMs: 2_000,
            value: "110",
            unrealised: "-90",
            realised: "200",
            withoutFees: [],
            uncovered: "0",
            uncoveredProceeds: "0",
            fills: 3,
            roundTrips: 0,
            firstFillAt: "2023-11-14T22:13:21.000Z",
            lastFillAt: "2023-11-14T22:13:23.000Z",
            protection: {
              state: "unprotected",
              pid: null,
              heartbeatAgeMs: null,
              armed: [],
              reasons: ["no live stop stands for it"],
            },
          },
        ],
      },
    ]);
  });

  it("does not say that nothing is held while there are fills it cannot count", async () => {
    const account = createScriptedAccount();
    account.trade("buy", "1", "5", { symbol: marketSymbol("GONEUSDT") });
    account.setAway(true);
    const { code, out, err } = await runLine(["position", "ls", "--no-color"], account.open(), { tty: true });
    expect(code).toBe(7);
    expect(out).not.toContain("Nothing is held");
    expect(err).toContain("GONEUSDT: 1 fill in no figure");
  });

  it("counts at average cost when asked", async () => {
    const { objects } = await runLine(["position", "ls", "--method", "average", "-o", "ndjson"], traded().open());
    expect(objects()).toMatchObject([
      { schema: "tapedeck.position/1", method: "average", cost: "150", realised: "150" },
    ]);
    const wrong = await runLine(["position", "ls", "--method", "lifo"], traded().open());
    expect(wrong.code).toBe(2);
  });

  it("calls value and unrealised unknown without a price, never zero", async () => {
    const account = traded();
    account.prices.clear();
    const { objects } = await runLine(["position", "ls", "-o", "ndjson"], account.open());
    expect(objects()).toMatchObject([
      { price: null, priceAgeMs: null, value: null, unrealised: null, realised: "200" },
    ]);
    const table = await runLine(["position", "ls", "--no-color"], account.open(), { tty: true });
    expect(table.out).toBe(
      "SYMBOL   QUANTITY  AVERAGE COST  PRICE  VALUE  UNREALISED  REALISED  PROTECTION\n" +
        "BTCUSDT         1           200      —      —           —      +200  UNPROTECTED\n",
    );
  });

  it("leaves closed positions out unless asked for all", async () => {
    const account = traded();
    account.trade("sell", "1", "300");
    expect(only((await runLine(["position", "ls"], account.open())).objects)).toMatchObject({ positions: [] });
    const { objects } = await runLine(["position", "ls", "--all", "-o", "ndjson"], account.open());
    expect(objects()).toMatchObject([{ quantity: "0", averageCost: null, realised: "300", roundTrips: 1 }]);
  });

  it("says without which fees a figure stands, and takes them off once they have a price", async () => {
    const account = createScriptedAccount();
    account.trade("buy", "1", "100", { fee: MX("2") });
    const unpriced = await runLine(["position", "ls", "-o", "ndjson"], account.open());
    expect(unpriced.objects()).toMatchObject([{ realised: "0", withoutFees: [{ asset: "MX", quantity: "2" }] }]);
    const table = await runLine(["position", "ls", "--no-color"], account.open(), { tty: true });
    expect(table.out).toContain("0 without 2 MX");
  });

  it("says what was sold at an unknown cost", async () => {
    const account = createScriptedAccount();
    account.trade("sell", "1", "100");
    account.trade("buy", "1", "100");
    const { objects } = await runLine(["position", "ls", "-o", "ndjson"], account.open());
    expect(objects()).toMatchObject([{ realised: "0", uncovered: "1", uncoveredProceeds: "100", quantity: "1" }]);
  });

  it("works from what is stored when the exchange is away, says so, and ends with 7", async () => {
    const account = traded();
    await runLine(["position", "ls"], account.open());
    account.setAway(true);
    const { code, objects, errors } = await runLine(["position", "ls"], account.open());
    expect(code).toBe(7);
    expect(only(objects)).toMatchObject({ stored: true, positions: [{ quantity: "1", price: null, balance: null }] });
    expect(errors()).toMatchObject([
      { schema: "tapedeck.warning/1", message: expect.stringContaining("stored") as string },
      { error: { code: "EXCHANGE_UNAVAILABLE" } },
    ]);
  });

  it("names fills that no figure counts, because their market is gone", async () => {
    const account = traded();
    account.trade("buy", "1", "1", { symbol: marketSymbol("GONEUSDT") });
    const { objects, errors } = await runLine(["position", "ls"], account.open());
    expect(only(objects)).toMatchObject({ positions: [{ symbol: "BTCUSDT" }] });
    expect(errors()).toMatchObject([{ message: expect.stringContaining("GONEUSDT: 1 fill in no figure") as string }]);
  });

  it("writes one flat row for a spreadsheet", async () => {
    const { out } = await runLine(["position", "ls", "-o", "csv"], traded().open());
    const [header, row] = out.trim().split("\n");
    expect(header?.split(",").slice(-3)).toEqual(["protection", "pid", "heartbeatAgeMs"]);
    expect(row?.split(",").slice(0, 5)).toEqual(["BTCUSDT", "BTC", "USDT", "fifo", "1"]);
  });
});

describe("position show", () => {
  it("lists with --why the fills that make its figures, to the last unit", async () => {
    const { objects } = await runLine(["position", "show", "btcusdt", "--why"], traded().open());
    const shown = only(objects);
    expect(shown).toMatchObject({ schema: "tapedeck.position/1", quantity: "1", realised: "200" });
    expect(shown["why"]).toMatchObject([
      { tradeId: "t-1", side: "buy", held: "1", realised: null, closed: [] },
      { tradeId: "t-2", side: "buy", held: "2" },
      {
        tradeId: "t-3",
        side: "sell",
        held: "1",
        realised: "200",
        closed: [{ tradeId: "t-1", quantity: "1", cost: "100" }],
      },
    ]);
  });

  it("shows beside the fills what the exchange holds", async () => {
    const { out } = await runLine(["position", "show", "BTCUSDT", "--no-color"], traded().open(), { tty: true });
    expect(out).toContain("1 BTC by the fills");
    expect(out).toContain("1.5 BTC at the exchange, +0.5 beside these fills");
    expect(out).toContain("UNPROTECTED");
  });

  it("knows no position where nothing was traded", async () => {
    const { code, errors } = await runLine(["position", "show", "ETHUSDT"], traded().open());
    expect(code).toBe(1);
    expect(errors()).toMatchObject([{ error: { code: "POSITION_NOT_FOUND" } }]);
  });
});
