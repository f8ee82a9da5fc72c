import { afterEach, describe, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketSelected } from "../../../src/app/store/market-slice.ts";
import type { WantedProtection } from "../../../src/core/domain/arming/wanted-protection.ts";
import type { WantedClose } from "../../../src/core/domain/closing/plan-close.ts";
import { planClose } from "../../../src/core/domain/closing/plan-close.ts";
import { clientOrderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity, ZERO_QUANTITY } from "../../../src/core/domain/money.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import { positionFromFills, valuePosition } from "../../../src/core/domain/position.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { createFakeBooks } from "../../commands/fake-books.ts";
import { BTCUSDT, fill, NOW, orderSample, protectionSample, SCOPE_SAMPLE } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("qy");
    expect(await ended).toBe(0);
  }
});

const FILLS = [fill({ tradeId: tradeId("t1"), side: "buy", price: price("60000"), quantity: quantity("0.02") })];
const RESTING = orderSample({ clientOrderId: clientOrderId("td-rest"), side: "sell" });

interface Setting {
  readonly columns?: number;
  readonly rows?: number;
  readonly origin?: Order["origin"];
  readonly over?: Partial<App>;
}

/** What a deed was carried out with, over an account that holds 0.02 BTC, 0.001 of it in a resting sale. */
function show({ columns = 120, rows = 40, origin = "own", over = {} }: Setting = {}) {
  const armed: WantedProtection[] = [];
  const closed: WantedClose[] = [];
  const disarmed: string[] = [];
  const order = { ...RESTING, origin };
  const position = positionFromFills(BTCUSDT, FILLS, "fifo", () => undefined);
  const report = {
    position,
    price: { price: price("61000"), at: NOW },
    value: valuePosition(position, price("61000"), () => undefined),
    balance: undefined,
    protection: { state: "unprotected", pid: undefined, heartbeatAgeMs: undefined, reasons: [] },
  } as const;
  const fake = createFakeApp({
    orders: [order],
    portfolio: createFakeBooks({ positions: () => [report] }),
    protections: {
      plan: () =>
        Promise.resolve({
          kind: "planned",
          protection: protectionSample(),
          scope: SCOPE_SAMPLE,
          hindrances: [],
          exitNow: undefined,
        }),
      arm: (wanted) => {
        armed.push(wanted);
        return Promise.resolve({ kind: "armed", protection: protectionSample(), scope: SCOPE_SAMPLE, hindrances: [] });
      },
      disarm: (protectionId) => {
        disarmed.push(protectionId);
        return { kind: "disarmed", protection: protectionSample(), openExits: [] };
      },
      list: () => [protectionSample()],
    },
    closing: {
      plan: (wanted) =>
        Promise.resolve(
          planClose(wanted, {
            instrument: BTCUSDT,
            position: quantity("0.02"),
            balance: { asset: BTCUSDT.base, free: quantity("0.019"), locked: quantity("0.001"), at: NOW },
            orders: new Map(),
            working: [order],
            untoldSales: ZERO_QUANTITY,
            exits: new Set(),
            fills: FILLS,
            protections: [],
            book: { bids: [{ price: price("61000"), quantity: quantity("5") }], asks: [] },
            seenAt: NOW,
          }),
        ),
      close: (plan) => {
        closed.push(plan.wanted);
        return Promise.resolve({ kind: "cancel-unproven", open: [order] });
      },
    },
    ...over,
  });
  const { app } = fake;
  app.store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  app.store.dispatch(marketSelected({ symbol: BTCUSDT.symbol, interval: "1m" }));
  const terminal = createHeadlessTerminal(columns, rows);
  open.push({ type: terminal.type, ended: runTui(app, terminal.terminal) });
  const text = async () => (await terminal.screen()).join("\n").replaceAll(/\s+/g, " ");
  return { ...terminal, calls: fake.calls, text, armed, closed, disarmed };
}

describe.each([
  [80, 24],
  [200, 50],
])("the keys on a position at %i×%i", (columns, rows) => {
  it("p writes the command of the shell, Enter shows what it covers, and y arms the levels that were shown", async () => {
    const { type, text, armed } = show({ columns, rows });
    await expect.poll(text).toContain("Orders · 1 open");
    type("\t\tp");
    await expect.poll(text).toContain(":position protect BTCUSDT --stop -2%");
    type("\r");
    await expect.poll(text).toContain("Covers 0.002");
    expect(await text()).toContain("sl stop at 60000");
    expect(await text()).toContain("Nobody guards this account");
    expect(armed).toEqual([]);
    type("y");
    await expect.poll(text).toContain("BTCUSDT is armed (p1), and nobody guards");
    expect(armed.map(({ symbol, exits }) => [symbol, exits.stopLoss])).toEqual([
      ["BTCUSDT", { kind: "fixed", price: price("60000") }],
    ]);
  });

  it("e shows what is sold and what stays, and sells nothing for Enter", async () => {
    const { type, text, closed } = show({ columns, rows });
    await expect.poll(text).toContain("Orders · 1 open");
    type("\t\te");
    await expect.poll(text).toContain("Position 0.02 by its fills · held 0.02 BTC");
    expect(await text()).toContain("Sells 0.019 BTC · best bid 61000 USDT");
    expect(await text()).toMatch(/Keeps 0\.001 BTC .*td-rest/);
    type("\r");
    await expect.poll(text).not.toContain("Close this position?");
    expect(closed).toEqual([]);
  });
});

describe("closing at the screen", () => {
  it("c ends the resting sale first, which is said before y", async () => {
    const { type, text, closed } = show();
    await expect.poll(text).toContain("Orders · 1 open");
    type("\t\te");
    await expect.poll(text).toContain("c cancels our resting orders");
    type("c");
    await expect.poll(text).toContain("Cancels first: sell td-rest");
    expect(await text()).toContain("Sells 0.02 BTC");
    type("y");
    await expect.poll(text).toContain("Nothing was sold: whether td-rest are cancelled is not proven.");
    expect(closed.map(({ cancelsOrders }) => cancelsOrders)).toEqual([true]);
  });

  it("says why nothing can be sold, and y does nothing then", async () => {
    const denials = [{ code: "PRICE_UNKNOWN", message: "Nobody bids for BTC.", hint: "Try again." }];
    let closes = 0;
    const closing: App["closing"] = {
      plan: () => Promise.resolve({ kind: "denied", denials }),
      close: () => {
        closes += 1;
        return Promise.reject(new Error("it was closed all the same"));
      },
    };
    const { type, text } = show({ over: { closing } });
    await expect.poll(text).toContain("Orders · 1 open");
    type("\t\te");
    await expect.poll(text).toContain("Nobody bids for BTC. Try again.");
    type("y");
    await expect.poll(text).toContain("Nobody bids for BTC. Try again.");
    expect(closes).toBe(0);
    type("\u001b");
    await expect.poll(text).not.toContain("Nobody bids");
  });
});

describe("the other deeds", () => {
  it("u names what is taken away, and y takes it", async () => {
    const { type, text, disarmed } = show();
    await expect.poll(text).toContain("Orders · 1 open");
    type("\t\tu");
    await expect.poll(text).toContain("BTCUSDT sl stop at 60000");
    expect(disarmed).toEqual([]);
    type("y");
    await expect.poll(text).toContain("1 taken away");
    expect(disarmed).toEqual(["p1"]);
  });

  it("A adopts the foreign order under the cursor after a y", async () => {
    const { type, text, calls } = show({ origin: "foreign" });
    await expect.poll(text).toContain("FOREIGN");
    type("\tA");
    await expect.poll(text).toContain("Put this order into our care?");
    expect(calls).not.toContain("adoptOrder");
    type("y");
    await expect.poll(text).toContain("td-rest is in this console's care.");
    expect(calls).toContain("adoptOrder");
  });
});

describe("the same words as in the shell, behind a colon", () => {
  it.each([
    ["position close BTCUSDT --cancel-orders", "Cancels first: sell td-rest"],
    ["position unprotect BTCUSDT", "Take these protections away?"],
    ["position protect BTCUSDT --trail 1% --activate +2%", "Arm this protection?"],
    ["order adopt td-rest", "It is in this console's care already."],
    ["panic", "Panic: halt trading and cancel every open order?"],
    ["guard status", "guard: nobody; 0 protections armed."],
    ["trading halt the feed was wrong", "Trading is HALTED"],
    ["trading halt", "Say why"],
    ["position close BTCUSDT --all", "The screen does not take --all here"],
    ["position protect BTCUSDT --stop +2%", "a stop lies below the entry"],
    ["postion close BTCUSDT", "Did you mean position?"],
  ])(":%s", async (line, wanted) => {
    const { type, text } = show();
    await expect.poll(text).toContain("Orders · 1 open");
    type(`:${line}\r`);
    await expect.poll(text).toContain(wanted);
    type("\u001b");
    // A key right behind it would make one chord of both.
    await expect.poll(text).not.toContain(wanted);
  });
});
