import type { PanicReport } from "../../app/safety.ts";
import { totalOf } from "../../core/domain/balance.ts";
import { cancelProgressText } from "../../core/domain/cancel-progress.ts";
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
    return context.withApp(async (app) => {
      warnOfAnomalies(app, print);
      const options = { reason, timeoutMs: seconds * 1_000 };
      const report = await app.safety.panic(options, signal, (progress) => {
        print.progress(`Halted. ${cancelProgressText(progress)} …`);
      });
      printReport(context, report);
      return exitOf(context, report);
    });
  },
});

function printReport(context: CommandContext, report: PanicReport): void {
  const { holdings, protections, haltNotWritten } = report;
  context.print.record({
    schema: "tapedeck.panic/1",
    deed: { done: "trading was halted and the cancels were sent", hint: "Look with `tapedeck trading status`." },
    json: {
      halted: haltNotWritten === undefined,
      ...cancelReportJson(report),
      holdings:
        holdings?.map(({ asset, free, locked }) => {
          return { asset, free: formatMoney(free), locked: formatMoney(locked) };
        }) ?? null,
      protections: protections.map(({ protectionId, symbol }) => ({ protectionId, symbol })),
    },
    fields: [
      ["trading", haltNotWritten === undefined ? "halted, for every process of the account" : "NOT halted elsewhere"],
      ...cancelReportFields(report),
      ["held", holdings?.map((held) => `${formatMoney(totalOf(held))} ${held.asset}`).join(", ")],
      [
        "protections",
        protections.length === 0
          ? "none armed"
          : `${protections.length} armed, and they do NOT sell while trading is halted`,
      ],
    ],
    below: remainingLines(context, report),
  });
}

function exitOf(context: CommandContext, report: PanicReport): ExitCode {
  const { haltNotWritten } = report;
  const told = remainder(report, context);
  if (haltNotWritten !== undefined) {
    const { code, message } = haltNotWritten;
    const hint = "End the other processes of this account by hand, then mend the disk.";
    const notDone = "The halt is not on disk, so other processes may still send orders.";
    context.fail({ code, message, notDone, hint }, EXIT_CODES.partial);
  }
  if (told !== undefined) return context.fail(told.fault, told.exitCode);
  return haltNotWritten === undefined ? EXIT_CODES.ok : EXIT_CODES.partial;
}
