import { describe, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import { run } from "../../../src/commands/run.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { Order, OrderDraft } from "../../../src/core/domain/order.ts";
import { fill, NOW, orderSample, withoutOrderId } from "../../core/domain/samples.ts";
import { createFakeApp, unreachable } from "../fake-app.ts";
import { createFakeIo } from "../fake-io.ts";
import { runLine, servicesWith } from "../run-line.ts";

const BUY = ["order", "place", "buy", "btcusdt", "0.001", "@", "65000"];
const REASON = { code: "SCRIPTED", message: "scripted by the test" };

/** An app whose next order ends as told. */
function appPlacing(order: Order, over: Partial<App> = {}) {
  const fake = createFakeApp({
    placeOrder: () => Promise.resolve({ kind: "placed", order: fake.hold(order) }),
    ...over,
  });
  return fake;
}

describe("order place", () => {
  it("reconciles, looks at the price, places, and shows the order as the exchange has it", async () => {
    const sent: OrderDraft[] = [];
    const fake = createFakeApp({
      placeOrder: (draft) => {
        sent.push(draft);
        return Promise.resolve({ kind: "placed", order: fake.hold(orderSample()) });
      },
    });
    const { code, objects, err } = await runLine(BUY, fake.app);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(fake.calls).toEqual([
      "fetchInstruments BTCUSDT",
      "reconcile",
      "fetchBookTop BTCUSDT",
      "refreshOrder",
      "close",
    ]);
    expect(sent).toEqual([
      {
        symbol: "BTCUSDT",
        side: "buy",
        type: "limit",
        size: { kind: "base", quantity: quantity("0.001") },
        limitPrice: price("65000"),
        seen: { price: price("65001"), at: NOW },
      },
    ]);
    expect(objects()).toEqual([
      {
        schema: "tapedeck.order/1",
        mode: "demo",
        clientOrderId: "td-1",
        orderId: "C02__1",
        symbol: "BTCUSDT",
        side: "buy",
        type: "limit",
        quantity: "0.001",
        quoteQuantity: null,
        price: "65000",
        state: "open",
        filledQuantity: "0",
        filledNotional: "0",
        averagePrice: null,
        origin: "own",
        createdAt: "2023-11-14T22:13:20.000Z",
        updatedAt: "2023-11-14T22:13:20.000Z",
        reason: null,
        protection: null,
        fills: [],
      },
    ]);
  });

  it("judges a sale by the best bid, and passes flags and id on", async () => {
    const sent: OrderDraft[] = [];
    const fake = createFakeApp({
      placeOrder: (draft) => {
        sent.push(draft);
        return Promise.resolve({ kind: "placed", order: fake.hold(orderSample()) });
      },
    });
    await runLine(
      ["order", "place", "sell", "BTCUSDT", "1", "@", "70000", "--post-only", "--client-id", "my-1"],
      fake.app,
    );
    expect(sent).toMatchObject([{ type: "post-only", clientOrderId: "my-1", seen: { price: price("64999") } }]);
  });

  it.each<[string, Order, number, string]>([
    ["rejected", withoutOrderId(orderSample({ state: "rejected", reason: REASON })), 6, "SCRIPTED"],
    ["not sent", withoutOrderId(orderSample({ state: "denied", reason: REASON })), 7, "SCRIPTED"],
    ["unknown", withoutOrderId(orderSample({ state: "unknown", reason: REASON })), 8, "OUTCOME_UNKNOWN"],
    ["proven never to have arrived", withoutOrderId(orderSample({ state: "expired" })), 7, "ORDER_ABSENT"],
  ])("an order that was %s: its record on stdout, the fault on stderr", async (_what, order, exit, faultCode) => {
    const { code, objects, errors } = await runLine(BUY, appPlacing(order).app);
    expect(code).toBe(exit);
    expect(objects()).toMatchObject([{ clientOrderId: "td-1", state: order.state }]);
    expect(errors()).toMatchObject([{ error: { code: faultCode } }]);
  });

  it("tells on stderr of what should not have been possible, and prints the order all the same", async () => {
    let tell: (what: string) => void = () => undefined;
    const fake = createFakeApp({
      onAnomaly: (listener) => {
        tell = listener;
      },
      placeOrder: () => {
        tell("the exchange holds a second order");
        return Promise.resolve({ kind: "placed", order: fake.hold(orderSample()) });
      },
    });
    const { code, objects, err } = await runLine(BUY, fake.app);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([{ clientOrderId: "td-1" }]);
    expect(err).toContain("Unexpected: the exchange holds a second order.");
  });

  it("goes on asking about an unknown order before it says so", async () => {
    const fake = appPlacing(withoutOrderId(orderSample({ state: "unknown" })), {
      settleOrder: () => Promise.resolve(fake.hold(orderSample({ state: "filled" }))),
    });
    expect(await runLine(BUY, fake.app)).toMatchObject({ code: 0, err: "" });
  });

  it("looks once more when the time for a proof of absence has come", async () => {
    const unknown = withoutOrderId(orderSample({ state: "unknown" }));
    let looks = 0;
    const fake = appPlacing(unknown, {
      settleOrder: () => Promise.resolve(unknown),
      reconcile: () => {
        looks += 1;
        if (looks === 2) fake.hold(withoutOrderId(orderSample({ state: "expired" })));
        return Promise.resolve({
          takenBalances: [],
          ordersChecked: 0,
          fillsAdded: 0,
          foreignFound: 0,
          unresolved: [],
          differences: [],
        });
      },
    });
    const { code, errors } = await runLine(BUY, fake.app);
    expect({ code, looks }).toEqual({ code: 7, looks: 2 });
    expect(errors()).toMatchObject([{ error: { code: "ORDER_ABSENT" } }]);
  });

  it("tells every rule that denies it, and prints no order", async () => {
    const denials = [
      { code: "A", message: "First.", hint: "Do one." },
      { code: "B", message: "Second.", hint: "Do two." },
    ];
    const { app } = createFakeApp({ placeOrder: () => Promise.resolve({ kind: "denied", denials }) });
    const { code, out, errors } = await runLine(BUY, app);
    expect({ code, out }).toEqual({ code: 5, out: "" });
    expect(errors()).toMatchObject([{ error: { code: "ORDER_DENIED", notDone: "No order was sent.", denials } }]);
    const text = await runLine([...BUY, "--no-color"], app, { tty: true });
    expect(text.err).toContain("First. (A)\n    Do one.\n  Second. (B)\n    Do two.\nNo order was sent.");
  });

  it("sends nothing when the account cannot be reconciled", async () => {
    const { app, calls } = createFakeApp({ reconcile: () => Promise.reject(unreachable()) });
    const { code, errors } = await runLine(BUY, app);
    expect(code).toBe(7);
    expect(errors()).toMatchObject([{ error: { code: "EXCHANGE_UNAVAILABLE", notDone: "No order was sent." } }]);
    expect(calls).not.toContain("placeOrder");
  });

  it("names the symbols that were probably meant", async () => {
    const { code, errors } = await runLine(["order", "place", "buy", "BTCUSD", "1"], createFakeApp().app);
    expect(code).toBe(2);
    expect(errors()).toMatchObject([{ error: { code: "SYMBOL_UNKNOWN", hint: "Did you mean BTCUSDT?" } }]);
  });

  it("--wait filled looks until the order has ended, and shows its fills", async () => {
    const states = ["open", "partially-filled", "filled"] as const;
    let look = 0;
    const fills = [fill({ tradeId: "t-9" as never })];
    const fake = createFakeApp({
      fills,
      placeOrder: () => Promise.resolve({ kind: "placed", order: fake.hold(orderSample()) }),
      refreshOrder: () => Promise.resolve(fake.hold(orderSample({ state: states[look++] ?? "filled" }))),
    });
    const { code, objects } = await runLine([...BUY, "--wait", "filled"], fake.app);
    expect({ code, look }).toEqual({ code: 0, look: 3 });
    expect(objects()).toMatchObject([{ state: "filled", fills: [{ tradeId: "t-9", fee: "0", feeAsset: "USDT" }] }]);
  });

  it("--wait filled ends with 9 when the time is over, or the order ended another way", async () => {
    const open = await runLine([...BUY, "--wait", "filled", "--timeout", "0.1"], appPlacing(orderSample()).app);
    expect(open.code).toBe(9);
    expect(open.errors()).toMatchObject([{ error: { code: "NOT_FILLED" } }]);
    const gone = await runLine([...BUY, "--wait", "filled"], appPlacing(orderSample({ state: "expired" })).app);
    expect(gone.code).toBe(9);
  });

  it("after Ctrl-C says that the outcome is unknown and how to look", async () => {
    const fake = createFakeIo();
    const app = createFakeApp({
      placeOrder: () => {
        fake.interrupt("SIGINT");
        return Promise.resolve({ kind: "placed", order: app.hold(withoutOrderId(orderSample({ state: "unknown" }))) });
      },
    });
    expect(await run(BUY, fake.io, servicesWith(app.app))).toBe(130);
    expect(fake.err()).toContain("tapedeck order show td-1");
  });

  it("asks before real money leaves from a terminal, and takes --yes", async () => {
    const live = () => createFakeApp({ mode: "live" });
    const no = live();
    const declined = await runLine(BUY, no.app, { tty: true, answer: "" });
    expect(declined.code).toBe(1);
    expect(declined.questions).toEqual([expect.stringMatching(/^LIVE order: buy BTCUSDT 0.001 @ 65000/)]);
    expect(no.calls).not.toContain("placeOrder");
    const asked = await runLine(BUY, live().app, { tty: true, answer: "y" });
    expect(asked.code).toBe(0);
    for (const quiet of [
      await runLine([...BUY, "--yes"], live().app, { tty: true }),
      await runLine(BUY, live().app, { tty: false }),
      await runLine(BUY, createFakeApp().app, { tty: true }),
    ])
      expect(quiet).toMatchObject({ code: 0, questions: [] });
  });
});

describe("order test", () => {
  it.each<[Awaited<ReturnType<App["testOrder"]>>, number]>([
    [{ kind: "valid" }, 0],
    [{ kind: "denied", denials: [{ code: "A", message: "First.", hint: "Do one." }] }, 5],
    [{ kind: "rejected", reason: REASON }, 6],
    [{ kind: "unanswered", reason: REASON }, 7],
  ])("%j", async (result, exit) => {
    const { app } = createFakeApp({ testOrder: () => Promise.resolve(result) });
    const { code, objects } = await runLine(["order", "test", "buy", "BTCUSDT", "50", "usdt"], app);
    expect(code).toBe(exit);
    if (exit === 0)
      expect(objects()).toMatchObject([{ schema: "tapedeck.order-test/1", valid: true, order: "buy BTCUSDT 50 USDT" }]);
  });
});
