import { afterEach, describe, expect, it } from "vitest";
import { marketConnectionChanged } from "../../../src/app/store/session-slice.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createHeadlessTerminal } from "./headless-terminal.ts";
import { createMemorySettings, createWideMarket } from "./wide-market.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("q");
    expect(await ended).toBe(0);
  }
});

function show(columns: number, rows: number, settings = createMemorySettings()) {
  const market = createWideMarket(2_000, settings);
  const terminal = createHeadlessTerminal(columns, rows);
  market.app.store.dispatch(marketConnectionChanged({ kind: "connected" }));
  const ended = runTui(market.app, terminal.terminal);
  open.push({ type: terminal.type, ended });
  // Any change of the store makes the screen pick a market.
  market.tell([{ symbol: market.coin(1), last: "1.2345", change: "0.01" }]);
  /** Resolves once a line fits. */
  const line = async (wanted: RegExp): Promise<void> => {
    await expect.poll(async () => (await terminal.screen()).join("\n")).toMatch(wanted);
  };
  return { ...market, ...terminal, line, ended };
}

describe("the Market screen with two thousand markets", () => {
  it.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ])("shows the list at %i×%i, and any of them by keys", async (columns, rows) => {
    const { type, line, tell, coin } = show(columns, rows);
    await line(/Markets 2000 +\ds/);
    tell([{ symbol: coin(1_999), last: "0.1234", change: "-0.05" }]);
    type("G");
    await line(/C1999USDT +0\.1234 +-5\.00?%/);
    type("g");
    await line(/▸BTCUSDT +— +—/);
    type("/c04");
    await line(/Markets \/c04 100/);
    type("\rjj\r");
    // Enter keeps the filter, j goes down twice, Enter selects: the mark follows.
    await line(/▸C0402USDT/);
  });

  it("changes only the cells of the ticker that changed", async () => {
    const { line, tell, coin, bytesWritten } = show(120, 40);
    tell(Array.from({ length: 1_999 }, (_, index) => ({ symbol: coin(index + 1), last: "1.0000", change: "0.01" })));
    await line(/C0002USDT +1\.0000/);
    const before = bytesWritten();
    tell([{ symbol: coin(2), last: "1.0001", change: "0.01" }]);
    await line(/C0002USDT +1\.0001/);
    expect(bytesWritten() - before).toBeLessThan(200);
    const seen = bytesWritten();
    // A market out of sight costs no byte of the terminal but the age of the list, which stays "0s".
    tell([{ symbol: coin(1_900), last: "7.0000", change: "0.01" }]);
    tell([{ symbol: coin(3), last: "1.0002", change: "0.01" }]);
    await line(/C0003USDT +1\.0002/);
    expect(bytesWritten() - seen).toBeLessThan(200);
  });

  it("sorts with o, holds its rows while keys come, and remembers the order", async () => {
    const settings = createMemorySettings();
    const { type, line, tell, coin, screen } = show(120, 40, settings);
    tell([
      { symbol: coin(77), last: "2.0000", change: "0.5" },
      { symbol: coin(88), last: "3.0000", change: "0.4" },
    ]);
    type("oo");
    await line(/Markets 2000 · 24h▼ held/);
    const listOf = async () => (await screen()).slice(3, 5).map((row) => /[A-Z]\w+USDT/.exec(row)?.[0]);
    expect(await listOf()).toEqual([coin(77), coin(88)]);
    tell([{ symbol: coin(99), last: "4.0000", change: "0.9" }]);
    type("j");
    await line(/C0088USDT +3\.0000 +\+40\.00%/);
    expect(await listOf()).toEqual([coin(77), coin(88)]);
    type("\r");
    await line(/ TAPEDECK .* C0088USDT /);
    expect(settings.get("market.order")).toBe("change down");

    const again = show(120, 40, settings);
    again.pass(3_000);
    again.tell([{ symbol: again.coin(5), last: "1.0000", change: "0.2" }]);
    // The cursor begins on the selected market, wherever the order puts it.
    await again.line(/▸C0088USDT/);
    again.type("g");
    await again.line(/Markets 2000 · 24h▼.*\n│ C0005USDT/);
  });

  it("shows a price too small for its column as what it is, and never as nought", async () => {
    const { line, tell, coin } = show(120, 40);
    tell([{ symbol: coin(3), last: "0.00000000071328", change: "12.5" }]);
    await line(/C0003USDT +7\.133e-10 +\+1250%/);
  });
});
