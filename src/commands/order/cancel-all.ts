import { cancelProgressText } from "../../core/domain/cancel-progress.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import { confirmTyped } from "../confirm.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { readWord } from "../parse/read-word.ts";
import { cancelReportFields, cancelReportJson, remainder, remainingLines } from "./cancel-report.ts";
import { warnOfAnomalies } from "./prove-outcome.ts";

const DEFAULT_TIMEOUT_S = 45;

export const orderCancelAll = defineCommand({
  path: ["order", "cancel-all"],
  summary: "Cancel every open order, placed here or elsewhere, and prove it.",
  details: [
    "Asks market by market and looks again until the exchange lists no open order and none is of unknown outcome.",
    "Trading goes on: `tapedeck panic` halts it first. Exit 0 when all have ended, 9 when some are open, 8 when it is",
    "not known. Asks for a typed word, or takes --yes.",
    'JSON: {"schema":"tapedeck.cancel-all/1","mode":…,"cancelled":N,"stillOpen":[…],"unknown":[…],"complete":…}.',
  ],
  examples: [
    { line: "tapedeck order cancel-all --yes", what: "every market" },
    { line: "tapedeck order cancel-all --symbol BTCUSDT --yes", what: "one market" },
  ],
  options: [
    { flags: "--symbol SYMBOL", what: "only this market" },
    { flags: "--timeout SECONDS", what: "how long to go on looking", default: String(DEFAULT_TIMEOUT_S) },
  ],
  next: "tapedeck order ls --open",
  run: async (context) => {
    const { options, print, signal, fail } = context;
    const word = options.text("symbol");
    const symbol = word === undefined ? undefined : symbolOf(readWord(word, "market"));
    const seconds = options.seconds("timeout", { min: 1, max: 600 }) ?? DEFAULT_TIMEOUT_S;
    await confirmTyped(context, `Every open order ${symbol ?? "of every market"} will be cancelled.`, "cancel all");
    return context.withApp(async (app) => {
      warnOfAnomalies(app, print);
      const scope = { ...(symbol === undefined ? {} : { symbol }), timeoutMs: seconds * 1_000 };
      const report = await app.safety.cancelAll(scope, signal, (progress) => {
        print.progress(`${cancelProgressText(progress)} …`);
      });
      print.record({
        schema: "tapedeck.cancel-all/1",
        deed: { done: "the cancels were sent", hint: "Look with `tapedeck order ls --open`." },
        json: { symbol: symbol ?? null, ...cancelReportJson(report) },
        fields: cancelReportFields(report),
        below: remainingLines(context, report),
      });
      const told = remainder(report, context);
      return told === undefined ? EXIT_CODES.ok : fail(told.fault, told.exitCode);
    });
  },
});
