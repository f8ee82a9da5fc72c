import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeHome, runJson } from "./program.ts";
import { PtyScreen } from "./pty-screen.ts";

let home: ReturnType<typeof makeHome>;
const screens: PtyScreen[] = [];
beforeEach(() => {
  home = makeHome();
});
afterEach(async () => {
  for (const screen of screens.splice(0)) {
    try {
      screen.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await screen.exited;
  }
  home.remove();
});

function open(columns?: number, rows?: number): PtyScreen {
  const size = { ...(columns === undefined ? {} : { columns }), ...(rows === undefined ? {} : { rows }) };
  const screen = new PtyScreen({ args: ["demo"], env: { TAPEDECK_HOME: home.path }, ...size });
  screens.push(screen);
  return screen;
}

interface OrderList {
  readonly orders: readonly {
    readonly clientOrderId: string;
    readonly state: string;
    readonly filledQuantity: string;
  }[];
}

describe("the console", () => {
  it("shows moving prices, and says demo in words", async () => {
    const screen = open();
    const first = await screen.until(/DEMO · simulated money.*BTCUSDT [\d,]+\.\d\d/);
    expect(first).toMatch(/Markets/);
    await screen.until(/▲|▼/);
    const price = /BTCUSDT ([\d,]+\.\d\d)/.exec(first)?.[1];
    await screen.until((text) => /BTCUSDT ([\d,]+\.\d\d)/.exec(text)?.[1] !== price, "another price");
    expect(screen.onAlternateScreen).toBe(true);
  });

  it("buys with b, a quantity, Enter, Enter; and the order is there after a kill -9", async () => {
    const screen = open();
    await screen.until((text) => /reconciled \d/.test(text) && text.includes("spread"), "a market ready to trade");
    screen.type("b");
    await screen.until(/BUY BTCUSDT · DEMO/);
    screen.type("0.01");
    await screen.until(/cost [\d,.]+ USDT/);
    screen.type("\r");
    await screen.until(/Enter sends this order/);
    screen.type("\r");
    await screen.until(/filled +buy +BTCUSDT +0\.01/);
    screen.kill("SIGKILL");
    await screen.exited;
    const { orders } = await runJson<OrderList>(["order", "ls", "--stored"], { TAPEDECK_HOME: home.path });
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({ state: "filled", filledQuantity: "0.01" });

    const again = open();
    await again.until(/reconciled/);
    await again.until(/filled +buy +BTCUSDT +0\.01/);
  });

  it("keeps an open order through a kill -9 and cancels it afterwards", async () => {
    const screen = open();
    await screen.until((text) => /reconciled \d/.test(text) && text.includes("spread"), "a market ready to trade");
    screen.type(":buy btcusdt 0.01 @ 64500\r");
    await screen.until(/BUY BTCUSDT/);
    screen.type("\r");
    await screen.until(/Enter sends this order/);
    screen.type("\r");
    await screen.until(/open +buy +BTCUSDT +0\.01 +64500/);
    screen.kill("SIGKILL");
    await screen.exited;

    const again = open();
    await again.until(/Orders · 1 open/);
    again.type("x");
    await again.until(/Cancel this order/);
    again.type("\r");
    await again.until((text) => !text.includes("Cancel this order"), "the question gone");
    expect(again.text()).toMatch(/Orders · 1 open/);
    again.type("x");
    await again.until(/Cancel this order/);
    again.type("y");
    await again.until(/cancelled +buy +BTCUSDT/);
    await again.until(/Orders · 0 open/);
  });

  it("says what is wrong with an order and sends nothing", async () => {
    const screen = open();
    await screen.until((text) => /reconciled \d/.test(text) && text.includes("spread"), "a market ready to trade");
    screen.type("b0.00000001\r");
    await screen.until(/below the least/);
    screen.type("\u001b");
    await screen.until((text) => !text.includes("BUY BTCUSDT"), "the ticket gone");
    expect(screen.text()).toMatch(/Orders · 0 open/);
    expect(screen.text()).toMatch(/No orders yet/);
  });

  it("helps, filters, switches markets, and survives every size", async () => {
    const screen = open();
    await screen.until(/BTCUSDT · 1m/);
    screen.type("?");
    await screen.until(/Open a buy ticket/);
    screen.type("?");
    await screen.until((text) => !text.includes("Open a buy ticket"), "the help gone");
    screen.type("/sol\r");
    await screen.until(/Markets \/sol/);
    screen.type("\r");
    await screen.until(/SOLUSDT · 1m/);
    screen.type("]");
    await screen.until(/SOLUSDT · 5m/);
    screen.resize(20, 5);
    await screen.until(/too small/);
    screen.resize(1, 1);
    screen.resize(80, 24);
    await screen.until(/SOLUSDT · 5m/);
    screen.resize(220, 55);
    await screen.until(/SOLUSDT · 5m/);
  });
});

describe("leaving", () => {
  it("gives the terminal back on q", async () => {
    const screen = open();
    await screen.until(/spread/);
    screen.type("q");
    expect(await screen.exited).toMatchObject({ exitCode: 0 });
    expect(screen.onAlternateScreen).toBe(false);
  });

  it("asks before it leaves open orders, and stays by default", async () => {
    const screen = open();
    await screen.until((text) => /reconciled \d/.test(text) && text.includes("spread"), "a market ready to trade");
    screen.type(":buy btcusdt 0.01 @ 64500\r");
    await screen.until(/BUY BTCUSDT/);
    screen.type("\r");
    await screen.until(/Enter sends this order/);
    screen.type("\r");
    await screen.until((text) => /Orders · 1 open/.test(text) && !text.includes("BUY BTCUSDT"), "the ticket sent");
    screen.type("q");
    await screen.until(/Leave\?/);
    screen.type("\r");
    await screen.until((text) => !text.includes("Leave?"), "the question gone");
    screen.type("q");
    await screen.until(/Leave\?/);
    screen.type("y");
    expect(await screen.exited).toMatchObject({ exitCode: 0 });
  });

  it.each<[NodeJS.Signals, number]>([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGINT", 130],
  ])("gives the terminal back on %s", async (signal, exitCode) => {
    const screen = open();
    await screen.until(/spread/);
    screen.kill(signal);
    expect(await screen.exited).toMatchObject({ exitCode });
    expect(screen.onAlternateScreen).toBe(false);
  });
});
