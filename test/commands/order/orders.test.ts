import { orderSample } from "../../core/domain/samples.ts";
import { describe, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { clientOrderId, marketSymbol, orderId } from "../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import { createFakeApp, unreachable } from "../fake-app.ts";
import { runLine } from "../run-line.ts";

const REASON = { code: "SCRIPTED", message: "scripted by the test" };
const OPEN = orderSample();
const ENDED = orderSample({
  clientOrderId: clientOrderId("td-2"),
  orderId: orderId("C02__2"),
  symbol: marketSymbol("ETHUSDT"),
  state: "rejected",
  reason: { code: "X", message: "=1+1" },
});

describe("order ls", () => {
  it("reconciles first, and lists with --open what may still trade", async () => {
    const { app, calls } = createFakeApp({ orders: [OPEN, ENDED] });
    const { code, objects } = await runLine(["order", "ls", "--open"], app);
    expect(code).toBe(0);
    expect(calls).toEqual(["reconcile", "close"]);
    expect(objects()).toMatchObject([
      { schema: "tapedeck.orders/1", mode: "demo", stored: false, orders: [{ clientOrderId: "td-1", state: "open" }] },
    ]);
  });

  it("lists ended orders, too, one object a line as NDJSON", async () => {
    const { objects } = await runLine(["order", "ls", "-o", "ndjson"], createFakeApp({ orders: [OPEN, ENDED] }).app);
    expect(objects()).toMatchObject([
      { schema: "tapedeck.order/1", mode: "demo", clientOrderId: "td-1" },
      { schema: "tapedeck.order/1", mode: "demo", clientOrderId: "td-2", reason: { code: "X" } },
    ]);
    const eth = await runLine(
      ["order", "ls", "--all", "--symbol", "ethusdt"],
      createFakeApp({ orders: [OPEN, ENDED] }).app,
    );
    expect(eth.objects()).toMatchObject([{ orders: [{ clientOrderId: "td-2" }] }]);
  });

  it("does not call a market that does not exist empty, but lists what is left of one that is gone", async () => {
    const unknown = await runLine(["order", "ls", "--symbol", "ETHUSD"], createFakeApp({ orders: [OPEN] }).app);
    expect(unknown.code).toBe(2);
    expect(unknown.errors()).toMatchObject([{ error: { code: "SYMBOL_UNKNOWN", hint: "Did you mean ETHUSDT?" } }]);
    const quiet = await runLine(["order", "ls", "--symbol", "ETHUSDT"], createFakeApp({ orders: [OPEN] }).app);
    expect([quiet.code, quiet.objects()]).toMatchObject([0, [{ orders: [] }]]);
    const gone = orderSample({ symbol: marketSymbol("GONEUSDT"), state: "filled" });
    const left = await runLine(["order", "ls", "--symbol", "GONEUSDT"], createFakeApp({ orders: [gone] }).app);
    expect([left.code, left.objects()]).toMatchObject([0, [{ orders: [{ symbol: "GONEUSDT" }] }]]);
  });

  it("writes a CSV that no spreadsheet runs, with the same columns for every order", async () => {
    const { out } = await runLine(["order", "ls", "-o", "csv"], createFakeApp({ orders: [OPEN, ENDED] }).app);
    const [header, first, second] = out.trim().split("\n");
    expect(header?.split(",").slice(-2)).toEqual(["reasonCode", "reasonMessage"]);
    expect(first?.endsWith(",,")).toBe(true);
    expect(second?.endsWith(",X,'=1+1")).toBe(true);
  });

  it("bounds the ended orders only: what may still trade is never left out", async () => {
    const older = orderSample({ clientOrderId: clientOrderId("td-3"), state: "filled" });
    const orders = [ENDED, older, OPEN];
    const ids = async (...flags: string[]) => {
      const { objects } = await runLine(["order", "ls", ...flags, "-o", "ndjson"], createFakeApp({ orders }).app);
      return objects().map((order) => order["clientOrderId"]);
    };
    expect(await ids("--limit", "1")).toEqual(["td-2", "td-1"]);
    expect(await ids("--all")).toEqual(["td-2", "td-3", "td-1"]);
    expect(await runLine(["order", "ls", "--all", "--open"], createFakeApp().app)).toMatchObject({ code: 2 });
  });

  it("is a table at a terminal", async () => {
    const { out } = await runLine(["order", "ls", "--no-color"], createFakeApp({ orders: [OPEN] }).app, { tty: true });
    expect(out).toBe(
      "ID    SYMBOL   SIDE  TYPE    SIZE  PRICE  FILLED  STATE  ORIGIN  CREATED\n" +
        "td-1  BTCUSDT  buy   limit  0.001  65000       0  open   own     2023-11-14T22:13:20.000Z\n",
    );
    const narrow = await runLine(["order", "ls", "--no-color"], createFakeApp({ orders: [OPEN] }).app, {
      tty: true,
      columns: 60,
    });
    expect(narrow.out.split("\n")[0]).toBe("ID    SYMBOL   SIDE   SIZE  PRICE  FILLED  STATE  ORIGIN");
  });

  it("tells what the exchange says has filled while the fills are still to be read, and no worth that nobody gave", async () => {
    const told = orderSample({ state: "filled", reportedQuantity: quantity("0.001") });
    const { objects } = await runLine(["order", "ls"], createFakeApp({ orders: [told] }).app);
    expect(objects()).toMatchObject([
      { orders: [{ state: "filled", filledQuantity: "0.001", filledNotional: null, averagePrice: null }] },
    ]);
    const shown = await runLine(["order", "show", "td-1"], createFakeApp({ orders: [told] }).app, { tty: true });
    expect(shown.out).toContain("0.001; the fills of 0.001 are still to be read");
  });

  it("prints what is stored when the exchange is away, says so, and ends with 7", async () => {
    const { app } = createFakeApp({ orders: [OPEN], reconcile: () => Promise.reject(unreachable()) });
    const { code, objects, errors } = await runLine(["order", "ls"], app);
    expect(code).toBe(7);
    expect(objects()).toMatchObject([{ stored: true, orders: [{ clientOrderId: "td-1" }] }]);
    expect(errors()).toMatchObject([
      { schema: "tapedeck.warning/1", message: expect.stringContaining("as stored") as string },
      { schema: "tapedeck.error/1", error: { code: "EXCHANGE_UNAVAILABLE" } },
    ]);
  });

  it("prints what is stored, with its age, when this machine's clock is too wrong to ask", async () => {
    const wrong = new AppError({
      code: "CLOCK_OFFSET_TOO_LARGE",
      message: "Asking the balances failed: this machine's clock is 20.0 s behind the exchange's.",
      exitCode: EXIT_CODES.configuration,
    });
    const { clientOrderId: id } = OPEN;
    const order = orderSample({ clientOrderId: id, updatedAt: 1_700_000_000_000 - 600_000 });
    const { app } = createFakeApp({ orders: [order], reconcile: () => Promise.reject(wrong) });
    const { code, objects, errors } = await runLine(["order", "ls"], app);
    expect(code).toBe(3);
    expect(objects()).toMatchObject([{ stored: true, orders: [{ clientOrderId: "td-1" }] }]);
    expect(errors()).toMatchObject([
      { schema: "tapedeck.warning/1", message: expect.stringMatching(/as stored.* 10 min old\.$/) as string },
      { schema: "tapedeck.error/1", error: { code: "CLOCK_OFFSET_TOO_LARGE" } },
    ]);
  });

  it("--stored asks nobody and names mode and account of each row", async () => {
    const { app, calls } = createFakeApp({ orders: [OPEN, ENDED], accountId: undefined });
    const { code, objects } = await runLine(["order", "ls", "--stored", "--open"], app);
    expect(code).toBe(0);
    expect(calls).toEqual(["close"]);
    expect(objects()).toMatchObject([
      { stored: true, orders: [{ mode: "live", account: "live:2", clientOrderId: "td-1" }] },
    ]);
  });
});

describe("order show", () => {
  it.each(["td-1", "C02__1"])("finds an order as %s", async (id) => {
    const { code, objects } = await runLine(["order", "show", id], createFakeApp({ orders: [OPEN] }).app);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([{ clientOrderId: "td-1", orderId: "C02__1", fills: [] }]);
  });

  it("says when nobody knows it", async () => {
    const { code, errors } = await runLine(["order", "show", "nope"], createFakeApp().app);
    expect(code).toBe(1);
    expect(errors()).toMatchObject([{ error: { code: "ORDER_NOT_FOUND" } }]);
  });

  it("asks the exchange for one placed elsewhere when its market is named", async () => {
    const fake = createFakeApp({
      refreshOrder: (key) =>
        Promise.resolve("orderId" in key ? fake.hold(orderSample({ origin: "foreign" })) : undefined),
    });
    const { code, objects } = await runLine(["order", "show", "C02__1", "--symbol", "btcusdt"], fake.app);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([{ origin: "foreign" }]);
  });

  it("shows the stored row when the exchange is away", async () => {
    const { app } = createFakeApp({ orders: [OPEN], reconcile: () => Promise.reject(unreachable()) });
    const { code, objects } = await runLine(["order", "show", "td-1"], app);
    expect(code).toBe(7);
    expect(objects()).toMatchObject([{ clientOrderId: "td-1" }]);
  });
});

describe("order cancel", () => {
  it("reconciles, cancels and prints the proven end", async () => {
    const { app, calls } = createFakeApp({ orders: [OPEN] });
    const { code, objects } = await runLine(["order", "cancel", "C02__1"], app);
    expect(code).toBe(0);
    expect(calls.slice(0, 2)).toEqual(["reconcile", "cancelOrder"]);
    expect(objects()).toMatchObject([{ clientOrderId: "td-1", state: "cancelled" }]);
  });

  type Result = Awaited<ReturnType<App["cancelOrder"]>>;
  const cancelling = orderSample({ state: "cancelling" });
  const filled = orderSample({ state: "filled", filledQuantity: quantity("0.001") });
  it.each<[string, Result, Order, number, string | undefined]>([
    [
      "requested, then proven",
      { kind: "requested", order: cancelling },
      orderSample({ state: "cancelled" }),
      0,
      undefined,
    ],
    ["requested, but filled first", { kind: "requested", order: cancelling }, filled, 1, "ORDER_ENDED"],
    ["already cancelled", { kind: "already-ended", order: orderSample({ state: "cancelled" }) }, OPEN, 0, undefined],
    ["already filled", { kind: "already-ended", order: filled }, OPEN, 1, "ORDER_ENDED"],
    ["rejected", { kind: "rejected", order: OPEN, reason: REASON }, OPEN, 6, "SCRIPTED"],
    ["not sent", { kind: "not-sent", order: OPEN, reason: REASON }, OPEN, 7, "SCRIPTED"],
    [
      "unknown, then proven",
      { kind: "unknown", order: OPEN, reason: REASON },
      orderSample({ state: "cancelled" }),
      0,
      undefined,
    ],
    ["not known here", { kind: "not-found" }, OPEN, 1, "ORDER_NOT_FOUND"],
  ])("%s", async (_what, result, later, exit, faultCode) => {
    const { app } = createFakeApp({
      orders: [OPEN],
      cancelOrder: () => Promise.resolve(result),
      refreshOrder: () => Promise.resolve(later),
    });
    const { code, errors } = await runLine(["order", "cancel", "td-1"], app);
    expect(code).toBe(exit);
    if (faultCode !== undefined) expect(errors()).toMatchObject([{ error: { code: faultCode } }]);
  });
});

it.each([
  [["order", "ls", "--symbol", ""], "market"],
  [["order", "ls", "--stored", "--symbol", " "], "market"],
  [["order", "show", ""], "order"],
  [["order", "show", "td-1", "--symbol", ""], "market"],
  [["order", "cancel", ""], "order"],
  [["order", "cancel", "td-1", "--symbol", ""], "market"],
  [["market", "show", ""], "market"],
  [["market", "watch", ""], "market"],
] as const)("takes the empty word of %j for a mistake, before anything is asked", async (line, what) => {
  const { app, calls } = createFakeApp({ orders: [OPEN] });
  const { code, errors } = await runLine(line, app);
  expect(code).toBe(2);
  expect(errors()).toMatchObject([{ error: { code: "USAGE", message: `No ${what} is named: the word is empty.` } }]);
  expect(calls.filter((call) => call !== "close")).toEqual([]);
});

describe("an order that was placed elsewhere", () => {
  const foreign = orderSample({ clientOrderId: clientOrderId("x-C02__1"), origin: "foreign" });
  const cancelIt = (answer: string | undefined, ...flags: string[]) => {
    const made = createFakeApp({ orders: [foreign] });
    const options = answer === undefined ? {} : { tty: true, answer };
    return runLine(["order", "cancel", "x-C02__1", ...flags], made.app, options).then((ran) => ({ ...ran, ...made }));
  };

  it("is tagged in the list, as a column and in JSON", async () => {
    const table = await runLine(["order", "ls", "--no-color"], createFakeApp({ orders: [foreign] }).app, { tty: true });
    expect(table.out).toMatch(/ORIGIN[^\n]*\n.* foreign /);
    const json = await runLine(["order", "ls"], createFakeApp({ orders: [foreign] }).app);
    expect(json.objects()).toMatchObject([{ orders: [{ origin: "foreign" }] }]);
  });

  it("is not cancelled by a script without --yes", async () => {
    const { code, calls, errors } = await cancelIt(undefined);
    expect([code, calls.includes("cancelOrder")]).toEqual([1, false]);
    expect(errors()).toMatchObject([{ error: { code: "NOT_CONFIRMED", notDone: "Nothing was cancelled." } }]);
    expect((await cancelIt(undefined, "--yes")).calls).toContain("cancelOrder");
  });

  it("is cancelled at a terminal after a question, and kept after any answer but yes", async () => {
    const kept = await cancelIt("");
    expect([kept.code, kept.calls.includes("cancelOrder")]).toEqual([1, false]);
    expect(kept.questions).toEqual([expect.stringContaining("was placed elsewhere. Cancel it?")]);
    expect((await cancelIt("y")).calls).toContain("cancelOrder");
  });

  it("is adopted by name, and then cancelled without a question", async () => {
    const made = createFakeApp({ orders: [foreign] });
    const adopted = await runLine(["order", "adopt", "C02__1"], made.app);
    expect(adopted.code).toBe(0);
    expect(adopted.objects()).toMatchObject([{ schema: "tapedeck.order/1", origin: "adopted", state: "open" }]);
    expect((await runLine(["order", "adopt", "x-C02__1"], made.app)).code).toBe(0);
    expect((await runLine(["order", "cancel", "x-C02__1"], made.app)).code).toBe(0);
  });

  it("is not adopted when nobody knows it", async () => {
    const { code, errors } = await runLine(["order", "adopt", "nobody"], createFakeApp().app);
    expect(code).toBe(1);
    expect(errors()).toMatchObject([{ error: { code: "ORDER_NOT_FOUND", notDone: "Nothing was adopted." } }]);
  });
});
