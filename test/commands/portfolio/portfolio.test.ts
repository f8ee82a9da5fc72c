import { describe, expect, it } from "vitest";
import { asset, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import type { Transfer } from "../../../src/core/domain/transfer.ts";
import { NOW } from "../../core/domain/samples.ts";
import type { JsonObject } from "../fake-io.ts";
import { runLine } from "../run-line.ts";
import { createScriptedAccount } from "./scripted-account.ts";

const MINUTE = 60_000;
const only = (objects: () => readonly JsonObject[]) => objects()[0] as JsonObject;
const show = async (account: ReturnType<typeof createScriptedAccount>) => {
  const ran = await runLine(["portfolio", "show"], account.open());
  return { ...ran, shown: only(ran.objects) };
};
const deposit = (amount: string, at: number, of = "USDT"): Transfer => ({
  transferId: `d-${at}`,
  kind: "deposit",
  asset: asset(of),
  quantity: quantity(amount),
  state: "done",
  at,
});

describe("portfolio show", () => {
  it("values what has a price, and calls the whole unknown when something has none", async () => {
    const account = createScriptedAccount();
    account.balances.set("BTC", "2");
    expect((await show(account)).shown).toMatchObject({ quote: "USDT", equity: "1220", unknown: [] });
    account.balances.set("ODD", "7");
    const { shown } = await show(account);
    expect(shown).toMatchObject({
      equity: null,
      knownWorth: "1220",
      unknown: [{ asset: "ODD", quantity: "7", reason: "no market trades ODD" }],
    });
    expect(shown["holdings"]).toMatchObject([
      { asset: "USDT", worth: "1000", via: [] },
      { asset: "BTC", total: "2", worth: "220", via: ["BTCUSDT"], priceAgeMs: 2_000 },
      { asset: "ODD", worth: null, unknown: "no market trades ODD" },
    ]);
    const table = await runLine(["portfolio", "show", "--no-color"], account.open(), { tty: true });
    expect(table.out).toContain("unknown: 1220.00 USDT without 7 ODD (no market trades ODD)");
  });

  it("proves the balances by fills and transfers, and names what comes from nowhere", async () => {
    const account = createScriptedAccount();
    expect((await show(account)).shown["balances"]).toMatchObject({
      unknown: expect.stringContaining("just now") as string,
    });
    await account.manual.advance(10 * MINUTE);
    account.trade("buy", "1", "100", { at: NOW + 2 * MINUTE });
    account.setTransfers([deposit("50", NOW + 3 * MINUTE)]);
    account.balances.set("USDT", "950").set("BTC", "1");
    expect((await show(account)).shown["balances"]).toMatchObject({ addsUp: true, unknown: null });

    account.balances.set("USDT", "951.5");
    const { shown } = await show(account);
    expect(shown["balances"]).toMatchObject({
      addsUp: false,
      changes: [
        { asset: "BTC", traded: "1", unexplained: "0" },
        { asset: "USDT", before: "1000", traded: "-100", transferred: "50", unexplained: "1.5", after: "951.5" },
      ],
    });
    const table = await runLine(["portfolio", "show", "--no-color"], account.open(), { tty: true });
    expect(table.out).toContain("1.5 USDT came from somewhere the exchange does not list: an airdrop, a rebate");
  });

  it("counts the day's gain and the drawdown without money that came in", async () => {
    const account = createScriptedAccount();
    account.balances.set("BTC", "1");
    await show(account);
    await account.manual.advance(10 * MINUTE);
    account.prices.set("BTCUSDT", "50");
    account.setTransfers([deposit("500", NOW + 5 * MINUTE)]);
    account.balances.set("USDT", "1500");
    const { shown } = await show(account);
    // 1000 + 110 became 1000 + 50; the 500 are no gain.
    expect(shown["day"]).toMatchObject({ gain: "-60", unknown: null });
    expect(shown["drawdown"]).toMatchObject({ current: "0.054054054054054054", blindStretches: 0 });
  });

  it("says which list of transfers could not be read, and which time nobody read", async () => {
    const account = createScriptedAccount();
    await show(account);
    await account.manual.advance(100 * 24 * 60 * MINUTE);
    const { shown, errors } = await show(account);
    expect(shown["transfers"]).toMatchObject([
      { kind: "deposit", fault: null, hole: { from: "2023-11-14T22:13:20.012Z" } },
      {},
      {},
    ]);
    expect(errors()).toMatchObject([
      { message: expect.stringMatching(/^the deposits from .* were never read/) as string },
      {},
      {},
    ]);
  });

  it("is worth nothing it could make up while the exchange is away", async () => {
    const account = createScriptedAccount();
    account.setAway(true);
    const { code, out } = await runLine(["portfolio", "show"], account.open());
    expect([code, out]).toEqual([7, ""]);
  });
});

describe("portfolio history", () => {
  it("lists the kept samples, oldest first, with the part that is known", async () => {
    const account = createScriptedAccount();
    await show(account);
    await account.manual.advance(10 * MINUTE);
    account.balances.set("ODD", "7");
    await show(account);
    const { objects } = await runLine(["portfolio", "history"], account.open());
    expect(only(objects)).toMatchObject({
      schema: "tapedeck.equity-history/1",
      samples: [
        { equity: "1000", knownWorth: "1000", unknown: [] },
        { equity: null, knownWorth: "1000", unknown: [{ asset: "ODD", quantity: "7" }] },
      ],
    });
    const since = ["portfolio", "history", "--since", "5m", "-o", "ndjson"];
    expect((await runLine(since, account.open())).objects()).toHaveLength(1);
    const daily = ["portfolio", "history", "--since", "2023-11-01", "--every", "1d", "-o", "csv"];
    expect((await runLine(daily, account.open())).out.trim().split("\n")).toHaveLength(2);
  });

  it.each([
    ["--since", "yesterday"],
    ["--since", "0d"],
    ["--every", "1w"],
  ])("refuses %s %s", async (flag, value) => {
    const { code, errors } = await runLine(["portfolio", "history", flag, value], createScriptedAccount().open());
    expect(code).toBe(2);
    expect(errors()).toMatchObject([{ error: { code: "USAGE" } }]);
  });
});

describe("portfolio pnl", () => {
  function traded() {
    const account = createScriptedAccount();
    account.trade("buy", "1", "100");
    account.trade("sell", "1", "130");
    account.trade("buy", "1", "100");
    account.trade("sell", "1", "90");
    account.trade("buy", "1", "100");
    return account;
  }

  it("tells realised, unrealised, win rate and profit factor by market and by quote", async () => {
    const { objects } = await runLine(["portfolio", "pnl"], traded().open());
    const roundTrips = { closed: 2, wins: 1, losses: 1, even: 0, unknown: 0, winRate: "0.5", profitFactor: "3" };
    expect(only(objects)).toMatchObject({
      schema: "tapedeck.pnl/1",
      totals: [{ quote: "USDT", realised: "20", withoutFees: [], unrealised: "10", roundTrips }],
      markets: [{ symbol: "BTCUSDT", realised: "20", unrealised: "10", roundTrips }],
    });
  });

  it("calls the total unrealised unknown when one price is missing", async () => {
    const account = traded();
    account.prices.clear();
    const { objects } = await runLine(["portfolio", "pnl"], account.open());
    expect(only(objects)).toMatchObject({ totals: [{ realised: "20", unrealised: null }] });
    const table = await runLine(["portfolio", "pnl", "--no-color"], account.open(), { tty: true });
    expect(table.out).toContain("USDT: realised +20, unrealised unknown, a price or a market's rules are missing");
  });

  it("calls it unknown, too, while there are fills that cannot be counted", async () => {
    const account = traded();
    account.trade("buy", "1", "5", { symbol: marketSymbol("GONEUSDT") });
    const { objects } = await runLine(["portfolio", "pnl"], account.open());
    expect(only(objects)).toMatchObject({ totals: [{ realised: "20", unrealised: null }] });
  });

  it("lists with --why the fills whose results add up to it", async () => {
    const { objects } = await runLine(["portfolio", "pnl", "--why"], traded().open());
    const fills = only(objects)["fills"] as readonly { readonly realised: string | null }[];
    expect(fills.map(({ realised }) => realised)).toEqual([null, "30", null, "-10", null]);
  });
});
