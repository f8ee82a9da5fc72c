import { describe, expect, it } from "vitest";
import type { ProofWish } from "../../../src/app/runtime/balance-proof.ts";
import { createBalanceProof } from "../../../src/app/runtime/balance-proof.ts";
import type { BalanceFacts } from "../../../src/app/runtime/name-balance-changes.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import type { BalanceSnapshot, SymbolExecution } from "../../../src/core/domain/explain-balances.ts";
import { explainBalances } from "../../../src/core/domain/explain-balances.ts";
import { asset, tradeId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import { applyEvent, EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import type { StoredTransfer } from "../../../src/core/domain/transfer.ts";
import { BTCUSDT, fill, NOW } from "../../core/domain/samples.ts";

const HOUR = 3_600_000;
const SETTLED: ProofWish = { hasSettled: () => true, isAccepted: false };
const FRESH: ProofWish = { hasSettled: () => false, isAccepted: false };
const snapshot = (at: number, totals: Readonly<Record<string, string>>): BalanceSnapshot => ({
  at,
  totals: new Map(Object.entries(totals).map(([name, total]) => [asset(name), quantity(total)])),
});
const deposit = (amount: string, over: Partial<StoredTransfer> = {}): StoredTransfer => ({
  transferId: "d1",
  kind: "deposit",
  asset: asset("USDT"),
  quantity: quantity(amount),
  state: "done",
  at: NOW + HOUR / 2,
  pendingUntil: undefined,
  worth: undefined,
  ...over,
});

/** A proof over a scripted past, with everything that was published. */
function setup(facts: Partial<BalanceFacts> & { readonly fills?: readonly SymbolExecution[] } = {}) {
  const settings = new Map<string, string>();
  const journal: DomainEvent[] = [];
  let ledger = EMPTY_LEDGER;
  const past = { fills: facts.fills ?? [], transfers: facts.transfers ?? [] };
  const marketOf = (symbol: string) => (symbol === BTCUSDT.symbol ? BTCUSDT : undefined);
  const open = () =>
    createBalanceProof({
      context: {
        ledger: () => ledger,
        publish: (events) => {
          for (const event of events) {
            journal.push(event);
            ledger = applyEvent(ledger, event, NOW).ledger;
          }
        },
      },
      settings: { get: (key) => settings.get(key), set: (key, value) => void settings.set(key, value) },
      accountId: "demo:1",
      explain: (from, to) => explainBalances({ from, to, ...past, marketOf }),
      facts: () => ({ transfers: past.transfers, holes: facts.holes ?? [], marketOf, unread: facts.unread ?? [] }),
    });
  const prove = open();
  prove(snapshot(NOW, { USDT: "1000", BTC: "1" }), SETTLED);
  return { prove, open, journal, settings, past };
}

const later = (totals: Readonly<Record<string, string>>, hours = 1) => snapshot(NOW + hours * HOUR, totals);

describe("the proof of the balances", () => {
  it("begins with the first balances, and is silent while nothing has changed", () => {
    const { prove, journal } = setup();
    expect(prove(later({ USDT: "1000", BTC: "1" }), SETTLED)).toMatchObject({
      explanation: { kind: "known", value: { since: NOW, changes: [] } },
      differences: [],
    });
    expect(journal).toEqual([]);
  });

  it("goes on from where all was accounted for, in another process, too, and keeps it in the journal", () => {
    const { prove, open, journal } = setup({ transfers: [deposit("250")] });
    const { differences } = prove(later({ USDT: "1250", BTC: "1" }), FRESH);
    expect(differences).toMatchObject([{ kind: "transfer-seen", subject: "USDT d1", outcome: "settled" }]);
    expect(journal.map(({ type }) => type)).toEqual(["difference-found", "difference-settled", "balances-explained"]);
    const next = open()(later({ USDT: "1250", BTC: "1" }, 2), FRESH);
    expect(next).toMatchObject({ explanation: { value: { since: NOW + HOUR } }, differences: [] });
  });

  it("gives a fill time to be listed: nobody is called before that, and what it explains is forgotten", () => {
    const { prove, journal, past } = setup();
    const bought = { USDT: "900", BTC: "2" };
    expect(prove(later(bought), FRESH).differences).toMatchObject([{ outcome: "waiting" }, { outcome: "waiting" }]);
    const at = NOW + HOUR / 2;
    past.fills = [fill({ quantity: quantity("1"), price: price("100"), at, tradeId: tradeId("late") })];
    expect(prove(later(bought, 2), SETTLED).differences).toEqual([]);
    const ends = journal.flatMap((event) => (event.type === "difference-settled" ? [event.difference.outcome] : []));
    expect(ends).toEqual(["waiting", "waiting", "settled", "settled"]);
  });

  it("calls for a person again and again for what nothing explains, until it is taken over", () => {
    const { prove, journal } = setup();
    const odd = { USDT: "1001.5", BTC: "1" };
    for (let hours = 1; hours < 3; hours += 1) {
      expect(prove(later(odd, hours), SETTLED).differences).toMatchObject([
        {
          kind: "balance-unexplained",
          subject: "USDT",
          outcome: "needs-person",
          ours: expect.stringContaining("1000 by fills"),
          theirs: "1001.5",
          result: expect.stringContaining("+1.5 USDT: no fill and no transfer brought it"),
        },
      ]);
    }
    // An amount that may still be explained is not taken over with the others.
    expect(prove(later(odd, 3), { ...FRESH, isAccepted: true }).differences).toMatchObject([{ outcome: "waiting" }]);
    expect(prove(later(odd, 4), { ...SETTLED, isAccepted: true }).differences).toMatchObject([{ outcome: "settled" }]);
    expect(journal.at(-1)).toMatchObject({ type: "balances-explained", isAccounted: true, since: NOW });
    expect(prove(later(odd, 5), SETTLED).differences).toEqual([]);
  });

  it("names the hole that the missing fills lie in, and the list that could not be read", () => {
    const hole = { symbol: BTCUSDT.symbol, kind: "fills", from: NOW + 60_000, until: NOW + 120_000 } as const;
    const unread = ["the deposits could not be read, so they are in no figure: no right"];
    const { prove } = setup({ holes: [hole], unread });
    const [btc] = prove(later({ USDT: "1000", BTC: "2" }), SETTLED).differences;
    expect(btc?.result).toContain(`fills of ${BTCUSDT.symbol} between ${new Date(hole.from).toISOString()} and`);
    expect(btc?.result).toContain("the deposits could not be read");
  });

  it("waits in peace for a withdrawal that is under way", () => {
    const going = deposit("-100", { kind: "withdrawal", state: "pending" });
    const { prove, past } = setup({ transfers: [going] });
    const gone = { USDT: "900", BTC: "1" };
    expect(prove(later(gone), SETTLED).differences).toMatchObject([{ subject: "USDT", outcome: "ignored" }]);
    past.transfers = [{ ...going, state: "done" }];
    expect(prove(later(gone, 2), SETTLED).differences).toMatchObject([{ kind: "transfer-seen", outcome: "settled" }]);
  });

  it("begins anew when what was kept cannot be read", () => {
    const { prove, settings } = setup();
    for (const broken of ["", "[]", '{"at":1,"totals":{"USDT":5}}']) {
      settings.set("balances-accounted:demo:1", broken);
      expect(prove(later({ USDT: "5" }), SETTLED).explanation.kind).toBe("unknown");
    }
  });
});
