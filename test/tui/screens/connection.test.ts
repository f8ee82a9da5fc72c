import { afterEach, describe, expect, it } from "vitest";
import { instrumentRead, instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketFrameArrived, marketSelected } from "../../../src/app/store/market-slice.ts";
import { marketConnectionChanged, reconcileEnded } from "../../../src/app/store/session-slice.ts";
import { tradingAdvanced } from "../../../src/app/store/trading-slice.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { price, ratio } from "../../../src/core/domain/money.ts";
import type { ExchangeHealth } from "../../../src/core/domain/exchange-health.ts";
import type { Tradability } from "../../../src/core/domain/tradability.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp, HEALTHY } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    // Out of a dialog, if there is one; then out of the console.
    type("\u001b\u001b[A");
    type("q");
    expect(await ended).toBe(0);
  }
});

function show(columns = 160, over: Partial<ExchangeHealth> = {}) {
  let now = NOW;
  let health: ExchangeHealth = { ...HEALTHY, ...over };
  const { app } = createFakeApp({ now: () => now, health: () => health });
  const { store } = app;
  store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  store.dispatch(marketSelected({ symbol: BTCUSDT.symbol, interval: "1m" }));
  store.dispatch(marketConnectionChanged({ kind: "connected" }));
  const terminal = createHeadlessTerminal(columns, 40);
  const ended = runTui(app, terminal.terminal);
  open.push({ type: terminal.type, ended });
  return {
    ...terminal,
    store,
    /** Lets time pass and something arrive, as on a living market. */
    pass: (ms: number, to: Partial<ExchangeHealth> = {}) => {
      now += ms;
      health = { ...health, ...to };
      store.dispatch(marketFrameArrived({ at: now }));
    },
    line: (wanted: RegExp) => expect.poll(async () => (await terminal.screen()).join("\n")).toMatch(wanted),
    header: async () => (await terminal.screen())[0] ?? "",
  };
}

const paused = (forMs: number, tradingForMs = forMs) => ({ pause: { why: "x (429)", forMs, tradingForMs } });
const clock = (offsetMs: number) => ({ clock: { offsetMs, uncertaintyMs: 4, ageMs: 0 } });

describe("the header", () => {
  it.each([160, 100, 80])("counts a pause of the exchange down, at %i columns too", async (columns) => {
    const { line, pass, header } = show(columns, paused(42_000));
    await line(/EXCHANGE PAUSED US: orders 42s, data 42s/);
    pass(1_000, paused(41_000));
    await line(/orders 41s, data 41s/);
    pass(40_500, paused(500));
    await line(/orders 1s, data 1s/);
    pass(500, { pause: undefined });
    await expect.poll(header).not.toMatch(/paused/i);
  });

  it("says when only market data waits", async () => {
    await show(160, paused(90_000, 0)).line(/exchange paused market data 90s/);
  });

  it("tells the clock, more loudly the further it is off", async () => {
    const { line, pass } = show(160, clock(12));
    await line(/clock 12ms/);
    pass(1_000, clock(-1_400));
    await line(/clock 1\.4s ahead/);
    pass(1_000, clock(7_300));
    await line(/CLOCK 7\.3s behind: NO ORDER CAN LEAVE/);
    pass(1_000, { clock: undefined });
    await line(/clock —/);
  });

  it("marks rules that could not be read again with their age", async () => {
    const { pass, line, header } = show();
    pass(30 * 60_000);
    await line(/BTCUSDT/);
    expect(await header()).not.toMatch(/rules/);
    pass(60_000);
    await line(/rules 31m old/);
  });
});

describe.each([80, 120, 160])("the header at %i columns", (columns) => {
  const settle = (shown: ReturnType<typeof show>) => {
    const event: DomainEvent = { type: "reconcile-finished", ordersChecked: 0, fillsAdded: 0, unresolved: 0 };
    shown.store.dispatch(tradingAdvanced([{ sequence: 1, at: NOW, event }]));
    shown.store.dispatch(reconcileEnded({ at: NOW }));
    const tickers = [{ symbol: BTCUSDT.symbol, last: price("65000"), change: ratio("0.008"), at: NOW }];
    shown.store.dispatch(marketFrameArrived({ at: NOW, tickers }));
  };

  it("says that all is well beside the market and its price", async () => {
    const shown = show(columns);
    settle(shown);
    await shown.line(/ DEMO .* BTCUSDT 65,000\.00 \+0\.80% .*connected/);
  });

  it("shows the market whole or not at all beside a pause, never a part of a number", async () => {
    const shown = show(columns, paused(42_000));
    settle(shown);
    await shown.line(/ DEMO .*orders 42s, data 42s/);
    expect(await shown.header()).toMatch(/DEMO[^+]*BTCUSDT 65,000\.00 (\+0\.80% )? *EXCHANGE/);
  });

  it("tells a lost connection with its age, and keeps the market", async () => {
    const shown = show(columns);
    settle(shown);
    shown.store.dispatch(marketConnectionChanged({ kind: "waiting", why: "closed (1006)", retryAt: NOW } as never));
    shown.pass(24_000, { marketDataAgeMs: 24_000 });
    await shown.line(/BTCUSDT 65,000\.00 .*lost 24s: closed \(1006\)/);
  });

  it("says stalled when the connection stands and nothing comes over it", async () => {
    const shown = show(columns);
    settle(shown);
    shown.pass(24_000, { marketDataAgeMs: 24_000 });
    await shown.line(/BTCUSDT 65,000\.00 .*STALLED 24s/);
  });

  it("puts the clock that stops every order before the rest", async () => {
    const shown = show(columns, clock(20_000));
    settle(shown);
    await shown.line(/DEMO .*CLOCK 20\.0s behind: NO ORDER CAN LEAVE/);
  });
});

describe("the ticket", () => {
  const restricted: Tradability = {
    kind: "restricted",
    reason: "this API key may not trade it",
    reasons: [{ code: "NOT_ON_KEY", message: "this API key may not trade it" }],
    warnings: [{ code: "RISK_MARKED", message: "the exchange marks the asset as risky (ST)" }],
  };

  it("says why a market cannot be traded before anything is typed, and refuses the order", async () => {
    const { type, line, store } = show();
    store.dispatch(instrumentRead({ ...BTCUSDT, tradability: restricted }));
    await line(/NOT TRADABLE/);
    type("b");
    await line(/Not tradable: this API key may not trade it\./);
    await line(/Mind: the exchange marks the asset as risky \(ST\)\./);
    type("0.01\t60000\r");
    await line(/BTCUSDT cannot be traded through the/);
  });
});
