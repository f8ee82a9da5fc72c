import { describe, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import type { ArchiveRange } from "../../../src/core/domain/archive.ts";
import type { SettledDifference } from "../../../src/core/domain/difference.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { createFakeApp, unreachable } from "../fake-app.ts";
import { NOTHING_PROVEN } from "../fake-books.ts";
import { runLine } from "../run-line.ts";

const FOREIGN: SettledDifference = {
  kind: "foreign-seen",
  action: "adopt",
  subject: "x-C02__7",
  symbol: marketSymbol("BTCUSDT"),
  theirs: "open, 0 filled",
  outcome: "settled",
  result: "held as foreign from now on",
};
const VANISHED: SettledDifference = {
  kind: "order-vanished",
  action: "investigate",
  subject: "td-1",
  symbol: marketSymbol("BTCUSDT"),
  ours: "unknown, 0 filled",
  outcome: "needs-person",
  result: "the exchange shows no trace of it; it counts as unknown",
};

/** An app whose rounds find what is scripted, the last one again and again. */
function appFinding(...rounds: readonly (readonly SettledDifference[])[]) {
  let round = 0;
  const made = createFakeApp({
    compare: () => Promise.resolve(rounds[0] ?? []),
    reconcile: () => {
      const differences = rounds[Math.min(round, rounds.length - 1)] ?? [];
      round += 1;
      return Promise.resolve({
        takenBalances: [],
        ordersChecked: 3,
        fillsAdded: 1,
        foreignFound: 0,
        unresolved: [],
        differences,
      });
    },
  });
  return { ...made, rounds: () => round };
}

describe("reconcile", () => {
  it("is clean when what differed was settled, and says what that was", async () => {
    const { code, objects } = await runLine(["reconcile"], appFinding([FOREIGN]).app);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([
      {
        schema: "tapedeck.reconcile/1",
        mode: "demo",
        clean: true,
        ordersChecked: 3,
        fillsAdded: 1,
        differences: [
          {
            kind: "foreign-seen",
            action: "adopt",
            outcome: "settled",
            ours: null,
            next: "tapedeck order adopt x-C02__7",
          },
        ],
      },
    ]);
  });

  it("ends with 9 and the next command when something needs a person", async () => {
    const { code, objects, errors } = await runLine(["reconcile"], appFinding([FOREIGN, VANISHED]).app);
    expect(code).toBe(9);
    expect(objects()).toMatchObject([{ clean: false, differences: [{}, { outcome: "needs-person" }] }]);
    expect(errors()).toMatchObject([
      {
        error: {
          code: "RECONCILE_NEEDS_PERSON",
          message: "1 difference needs a person.",
          notDone: "Nothing was sent again, and nothing was cancelled.",
          hint: "Next: `tapedeck order write-off td-1 --reason TEXT --yes`.",
        },
      },
    ]);
  });

  it("looks again while time alone may settle an outcome, and ends with 9 when it never does", async () => {
    const waiting: SettledDifference = {
      ...VANISHED,
      kind: "outcome-unknown",
      outcome: "waiting",
      result: "asked again",
    };
    const settled: SettledDifference = { ...waiting, outcome: "settled", result: "now expired, 0 filled" };
    const made = appFinding([waiting], [waiting], [settled]);
    const ended = await runLine(["reconcile"], made.app);
    expect([ended.code, made.rounds()]).toEqual([0, 3]);
    expect(ended.objects()).toMatchObject([{ clean: true, differences: [{ outcome: "settled" }] }]);
    const never = await runLine(["reconcile"], appFinding([waiting]).app);
    expect(never.code).toBe(9);
  });

  it("ends with 7 when the exchange gives no answer, and says that nothing was done", async () => {
    const { app } = createFakeApp({ reconcile: () => Promise.reject(unreachable()) });
    const { code, out, errors } = await runLine(["reconcile"], app);
    expect([code, out]).toEqual([7, ""]);
    expect(errors()).toMatchObject([{ error: { code: "EXCHANGE_UNAVAILABLE" } }]);
  });

  it("only shows with --dry-run", async () => {
    const { outcome: _outcome, result: _result, ...found } = VANISHED;
    const made = appFinding([found as SettledDifference]);
    const { code, objects } = await runLine(["reconcile", "--dry-run"], made.app);
    expect([code, made.rounds(), made.calls]).toEqual([9, 0, ["close"]]);
    expect(objects()).toMatchObject([{ dryRun: true, differences: [{ kind: "order-vanished", outcome: null }] }]);
    expect((await runLine(["reconcile", "--dry-run"], appFinding([]).app)).code).toBe(0);
  });

  it("is a table at a terminal", async () => {
    const { out } = await runLine(["reconcile", "--no-color"], appFinding([VANISHED]).app, { tty: true, columns: 160 });
    expect(out).toContain("order vanished there");
    expect(out).toMatch(/need a person\s+1/);
  });

  it("pulls the past as well, and tells of a hole it found and of a market that is gone", async () => {
    const { app } = createFakeApp({
      ...holding([RANGE, AFTER_A_HOLE]),
      reconcileWhole: async (signal) => ({
        ...(await app.reconcile(signal)),
        archive: { markets: [BTC], holes: [HOLE], differences: [], refused: new Map([[BTC, "Gone."]]) },
        balances: NOTHING_PROVEN,
      }),
    });
    const { code, objects, errors } = await runLine(["reconcile"], app);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([{ clean: true, holes: [{ kind: "fills", fillable: false }] }]);
    expect(errors().map(({ message }) => message)).toEqual([
      "BTCUSDT: executions from 2026-01-01T00:00:00.000Z to 2026-01-11T00:00:00.000Z may be missing, and the exchange no longer lists them.",
      "The past of BTCUSDT cannot be asked for: Gone.",
    ]);
  });
});

const BTC = marketSymbol("BTCUSDT");
const START = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 3_600_000;
const RANGE: ArchiveRange = { symbol: BTC, kind: "fills", from: START - DAY_MS, until: START };
const AFTER_A_HOLE: ArchiveRange = {
  symbol: BTC,
  kind: "fills",
  from: START + 10 * DAY_MS,
  until: START + 11 * DAY_MS,
};
const HOLE: ArchiveRange = { symbol: BTC, kind: "fills", from: START, until: START + 10 * DAY_MS };

function holding(ranges: readonly ArchiveRange[]): Partial<App> {
  const { stored } = createFakeApp().app;
  return stored === undefined ? {} : { stored: { ...stored, archive: { ranges: () => ranges } } };
}

describe("the holes of the past", () => {
  it("are listed with their dates, and nobody is asked", async () => {
    const made = createFakeApp(holding([RANGE, AFTER_A_HOLE]));
    const { code, objects } = await runLine(["reconcile", "--holes"], made.app);
    expect([code, made.calls]).toEqual([0, ["close"]]);
    expect(objects()).toEqual([
      {
        schema: "tapedeck.holes/1",
        mode: "demo",
        holes: [
          {
            symbol: "BTCUSDT",
            kind: "fills",
            from: "2026-01-01T00:00:00.000Z",
            until: "2026-01-11T00:00:00.000Z",
            fillable: false,
          },
        ],
      },
    ]);
    expect((await runLine(["reconcile", "--holes"], createFakeApp().app)).objects()).toMatchObject([{ holes: [] }]);
    expect((await runLine(["reconcile", "--holes", "--dry-run"], made.app)).code).toBe(2);
  });

  it("are counted by the doctor, with the command that lists them", async () => {
    const check = async (ranges: readonly ArchiveRange[]) => {
      const { objects } = await runLine(["doctor", "--json"], createFakeApp(holding(ranges)).app);
      const [told] = objects() as unknown as { checks: { name: string }[] }[];
      return told?.checks.find(({ name }) => name === "past");
    };
    expect(await check([RANGE])).toMatchObject({ status: "ok", detail: "kept of 1 market" });
    expect(await check([RANGE, AFTER_A_HOLE])).toMatchObject({
      status: "warn",
      detail: "kept of 1 market, with 1 hole that the exchange cannot fill",
      next: "See their dates with `tapedeck reconcile --holes`.",
    });
  });
});
