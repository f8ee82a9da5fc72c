import { afterEach, beforeEach, expect, it } from "vitest";
import type { App, PlaceOrderResult } from "../../src/app/app.ts";
import type { AccountStorage } from "../../src/app/app-parts.ts";
import type { OrderIntent } from "../../src/core/domain/events.ts";
import { accountId, orderId } from "../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../src/core/domain/money.ts";
import type { RiskLimits } from "../../src/core/domain/risk-request.ts";
import type { SubmitOutcome } from "../../src/core/ports/exchange-gateway.ts";
import type { TestHome } from "../adapters/storage/samples.ts";
import { intentBatch, temporaryHome } from "../adapters/storage/samples.ts";
import { limitBuy, NOW } from "../core/domain/samples.ts";
import type { ManualClock } from "../manual-clock.ts";
import { createManualClock } from "../manual-clock.ts";
import { openScriptedApp } from "./session-parts.ts";

const signal = new AbortController().signal;
/** One purchase of `limitBuy` fits, two do not. */
const ROOM_FOR_ONE = { exposurePerSymbol: new Map([["USDT", notional("9000")]]) };
const LOST: SubmitOutcome = { kind: "unknown", reason: { code: "SCRIPTED", message: "no answer" } };

let manual: ManualClock;
let home: TestHome;
let sent: OrderIntent[];
beforeEach(() => {
  manual = createManualClock(NOW);
  home = temporaryHome(manual.clock);
  sent = [];
});
afterEach(() => {
  home.remove();
});

interface Person {
  readonly limits?: Partial<RiskLimits>;
  readonly outcome?: SubmitOutcome;
  /** Something that happens just before this process commits an intent. */
  readonly beforeIntent?: () => void;
}

/** One process of the account, with its own memory and its own connection to the file they share. */
async function open({ limits = {}, outcome = LOST, beforeIntent = () => undefined }: Person = {}): Promise<App> {
  const storage = home.open();
  const account = storage.forAccount({ accountId: accountId("demo:x"), mode: "demo" });
  const journal: AccountStorage["journal"] = {
    ...account.journal,
    commit(batch) {
      if (batch.events.some(({ type }) => type === "order-intended")) beforeIntent();
      return account.journal.commit(batch);
    },
  };
  const submit = (intent: OrderIntent) => {
    sent.push(intent);
    return outcome;
  };
  const place = { manual, account: { ...account, journal }, settings: storage.settings };
  const { app } = openScriptedApp({ submit, limits }, place);
  await app.reconcile(signal);
  return app;
}

const codes = (result: PlaceOrderResult) =>
  result.kind === "denied" ? result.denials.map(({ code }) => code) : "left";

it.each<[string, Partial<RiskLimits>, string]>([
  ["what is at stake in a market", ROOM_FOR_ONE, "SYMBOL_EXPOSURE_TOO_LARGE"],
  ["the open orders", { maxOpenOrders: 1 }, "TOO_MANY_OPEN_ORDERS"],
  ["the orders of a minute", { ordersPerMinute: 1 }, "ORDER_RATE_TOO_HIGH"],
])("counts an order of another process whose outcome is not known against %s", async (_what, limits, code) => {
  const [first, second] = [await open(), await open({ limits })];
  await first.placeOrder(limitBuy(), signal);
  expect(codes(await second.placeOrder(limitBuy(), signal))).toEqual([code]);
  expect(sent).toHaveLength(1);
});

it("counts an order of another process against the pace though it has ended", async () => {
  const refused: SubmitOutcome = { kind: "rejected", reason: { code: "SCRIPTED", message: "no" } };
  const [first, second] = [await open({ outcome: refused }), await open({ limits: { ordersPerMinute: 1 } })];
  await first.placeOrder(limitBuy(), signal);
  expect(codes(await second.placeOrder(limitBuy(), signal))).toEqual(["ORDER_RATE_TOO_HIGH"]);
});

it("lets an order that another process has seen end make room again", async () => {
  const [first, second] = [await open(), await open({ limits: ROOM_FOR_ONE })];
  await first.placeOrder(limitBuy(), signal);
  expect(codes(await second.placeOrder(limitBuy(), signal))).not.toBe("left");
  await manual.advance(17_000);
  await first.reconcile(signal);
  expect(codes(await second.placeOrder(limitBuy(), signal))).toBe("left");
});

it("lets only one of two processes take the last room, though each found it free", async () => {
  const theirs = home.open().forAccount({ accountId: accountId("demo:x"), mode: "demo" }).journal;
  let isFirst = true;
  const second = await open({
    limits: ROOM_FOR_ONE,
    beforeIntent() {
      // The other one commits its intent between our look and our commit.
      if (isFirst) theirs.commit(intentBatch("td-theirs", { size: { kind: "base", quantity: quantity("0.1") } }));
      isFirst = false;
    },
  });
  expect(codes(await second.placeOrder(limitBuy(), signal))).toEqual(["SYMBOL_EXPOSURE_TOO_LARGE"]);
  expect(sent).toHaveLength(0);
});

it("lets an order leave though another process writes something else meanwhile", async () => {
  const first = await open();
  let writes = 0;
  const second = await open({
    limits: ROOM_FOR_ONE,
    beforeIntent() {
      writes += 1;
      if (writes < 3) first.safety.setState({ kind: "active", reason: `told ${writes} times` });
    },
  });
  expect(codes(await second.placeOrder(limitBuy(), signal))).toBe("left");
  expect([writes, sent.length]).toEqual([3, 1]);
});

it("sends nothing, and says why, when others never stop writing", async () => {
  const first = await open();
  let writes = 0;
  const second = await open({
    beforeIntent: () => void first.safety.setState({ kind: "active", reason: `told ${(writes += 1)} times` }),
  });
  await expect(second.placeOrder(limitBuy(), signal)).rejects.toMatchObject({ code: "CHANGED_MEANWHILE" });
  expect(sent).toEqual([]);
});

it("lets only one of two orders of one process take the last room", async () => {
  const app = await open({ limits: ROOM_FOR_ONE, outcome: { kind: "accepted", orderId: orderId("C02__1") } });
  const results = await Promise.all([app.placeOrder(limitBuy(), signal), app.placeOrder(limitBuy(), signal)]);
  expect(results.map(codes)).toEqual(["left", ["SYMBOL_EXPOSURE_TOO_LARGE"]]);
});
