import { describe, expect, it } from "vitest";
import type { Balance } from "../../../src/core/domain/balance.ts";
import { asset, clientOrderId, orderId } from "../../../src/core/domain/identifiers.ts";
import { holdRows } from "../../../src/core/domain/ledger-rows.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import type { Order, OrderReport } from "../../../src/core/domain/order.ts";
import { diffAccount } from "../../../src/core/domain/reconcile.ts";
import { EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { NOW, orderSample, report, withoutOrderId } from "./samples.ts";

/** Long enough after the order's last change that no list can be behind it. */
const ASKED_AT = NOW + 60_000;

function differences(orders: readonly Order[], openOrders: readonly OrderReport[], askedAt = ASKED_AT) {
  const ledger = holdRows(EMPTY_LEDGER, { orders, fills: [] });
  return diffAccount(ledger, { balances: [], openOrders, askedAt });
}
const kinds = (...of: Parameters<typeof differences>) =>
  differences(...of).map(({ kind, action, subject }) => [kind, action, subject]);

const open = orderSample({ size: { kind: "base", quantity: quantity("0.1") } });
const { clientOrderId: _none, ...nameless } = report({ orderId: orderId("C02__77") });

describe("orders", () => {
  it("that both sides hold alike are no difference", () => {
    expect(kinds([open], [report()])).toEqual([]);
    expect(kinds([{ ...open, state: "cancelling" }], [report()])).toEqual([]);
    expect(kinds([{ ...open, state: "filled" }], [])).toEqual([]);
  });

  it.each<[string, readonly Order[], readonly OrderReport[], readonly unknown[]]>([
    ["placed on the web", [], [nameless], ["foreign-seen", "adopt", "x-C02__77"]],
    [
      "placed by another tool under an id of its own",
      [],
      [report({ clientOrderId: clientOrderId("bot-7") })],
      ["foreign-seen", "adopt", "bot-7"],
    ],
    [
      "placed under an id as we mint them, and not in this database",
      [],
      [report({ clientOrderId: clientOrderId("td01KB2Q7P4M8Z6S9T1V3W5X7Y9A") })],
      ["order-missing-here", "adopt", "td01KB2Q7P4M8Z6S9T1V3W5X7Y9A"],
    ],
    [
      "a second one under the client id of ours",
      [open],
      [report(), report({ orderId: orderId("C02__2") })],
      ["second-order", "cancel", "x-C02__2"],
    ],
    ["resting here and not listed there", [open], [], ["order-missing-there", "investigate", "td-1"]],
    [
      "with a cancel under way and not listed",
      [{ ...open, state: "cancelling" }],
      [],
      ["order-missing-there", "investigate", "td-1"],
    ],
    [
      "never answered, not listed",
      [withoutOrderId({ ...open, state: "unknown" })],
      [],
      ["outcome-unknown", "investigate", "td-1"],
    ],
    [
      "never answered, listed",
      [withoutOrderId({ ...open, state: "submitted" })],
      [report()],
      ["state-differs", "adopt", "td-1"],
    ],
    ["vanished before", [{ ...open, state: "unknown" }], [], ["order-vanished", "investigate", "td-1"]],
    [
      "held as refused and open there",
      [withoutOrderId({ ...open, state: "rejected" })],
      [report()],
      ["state-differs", "adopt", "td-1"],
    ],
    [
      "held as ended and open there",
      [{ ...open, state: "cancelled" }],
      [report()],
      ["state-differs", "investigate", "td-1"],
    ],
    [
      "ended, with executions that have no fills",
      [{ ...open, state: "cancelled", reportedQuantity: quantity("0.04") }],
      [],
      ["fill-missing-here", "adopt", "td-1"],
    ],
    [
      "with a fill that the exchange does not count",
      [{ ...open, state: "partially-filled", filledQuantity: quantity("0.04"), reportedQuantity: quantity("0.04") }],
      [report()],
      ["fill-unknown-there", "investigate", "td-1"],
    ],
  ])("%s", (_what, orders, listed, expected) => {
    expect(kinds(orders, listed)).toEqual([expected]);
  });

  it("executed further than we know lack their fills as well", () => {
    const further = report({ status: "partially-filled", executedQuantity: quantity("0.04") });
    expect(kinds([open], [further]).map(([kind]) => kind)).toEqual(["state-differs", "fill-missing-here"]);
  });

  it("that we heard the end of just now are ignored: the list is behind", () => {
    const ended = { ...open, state: "cancelled" } as const;
    expect(kinds([ended], [report()], NOW + 1_000)).toEqual([["state-differs", "ignore", "td-1"]]);
  });

  it("whose second one was adopted are settled", () => {
    const second = orderSample({ clientOrderId: clientOrderId("x-C02__2"), orderId: orderId("C02__2") });
    const listed = [report(), report({ orderId: orderId("C02__2") })];
    expect(kinds([open, { ...second, origin: "foreign" }], listed).map(([kind]) => kind)).toEqual(["second-order"]);
    expect(kinds([open, { ...second, origin: "adopted" }], listed)).toEqual([]);
  });

  it("are told in the words of both sides", () => {
    const further = report({ status: "partially-filled", executedQuantity: quantity("0.04") });
    expect(differences([open], [further])[0]).toMatchObject({
      symbol: "BTCUSDT",
      ours: "open, 0 filled",
      theirs: "partially-filled, 0.04 filled",
    });
  });
});

describe("balances", () => {
  const balance = (name: string, free: string, at = NOW): Balance => ({
    asset: asset(name),
    free: quantity(free),
    locked: quantity("0"),
    at,
  });
  const compared = (held: readonly Balance[], told: readonly Balance[]) => {
    const balances = new Map(held.map((it) => [it.asset, it]));
    return diffAccount({ ...EMPTY_LEDGER, balances }, { balances: told, openOrders: [], askedAt: ASKED_AT });
  };

  it("differ by asset, one that is left out being empty, and nothing differs from a first snapshot", () => {
    expect(compared([], [balance("USDT", "5")])).toEqual([]);
    expect(compared([balance("USDT", "5")], [balance("USDT", "5", NOW + 9)])).toEqual([]);
    const found = compared([balance("USDT", "5"), balance("BTC", "1")], [balance("USDT", "6", NOW + 9)]);
    expect(found.map(({ subject, ours, theirs }) => [subject, ours, theirs])).toEqual([
      ["USDT", "5 free, 0 locked", "6 free, 0 locked"],
      ["BTC", "1 free, 0 locked", "0 free, 0 locked"],
    ]);
  });

  it("that a push brought after the snapshot was taken do not differ from it", () => {
    expect(compared([balance("USDT", "5", NOW + 9)], [balance("USDT", "6", NOW)])).toEqual([]);
  });
});
