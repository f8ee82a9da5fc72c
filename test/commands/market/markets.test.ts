import { describe, expect, it } from "vitest";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { Tradability } from "../../../src/core/domain/tradability.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";
import { createFakeApp, unreachable } from "../fake-app.ts";
import { runLine } from "../run-line.ts";

describe("market commands", () => {
  it("ls lists markets with their figures; what is not known is null", async () => {
    const { code, objects } = await runLine(["market", "ls"], createFakeApp().app);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([
      {
        schema: "tapedeck.instruments/1",
        mode: "demo",
        instruments: [
          { symbol: "BTCUSDT", tradable: true, restriction: null, last: "65000", change: "-0.02" },
          { symbol: "ETHUSDT", last: null },
        ],
      },
    ]);
  });

  it("ls filters by quote and text, and is a table at a terminal", async () => {
    const { out, err } = await runLine(["market", "ls", "--search", "eth", "--no-color"], createFakeApp().app, {
      tty: true,
    });
    expect(out.split("\n").map((line) => line.split(/\s+/)[0])).toEqual(["SYMBOL", "ETHUSDT", ""]);
    expect(out).toContain("—");
    expect(err).toBe("1 of 2 markets · demo · a fake exchange\n");
    const none = await runLine(["market", "ls", "--quote", "eur"], createFakeApp().app);
    expect(none.objects()).toMatchObject([{ instruments: [] }]);
  });

  it("ls gives no column up because one market takes no orders for a long reason", async () => {
    const { marketData } = createFakeApp().app;
    const reason = "the exchange does not open it to the API, and this API key may not trade it";
    const closed: Tradability = { kind: "restricted", reason, reasons: [], warnings: [] };
    const instruments = [BTCUSDT, { ...BTCUSDT, symbol: marketSymbol("LOKAUSDT"), tradability: closed }];
    const { app } = createFakeApp({
      marketData: { ...marketData, fetchInstruments: () => Promise.resolve(instruments) },
    });
    const lines = async (columns: number) =>
      (await runLine(["market", "ls", "--no-color"], app, { tty: true, columns })).out.split("\n");
    expect((await lines(80))[0]).toMatch(/^SYMBOL +LAST +24H +VOLUME \(QUOTE\) +NAME +ORDERS$/);
    expect((await lines(80))[2]).toMatch(/^LOKAUSDT .* no$/);
    expect((await lines(160))[2]).toContain(` no      ${reason}`);
  });

  it("--ascii prints no sign beyond ASCII", async () => {
    const { out } = await runLine(["market", "ls", "--ascii", "--no-color"], createFakeApp().app, { tty: true });
    expect(out).toMatch(/^[\x20-\x7e\n]+$/);
  });

  it("show gives rules, ticker and top", async () => {
    const { objects } = await runLine(["market", "show", "btcusdt"], createFakeApp().app);
    expect(objects()).toMatchObject([
      {
        schema: "tapedeck.instrument/1",
        symbol: "BTCUSDT",
        tickSize: "0.01",
        ticker: { last: "65000", change: "-0.02", high: null },
        top: { bid: "64999", askQuantity: "0.25" },
      },
    ]);
  });

  it("show tells why a market takes no orders, and what to mind of it", async () => {
    const tradability: Tradability = {
      kind: "restricted",
      reason: "the exchange has paused it; this API key may not trade it",
      reasons: [
        { code: "MARKET_PAUSED", message: "the exchange has paused it" },
        { code: "NOT_ON_KEY", message: "this API key may not trade it" },
      ],
      warnings: [{ code: "MARKET_ENDS", message: "the exchange announces that it will be delisted", at: NOW }],
    };
    const { marketData } = createFakeApp().app;
    const fetchInstruments = () => Promise.resolve([{ ...BTCUSDT, tradability }]);
    const over = { marketData: { ...marketData, fetchInstruments } };
    const { objects } = await runLine(["market", "show", "btcusdt"], createFakeApp(over).app);
    expect(objects()).toMatchObject([
      {
        tradable: false,
        restriction: tradability.reason,
        restrictions: [{ code: "MARKET_PAUSED" }, { code: "NOT_ON_KEY" }],
        warnings: [{ code: "MARKET_ENDS", at: "2023-11-14T22:13:20.000Z" }],
      },
    ]);
    const { out } = await runLine(["market", "show", "btcusdt", "--no-color"], createFakeApp(over).app, { tty: true });
    expect(out).toMatch(/takes orders +no: the exchange has paused it; this API key may not trade it\n/);
    expect(out).toMatch(/mind +the exchange announces that it will be delisted from 2023-11-14T22:13:20\.000Z\n/);
  });

  it("show says that it is not known whether a market takes orders while a list could not be read", async () => {
    const message = "the list of markets that this key may trade could not be read";
    const tradability: Tradability = { kind: "tradable", warnings: [{ code: "LIST_NOT_READ", message }] };
    const { marketData } = createFakeApp().app;
    const fetchInstruments = () => Promise.resolve([{ ...BTCUSDT, tradability }]);
    const { app } = createFakeApp({ marketData: { ...marketData, fetchInstruments } });
    const { out } = await runLine(["market", "show", "btcusdt", "--no-color"], app, { tty: true });
    expect(out).toMatch(/takes orders +unknown: .* the exchange decides when an order is sent\n/);
    expect(out).toMatch(new RegExp(`mind +${message}\n`));
  });

  it("book is one object, or a level a row", async () => {
    const { objects } = await runLine(["market", "book", "BTCUSDT"], createFakeApp().app);
    expect(objects()).toMatchObject([
      {
        schema: "tapedeck.book/1",
        mode: "demo",
        bids: [{ price: "64999", quantity: "0.5" }],
        asks: [{ price: "65001" }],
      },
    ]);
    const { out } = await runLine(["market", "book", "BTCUSDT", "-o", "csv"], createFakeApp().app);
    expect(out.split("\n").slice(0, 2)).toEqual([
      "symbol,side,price,quantity,time",
      "BTCUSDT,ask,65001,0.25,2023-11-14T22:13:20.000Z",
    ]);
    const table = await runLine(["market", "book", "BTCUSDT", "--no-color"], createFakeApp().app, { tty: true });
    expect(table.out).toBe("     PRICE  QUANTITY\nask  65001      0.25\nbid  64999       0.5\n");
  });

  it("trades and candles put the newest last", async () => {
    const trades = await runLine(["market", "trades", "BTCUSDT", "-o", "ndjson"], createFakeApp().app);
    expect(trades.objects()).toMatchObject([{ schema: "tapedeck.trade/1", mode: "demo", price: "1" }, { price: "2" }]);
    const candles = await runLine(["market", "candles", "BTCUSDT", "--interval", "1h"], createFakeApp().app);
    expect(candles.objects()).toMatchObject([
      { schema: "tapedeck.candles/1", candles: [{ interval: "1h", close: "2" }] },
    ]);
  });

  it("an exchange that is away is 7", async () => {
    const { marketData } = createFakeApp().app;
    const fetchInstruments = () => Promise.reject(unreachable());
    const { app } = createFakeApp({ marketData: { ...marketData, fetchInstruments } });
    expect(await runLine(["market", "show", "BTCUSDT"], app)).toMatchObject({ code: 7 });
  });
});
