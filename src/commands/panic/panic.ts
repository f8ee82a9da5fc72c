import type { App } from "../../app/app.ts";
import type { PanicReport } from "../../app/safety.ts";
import { totalOf } from "../../core/domain/balance.ts";
import { cancelProgressText } from "../../core/domain/cancel-progress.ts";
import { AppError } from "../../core/domain/errors.ts";
import { formatMoney } from "../../core/domain/money.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { cancelReportFields, cancelReportJson, remainder, remainingLines } from "../order/cancel-report.ts";
import { warnOfAnomalies } from "../order/prove-outcome.ts";

/** An order whose request got lost can be called absent only after 16 s. */
const DEFAULT_TIMEOUT_S = 45;
const LONGEST_REASON = 200;

export const panicCommand = defineCommand({
  path: ["panic"],
  summary: "Halt trading everywhere, cancel every open order, and say what remains.",
  details: [
    "The halt comes first and is on disk: no process of the account sends anything after it, a running screen or",
    "guardian included. Then every open order of every market is cancelled, those placed elsewhere too, until the",
    "exchange lists none. Nothing is sold: what you hold stays, and armed stops do NOT sell until you resume.",
    "Exit 0 when no order remains, 9 when some are open, 8 when it is not known. Asks for a typed word, or takes --yes.",
    "Where the disk or the database fails, the orders are cancelled all the same, from the exchange's own list; the halt",
    "is then not written, other processes are not stopped, and the exit is 9.",
    'JSON: {"schema":"tapedeck.panic/1","mode":…,"halted":true,"cancelled":N,"stillOpen":[…],"unknown":[…],',
    '"holdings":[…],"protections":[…],"complete":…}.',
  ],
  examples: [
    { line: "tapedeck panic", what: "asks for the word, then acts" },
    { line: "tapedeck panic --yes", what: "acts at once" },
    { line: "tapedeck panic --yes --reason 'runaway script'", what: "with a reason for the journal" },
  ],
  options: [
    { flags: "--reason TEXT", what: "why, for the journal and everybody who sees the halt", default: "panic" },
    { flags: "--timeout SECONDS", what: "how long to go on looking", default: String(DEFAULT_TIMEOUT_S) },
  ],
  next: "tapedeck trading resume REASON",
  run: async (context) => {
    const { options, print, signal } = context;
    const reason = safeText(options.text("reason") ?? "panic", LONGEST_REASON);
    const seconds = options.seconds("timeout", { min: 1, max: 600 }) ?? DEFAULT_TIMEOUT_S;
    await confirmTyped(context, "Trading will be halted and every open order cancelled.", "panic");
    const wanted = { reason, timeoutMs: seconds * 1_000 };
    const panic = (app: App) => {
      warnOfAnomalies(app, print);
      return app.safety.panic(wanted, signal, (progress) => {
        print.progress(`${cancelProgressText(progress)} …`);
      });
    };
    let report: PanicTold;
    try {
      report = await context.withApp(panic);
    } catch (fault) {
      if (!(fault instanceof AppError) || !STORE_FAULTS.has(fault.code)) throw fault;
      print.warn(`${fault.message} The orders are cancelled from the exchange's own list.`);
      const unstored = await context.withApp(panic, { isStoreless: true });
      report = { ...unstored, haltNotWritten: fault, protections: undefined };
    }
    printReport(context, report);
    return exitOf(context, report);
  },
});

/** What keeps the store from being used, whatever the exchange would say. */
const STORE_FAULTS: ReadonlySet<string> = new Set([
  "STORAGE_FAILED",
  "DATABASE_UNREADABLE",
  "DATABASE_NEWER",
  "HOME_UNUSABLE",
]);

interface PanicTold extends Omit<PanicReport, "protections"> {
  /** Undefined where the store that knows them could not be used. */
  readonly protections: PanicReport["protections"] | undefined;
}

function protectionsText({ protections, haltNotWritten }: PanicTold): string {
  if (protections === undefined) return "not known without the store, and NOT halted: a guardian goes on selling";
  if (protections.length === 0) return "none armed";
  if (haltNotWritten !== undefined) return `${protections.length} armed, and NOT halted: a guardian goes on selling`;
  return `${protections.length} armed, and they do NOT sell while trading is halted`;
}

function printReport(context: CommandContext, report: PanicTold): void {
  const { holdings, protections, haltNotWritten } = report;
  context.print.record({
    schema: "tapedeck.panic/1",
    deed: {
      done: haltNotWritten === undefined ? "trading was halted and the cancels were sent" : "the cancels were sent",
      hint: "Look with `tapedeck trading status`.",
    },
    json: {
      halted: haltNotWritten === undefined,
      ...cancelReportJson(report),
      holdings:
        holdings?.map(({ asset, free, locked }) => {
          return { asset, free: formatMoney(free), locked: formatMoney(locked) };
        }) ?? null,
      protections: protections?.map(({ protectionId, symbol }) => ({ protectionId, symbol })) ?? null,
    },
    fields: [
      [
        "trading",
        haltNotWritten === undefined ? "halted, for every process of the account" : "NOT halted: not on disk",
      ],
      ...cancelReportFields(report),
      ["held", holdings?.map((held) => `${formatMoney(totalOf(held))} ${held.asset}`).join(", ")],
      ["protections", protectionsText(report)],
    ],
    below: remainingLines(context, report),
  });
}

function exitOf(context: CommandContext, report: PanicTold): ExitCode {
  const { haltNotWritten } = report;
  const told = remainder(report, context);
  if (haltNotWritten !== undefined) {
    const { code, message } = haltNotWritten;
    const hint =
      "End the other processes of this account by hand, mend the disk, then run `tapedeck panic` again: that is safe.";
    const notDone =
      "The halt is not on disk: other processes, and the next one started, may still send orders, and stops still sell.";
    context.fail({ code, message, notDone, hint }, EXIT_CODES.partial);
  }
  if (told !== undefined) return context.fail(told.fault, told.exitCode);
  return haltNotWritten === undefined ? EXIT_CODES.ok : EXIT_CODES.partial;
}
