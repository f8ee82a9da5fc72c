import { afterEach, beforeEach, expect, it } from "vitest";
import type { AccountStorage } from "../../src/app/app-parts.ts";
import type { JournalBatch } from "../../src/core/ports/journal.ts";
import { accountId } from "../../src/core/domain/identifiers.ts";
import type { TestHome } from "../adapters/storage/samples.ts";
import { fixedClock, temporaryHome } from "../adapters/storage/samples.ts";
import { createFakeApp } from "../commands/fake-app.ts";
import { limitBuy, NOW } from "../core/domain/samples.ts";
import { createManualClock } from "../manual-clock.ts";
import { openScriptedApp } from "./session-parts.ts";

const signal = new AbortController().signal;
let home: TestHome;
beforeEach(() => {
  home = temporaryHome(fixedClock());
});
afterEach(() => {
  home.remove();
});

/** A process on the one database file; `beforeCommit` runs when it has decided and is about to write. */
function openProcess(beforeCommit: (batch: JournalBatch) => void = () => undefined) {
  const stored = home.open().forAccount({ accountId: accountId("demo:x"), mode: "demo" });
  const account: AccountStorage = {
    ...stored,
    journal: {
      ...stored.journal,
      commit: (batch) => {
        beforeCommit(batch);
        return stored.journal.commit(batch);
      },
    },
  };
  let sent = 0;
  const submit = () => {
    sent += 1;
    return { kind: "rejected", reason: { code: "SCRIPTED", message: "x" } } as const;
  };
  const place = { manual: createManualClock(NOW), account, settings: createFakeApp().app.settings };
  return { ...openScriptedApp({ submit }, place), stored, sent: () => sent };
}

it("sends nothing when another process halts between the risk check and the commit", async () => {
  const other = openProcess();
  let halts = false;
  const trader = openProcess(({ events }) => {
    if (!events.some(({ type }) => type === "order-intended")) return;
    halts = true;
    other.app.safety.setState({ kind: "halted", reason: "a panic elsewhere" });
  });
  await trader.app.reconcile(signal);
  expect(await trader.app.placeOrder(limitBuy(), signal)).toMatchObject({ denials: [{ code: "TRADING_HALTED" }] });
  expect({ halts, sent: trader.sent() }).toEqual({ halts: true, sent: 0 });
  expect(trader.stored.orders.list({})).toEqual([]);
  // From then on it knows by itself, before anything is written.
  expect(await trader.app.placeOrder(limitBuy(), signal)).toMatchObject({ denials: [{ code: "TRADING_HALTED" }] });
});

it("keeps the state over any number of restarts, until a person resumes", async () => {
  openProcess().app.safety.setState({ kind: "halted", reason: "a test" });
  for (let restart = 0; restart < 3; restart += 1) {
    const next = openProcess();
    await next.app.reconcile(signal);
    expect(next.app.safety.state()).toMatchObject({ state: { kind: "halted", reason: "a test" }, by: "person" });
    expect(await next.app.placeOrder(limitBuy(), signal)).toMatchObject({ kind: "denied" });
    expect(next.sent()).toBe(0);
  }
  openProcess().app.safety.setState({ kind: "active", reason: "tested" });
  const last = openProcess();
  await last.app.reconcile(signal);
  await last.app.placeOrder(limitBuy(), signal);
  expect(last.sent()).toBe(1);
});
