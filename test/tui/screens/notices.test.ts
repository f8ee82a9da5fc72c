import { afterEach, describe, expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketFrameArrived, marketSelected } from "../../../src/app/store/market-slice.ts";
import { noticePosted } from "../../../src/app/store/session-slice.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW, orderSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("q");
    expect(await ended).toBe(0);
  }
});

const WHY =
  "The exchange does not take market orders of this size in this market at the moment; place a limit order instead, or split it into smaller ones.";

function show(columns: number, rows: number) {
  let now = NOW;
  const reason = { code: "ORDER_DENIED", message: WHY, at: NOW } as never;
  const { app } = createFakeApp({ now: () => now, orders: [orderSample({ state: "rejected", reason })] });
  const { store } = app;
  store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  store.dispatch(marketSelected({ symbol: BTCUSDT.symbol, interval: "1m" }));
  const terminal = createHeadlessTerminal(columns, rows);
  const ended = runTui(app, terminal.terminal);
  open.push({ type: terminal.type, ended });
  const words = async () => (await terminal.screen()).join(" ").replaceAll(/\s+/g, " ");
  return {
    type: terminal.type,
    words,
    screen: terminal.screen,
    notify: (text: string) => store.dispatch(noticePosted({ at: now, level: "warning", text })),
    pass: (ms: number) => {
      now += ms;
      store.dispatch(marketFrameArrived({ at: now }));
    },
    says: (wanted: string) => expect.poll(words).toContain(wanted),
    saysNoMore: (wanted: string) => expect.poll(words).not.toContain(wanted),
  };
}

describe.each([
  [60, 16],
  [80, 24],
  [120, 40],
])("a notice at %i×%i", (columns, rows) => {
  it("is told in full above the keys, and goes after half a minute", async () => {
    const { notify, says, saysNoMore, pass, screen } = show(columns, rows);
    notify(WHY);
    await says(WHY);
    expect((await screen()).at(-1)).toMatch(/b buy {2}s sell/);
    pass(29_000);
    await says(WHY);
    pass(2_000);
    await saysNoMore("or split it");
  });

  it("goes with escape, and gives way to the next", async () => {
    const { notify, says, saysNoMore, type } = show(columns, rows);
    notify(WHY);
    notify("loading candles of BTCUSDT: it failed.");
    await says("loading candles of BTCUSDT: it failed.");
    type("\u001b");
    await saysNoMore("it failed");
    await saysNoMore("or split it");
  });

  it("answers a cancel of what has ended, and Enter on an order with its reason", async () => {
    const { type, says } = show(columns, rows);
    type("\tx");
    await says("The buy BTCUSDT under the cursor has ended (rejected); there is nothing to cancel.");
    type("\r");
    await says(`buy BTCUSDT (td-1) is rejected: ${WHY}`);
  });
});
