import { afterEach, describe, expect, it } from "vitest";
import { noticePosted, reconcileEnded } from "../../../src/app/store/session-slice.ts";
import type { SettledDifference } from "../../../src/core/domain/difference.ts";
import type { LeaseRecord } from "../../../src/core/domain/guard-lease.ts";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import { KEY_BINDINGS } from "../../../src/tui/input/keymap.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { createFakeGuarding } from "../../commands/fake-guarding.ts";
import { BTCUSDT, NOW, orderSample, protectionSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("qy");
    expect(await ended).toBe(0);
  }
});

const LEASE: LeaseRecord = {
  holder: "another",
  pid: 4711,
  host: "here",
  token: 1,
  acquiredAt: NOW - 60_000,
  heartbeatAt: NOW - 2_000,
  released: false,
  markets: { [BTCUSDT.symbol]: { state: "watching" } },
};

interface Setting {
  readonly columns?: number;
  readonly rows?: number;
  readonly now?: () => number;
  readonly orders?: readonly Order[];
  readonly lease?: LeaseRecord;
}

function show({ columns = 120, rows = 30, now = () => NOW, orders = [orderSample()], lease }: Setting = {}) {
  const facts = lease === undefined ? {} : { lease, isAlive: true, protections: [protectionSample()] };
  const { guarding } = createFakeGuarding(facts);
  const { app } = createFakeApp({ orders, now, guarding: { ...guarding, isHolder: false } });
  const terminal = createHeadlessTerminal(columns, rows);
  open.push({ type: terminal.type, ended: runTui(app, terminal.terminal) });
  const text = async () => (await terminal.screen()).join("\n").replaceAll(/\s+/g, " ");
  return { ...terminal, app, text };
}

const VANISHED: SettledDifference = {
  kind: "order-vanished",
  action: "investigate",
  subject: "td-gone",
  symbol: BTCUSDT.symbol,
  outcome: "needs-person",
  result: "the exchange shows no trace of it; it counts as unknown",
};

describe("what needs a person", () => {
  it("is counted in the header until a reconcile no longer finds it, and n shows it", async () => {
    const { app, text, type } = show({ columns: 200 });
    await expect.poll(text).toContain("Orders · 1 open");
    app.store.dispatch(reconcileEnded({ at: NOW, needsPerson: [VANISHED] }));
    await expect.poll(text).toContain("1 NEEDS YOU (n)");
    type("n");
    await expect.poll(text).toContain("NEEDS YOU BTCUSDT td-gone: the exchange shows no trace of it");
    type("\u001b");
    app.store.dispatch(reconcileEnded({ at: NOW, needsPerson: [] }));
    await expect.poll(text).not.toContain("NEEDS YOU");
  });

  it("stays when a later reconcile fails: nothing was proven by it", async () => {
    const { app, text } = show({ columns: 200 });
    await expect.poll(text).toContain("Orders · 1 open");
    app.store.dispatch(reconcileEnded({ at: NOW, needsPerson: [VANISHED] }));
    app.store.dispatch(reconcileEnded({ at: NOW, error: "The exchange is away." }));
    await expect.poll(text).toMatch(/1 NEEDS YOU \(n\).*not reconciled/);
  });
});

describe("what was told", () => {
  it("of a stop that fired stays an hour later, and in the list after Esc", async () => {
    let now = NOW;
    const { app, text, type } = show({ now: () => now });
    await expect.poll(text).toContain("Orders · 1 open");
    const fired = "sl of BTCUSDT fired at 59990: sells 0.002 as td-9.";
    app.store.dispatch(noticePosted({ at: NOW, level: "warning", text: fired, stays: true }));
    now += 3_600_000;
    app.store.dispatch(reconcileEnded({ at: now }));
    await expect.poll(text).toContain(fired);
    type("\u001b");
    await expect.poll(text).not.toContain(fired);
    type("n");
    await expect.poll(text).toContain(fired);
    type("n");
    await expect.poll(text).not.toContain(fired);
  });
});

describe("who guards", () => {
  it.each([80, 120, 200])("stands in the last line at %i columns", async (columns) => {
    const { text } = show({ columns, lease: LEASE });
    await expect.poll(text).toContain("guard: pid 4711, 2s");
    expect(await text()).toContain("? help");
  });

  it("is said on leaving while another process guards", async () => {
    const { text, type } = show({ lease: LEASE });
    await expect.poll(text).toContain("Orders · 1 open");
    type("q");
    await expect.poll(text).toContain("Process 4711 guards 1 protection and goes on; last heard 2s ago.");
    expect(await text()).not.toContain("Nothing here is protected");
    type("n");
  });
});

describe("orders that are not settled", () => {
  it("say for how long they are unknown, and that they were placed elsewhere", async () => {
    const orders = [
      orderSample({ state: "unknown", createdAt: NOW - 90_000 }),
      orderSample({ clientOrderId: clientOrderId("x-1"), origin: "foreign" }),
    ];
    const { text } = show({ orders, columns: 80, rows: 24 });
    await expect.poll(text).toMatch(/UNKNOWN 1m/);
    expect(await text()).toContain("open FOREIGN");
  });
});

describe("the help at 80×24", () => {
  it("shows every key whole, further down with j", async () => {
    const { text, type } = show({ columns: 80, rows: 24 });
    await expect.poll(text).toContain("Orders · 1 open");
    type("?");
    await expect.poll(text).toMatch(/\d+ below \(j\)/);
    const wanted = new Set(
      KEY_BINDINGS.filter(({ layer }) => layer === "market" || layer === "ticket").map(
        ({ description }) => description,
      ),
    );
    for (let presses = 0; presses < 60; presses += 1) {
      const shown = await text();
      for (const description of wanted) if (shown.includes(description)) wanted.delete(description);
      const above = presses + 1;
      type("j");
      await expect.poll(async () => (await text()).includes(`${above} above (k)`) || wanted.size === 0).toBe(true);
      if (wanted.size === 0) break;
    }
    expect([...wanted]).toEqual([]);
    type("\u001b");
    await expect.poll(text).not.toContain("Esc closes");
  });
});
