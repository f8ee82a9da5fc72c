import type { ExchangeTime } from "../../core/domain/exchange-time.ts";
import { onExchangeClock } from "../../core/domain/exchange-time.ts";
import type { BackupStatus } from "../../app/backups.ts";
import type { GuardStatus } from "../../core/domain/guard-status.ts";
import { heartbeatAge } from "../../core/domain/guard-lease.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import { formatMoney } from "../../core/domain/money.ts";
import { levelOf } from "../../core/domain/guarding/trigger-level.ts";
import { describeLegRule } from "../../core/domain/protection-words.ts";
import type { Protection, ProtectionLeg } from "../../core/domain/protection.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Column } from "../output/table.ts";
import type { MarketRow } from "./guard-json.ts";
import { isoTime } from "../output/iso-time.ts";
import { COVERAGE_COLUMNS, storedCoverage } from "./guard-coverage.ts";
import { answerLine, MEND_BACKUPS, marketsOf, nextStep, statusJson, seenAgeMs } from "./guard-json.ts";

export const guardStatusCommand = defineCommand({
  path: ["guard", "status"],
  summary: "Show who guards, what is watched, and what waits for your answer.",
  details: [
    "Reads what the processes of this machine have left on disk; asks the exchange nothing.",
    "Exit code 0: everything that is armed is guarded. 9: something needs a person; what, and the command to try, is said.",
    "An exit whose outcome is not known, or that was refused, is among it.",
    "Of each protection: what it covers of the position, the level of each leg as it stands, a trailing stop's with it, and of",
    "an open question its prices, since when nobody watched, and the command that answers it.",
    'JSON: {"schema":"tapedeck.guard-status/1","mode":…,"guardian":…,"elsewhere":…,"markets":[…],"protections":[…],"concerns":[…]}.',
  ],
  examples: [
    { line: "tapedeck guard status", what: "the holder of the lease, markets, protections, open questions" },
    { line: "tapedeck guard status --json", what: "for scripts: exit code 9 calls for a person" },
  ],
  next: "tapedeck guard run",
  run: ({ print, fail, withApp }) =>
    withApp((app) => {
      const status = app.guarding.status();
      const now = app.now();
      const backups = app.backupStatus?.();
      const legs = legRows(status);
      const coverages = status.protections.map((protection) => storedCoverage(app, protection));
      const exchangeNow = onExchangeClock(now, app.health().clock?.offsetMs ?? 0);
      print.record({
        schema: "tapedeck.guard-status/1",
        json: statusJson(status, now, exchangeNow, backups, coverages),
        fields: [
          ["guardian", holderText(status, now)],
          ["trading", tradingText(status)],
          ["protections", String(status.protections.length)],
          ...(backups === undefined ? [] : [["backups", backupText(backups)] as const]),
        ],
        below: [
          ...section(print.table(MARKET_COLUMNS, rowsWithAge(status, exchangeNow)), marketsOf(status).length),
          ...section(print.table(COVERAGE_COLUMNS, coverages), coverages.length),
          ...section(print.table(LEG_COLUMNS, legs), status.protections.length),
          ...legs.flatMap(({ protection, leg }) => questionLines(protection, leg)),
        ],
      });
      const [first] = status.concerns;
      const ofBackups = backups?.concerns ?? [];
      if (first === undefined && ofBackups.length === 0) return Promise.resolve(EXIT_CODES.ok);
      const message = [...status.concerns.map(({ what }) => what), ...ofBackups].join(" ");
      const fault = {
        code: "GUARD_NEEDS_YOU",
        message,
        // Of an exit whose outcome nobody knows, nobody knows that either.
        notDone: status.concerns.some(({ kind }) => kind === "exit-unproven")
          ? "Nothing more is sold until it is known what became of the exit."
          : "Nothing was sold because of it.",
        hint: `Try \`${first === undefined ? MEND_BACKUPS : nextStep(first)}\`.`,
      };
      return Promise.resolve(fail(fault, EXIT_CODES.partial));
    }),
});

/** What is asked, with every price that somebody decides by, and the command that answers. */
function questionLines(protection: Protection, leg: ProtectionLeg): readonly string[] {
  const { question } = leg;
  if (leg.state !== "asking" || question === undefined) return [];
  const level = levelOf(leg)?.price;
  const prices = [
    ...(level === undefined ? [] : [`level ${formatMoney(level)}`]),
    ...(question.worstPrice === undefined ? [] : [`worst price meanwhile ${formatMoney(question.worstPrice)}`]),
    ...(question.seenPrice === undefined ? [] : [`price when it asked ${formatMoney(question.seenPrice)}`]),
  ];
  return [
    "",
    `${leg.legId} of ${protection.symbol} asks: crossed while nobody watched, since ${isoTime(question.since)}.`,
    ...(prices.length === 0 ? [] : [`  ${prices.join(", ")}`]),
    `  asked at ${isoTime(question.at)}; answer with \`${answerLine(protection, leg)}\``,
  ];
}

function section(lines: readonly string[], count: number): readonly string[] {
  return count === 0 ? [] : ["", ...lines];
}

function holderText({ lease, isAlive, elsewhere }: GuardStatus, now: Timestamp): string {
  if (elsewhere?.isLetGo === true) return "nobody; this machine waits for the remote to give it the guarding";
  if (elsewhere !== undefined) {
    const seconds = Math.max(0, now - elsewhere.seenAt) / 1_000;
    return `the machine ${elsewhere.host}, last heard of ${seconds.toFixed(0)} s ago`;
  }
  if (lease === undefined) return "nobody";
  const age = `${(heartbeatAge(lease, now) / 1_000).toFixed(1)} s ago`;
  if (isAlive) return `process ${lease.pid} on ${lease.host}, heartbeat ${age}`;
  return lease.released
    ? `nobody; process ${lease.pid} ended in good order`
    : `nobody; process ${lease.pid} was last heard of ${age}`;
}

function backupText({ concerns, notes }: BackupStatus): string {
  const [first] = concerns;
  if (first !== undefined) return first;
  return notes.created === undefined ? "none yet" : `the last one at ${isoTime(notes.created.at)}`;
}

function tradingText({ tradingState }: GuardStatus): string {
  return tradingState.kind === "active" ? "active" : `${tradingState.kind}: ${tradingState.reason}`;
}

type AgedMarket = MarketRow & { readonly age: string | undefined };

function rowsWithAge(status: GuardStatus, exchangeNow: ExchangeTime): readonly AgedMarket[] {
  return marketsOf(status).map((row) => ({
    ...row,
    age: row.seenUntil === undefined ? undefined : `${(seenAgeMs(row.seenUntil, exchangeNow) / 1_000).toFixed(1)} s`,
  }));
}

const MARKET_COLUMNS: readonly Column<AgedMarket>[] = [
  { title: "MARKET", value: ({ symbol }) => symbol },
  { title: "WATCH", value: ({ state }) => state },
  {
    title: "LAST",
    value: ({ lastPrice }) => (lastPrice === undefined ? undefined : formatMoney(lastPrice)),
    align: "right",
  },
  { title: "SEEN", value: ({ age }) => age, align: "right" },
];

interface LegRow {
  readonly protection: Protection;
  readonly leg: ProtectionLeg;
}

function legRows({ protections }: GuardStatus): readonly LegRow[] {
  return protections.flatMap((protection) => protection.legs.map((leg) => ({ protection, leg })));
}

const LEG_COLUMNS: readonly Column<LegRow>[] = [
  { title: "PROTECTION", value: ({ protection }) => protection.protectionId },
  { title: "MARKET", value: ({ protection }) => protection.symbol },
  { title: "LEG", value: ({ leg }) => leg.legId },
  { title: "WHAT", value: ({ leg }) => describeLegRule(leg) },
  {
    title: "LEVEL",
    value: ({ leg }) => {
      const level = levelOf(leg);
      return level === undefined ? undefined : formatMoney(level.price);
    },
    align: "right",
  },
  { title: "STATE", value: ({ leg }) => (leg.blocked === undefined ? leg.state : `${leg.state}, blocked`) },
];
