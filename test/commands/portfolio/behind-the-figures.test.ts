import { describe, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { NOW } from "../../core/domain/samples.ts";
import { runLine } from "../run-line.ts";
import { createScriptedAccount } from "./scripted-account.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BTC = marketSymbol("BTCUSDT");

/** A win, a loss, and base that is still held; then a fall from the peak. */
async function tradedAccount() {
  const account = createScriptedAccount();
  await runLine(["portfolio", "show"], account.open());
  account.trade("buy", "1", "100", { at: NOW + MINUTE });
  account.trade("sell", "1", "120", { at: NOW + 2 * MINUTE });
  account.trade("buy", "1", "120", { at: NOW + 3 * MINUTE });
  account.trade("sell", "1", "110", { at: NOW + 4 * MINUTE });
  account.trade("buy", "2", "105", { at: NOW + 5 * MINUTE });
  account.balances.set("USDT", "800").set("BTC", "2");
  await account.manual.advance(10 * MINUTE);
  return account;
}
const only = async (account: ReturnType<typeof createScriptedAccount>, ...argv: readonly string[]) => {
  const ran = await runLine(argv, account.open());
  return { ...ran, told: ran.objects()[0] };
};

describe("behind each figure", () => {
  it("stand the round trips that make win rate and profit factor, and their fills bear the trip's number", async () => {
    const account = await tradedAccount();
    const { told } = await only(account, "portfolio", "pnl", "--trips");
    expect(told).toMatchObject({
      schema: "tapedeck.round-trips/1",
      roundTrips: [
        { symbol: "BTCUSDT", roundTrip: 1, openingFill: "t-1", closingFill: "t-2", outcome: "win" },
        { symbol: "BTCUSDT", roundTrip: 2, openingFill: "t-3", closingFill: "t-4", outcome: "loss" },
      ],
    });
    const { told: why } = await only(account, "portfolio", "pnl", "--why");
    const fills = why?.["fills"] as readonly { tradeId: string; roundTrip: number | null }[];
    expect(fills.map(({ tradeId, roundTrip }) => [tradeId, roundTrip])).toEqual([
      ["t-1", 1],
      ["t-2", 1],
      ["t-3", 2],
      ["t-4", 2],
      ["t-5", null],
    ]);
    expect((await only(account, "portfolio", "pnl", "--trips", "--why")).code).toBe(2);
  });

  it("stand the fills since the moment it is counted from", async () => {
    const account = await tradedAccount();
    for (const figure of ["equity", "today", "drawdown", "balances"]) {
      const { told } = await only(account, "portfolio", "show", "--why", figure);
      expect(told).toMatchObject({ schema: "tapedeck.portfolio-fills/1", figure, unknown: null, holes: [] });
    }
    const { told } = await only(account, "portfolio", "show", "--why", "balances");
    expect(told?.["fills"]).toHaveLength(5);
    const { told: history } = await only(account, "portfolio", "history", "--since", "7m", "--why");
    expect(history).toMatchObject({ fills: [{ tradeId: "t-3" }, { tradeId: "t-4" }, { tradeId: "t-5" }] });
    expect((await only(account, "portfolio", "show", "--why", "luck")).code).toBe(2);
  });

  it("is unknown, with its reason, where nothing says from when on it counts", async () => {
    const { told } = await only(createScriptedAccount(), "portfolio", "show", "--why", "balances");
    expect(told).toMatchObject({ fills: [], since: null, unknown: expect.stringContaining("just now") });
  });
});

/** The same app, whose archive lacks two days of fills of a market. */
function withHole(app: App): App {
  const range = (from: number, until: number) => ({ symbol: BTC, kind: "fills" as const, from, until });
  const ranges = () => [range(NOW - 3 * DAY, NOW - 2 * DAY), range(NOW - DAY, NOW), range(NOW - DAY, NOW + DAY)];
  const { stored } = app;
  if (stored === undefined) throw new Error("the app has no account");
  return Object.create(app, { stored: { value: { ...stored, archive: { ranges } } } }) as App;
}

describe("a hole in the fills", () => {
  const said =
    `fills of BTCUSDT between ${new Date(NOW - 2 * DAY).toISOString()} and ${new Date(NOW - DAY).toISOString()} ` +
    "are missing; the API cannot fill it, and the figures may lack them.";

  it.each([
    [["portfolio", "pnl"]],
    [["portfolio", "pnl", "--why"]],
    [["portfolio", "show", "--why", "equity"]],
    [["portfolio", "history", "--since", "10d", "--why"]],
    [["position", "ls"]],
    [["position", "show", "BTCUSDT"]],
  ])("is said beside the figures of %j", async (argv) => {
    const account = await tradedAccount();
    const ran = await runLine(argv, withHole(account.open()));
    expect(ran.objects()).toMatchObject([{ holes: [{ symbol: "BTCUSDT", kind: "fills", fillable: false }] }]);
    expect(ran.errors()).toContainEqual(expect.objectContaining({ message: said }));
  });

  it("is not said where it touches nothing: another market, or before the figure begins", async () => {
    const account = await tradedAccount();
    const other = await runLine(["portfolio", "pnl", "--symbol", "ETHUSDT"], withHole(account.open()));
    expect(other.objects()).toMatchObject([{ holes: [] }]);
    const shown = await runLine(["portfolio", "show"], withHole(account.open()));
    expect([shown.objects(), shown.err]).toMatchObject([[{ holes: [] }], ""]);
  });
});
