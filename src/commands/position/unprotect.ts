import { AppError } from "../../core/domain/errors.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import type { Protection } from "../../core/domain/protection.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Column } from "../output/table.ts";
import { readWord } from "../parse/read-word.ts";
import { warnOfAnomalies } from "../order/prove-outcome.ts";
import { protectionJson } from "./protection-json.ts";

export const positionUnprotect = defineCommand({
  path: ["position", "unprotect"],
  summary: "Take protections away: nothing of them sells any more.",
  details: [
    "Takes all protections of a market away, or one by its id. An exit that is under way at that moment stands: it is",
    "named, and can be cancelled like any order.",
    'JSON: {"schema":"tapedeck.protections/1","mode":…,"protections":[…]}, each as it is now.',
  ],
  examples: [
    { line: "tapedeck position unprotect BTCUSDT", what: "every protection of the market" },
    { line: "tapedeck position unprotect 01JD2QK3", what: "one of them" },
  ],
  arguments: [{ name: "SYMBOL|ID", what: "the market, or a protection's id" }],
  next: "tapedeck guard status",
  run: ({ args, print, withApp }) => {
    const word = readWord(args[0], "market or protection");
    return withApp((app) => {
      warnOfAnomalies(app, print);
      const symbol = symbolOf(word);
      const armed = app.protections.list();
      const meant = armed.filter((one) => one.protectionId === word || one.symbol === symbol);
      if (meant.length === 0) throw notFound(word);
      const ended: Protection[] = [];
      for (const { protectionId } of meant) {
        const result = app.protections.disarm(protectionId, "taken away by hand");
        if (result.kind === "not-found") continue;
        ended.push(result.protection);
        if (result.kind !== "disarmed") continue;
        for (const { clientOrderId, state } of result.openExits) {
          const cancel = `\`tapedeck order cancel ${clientOrderId}\``;
          print.warn(`Its exit ${clientOrderId} is ${state} and stands: it may still sell. ${cancel} takes it back.`);
        }
      }
      print.list({
        schema: "tapedeck.protections/1",
        itemSchema: "tapedeck.protection/1",
        key: "protections",
        items: ended,
        json: protectionJson,
        columns: COLUMNS,
        empty: "Nothing was armed.",
      });
      return Promise.resolve(EXIT_CODES.ok);
    });
  },
});

const COLUMNS: readonly Column<Protection>[] = [
  { title: "ID", value: ({ protectionId }) => protectionId },
  { title: "MARKET", value: ({ symbol }) => symbol },
  {
    title: "STATE",
    value: ({ state, endedBecause }) => (endedBecause === undefined ? state : `${state}: ${endedBecause}`),
  },
];

function notFound(word: string): AppError {
  return new AppError({
    code: "PROTECTION_NOT_FOUND",
    message: `Nothing is armed for ${safeText(word, 64)}.`,
    notDone: "Nothing was changed.",
    hint: "See what is armed with `tapedeck guard status`.",
    exitCode: EXIT_CODES.failure,
  });
}
