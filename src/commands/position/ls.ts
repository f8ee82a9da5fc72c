import { symbolOf } from "../../core/domain/order-grammar.ts";
import { defineCommand } from "../define-command.ts";
import { readWord } from "../parse/read-word.ts";
import { missingFills, missingFillsJson, warnOfMissingFills } from "../portfolio/missing-fills.ts";
import {
  endWith,
  METHOD_OPTION,
  methodName,
  methodOf,
  refreshBooks,
  warnOfUnreadable,
} from "../portfolio/read-books.ts";
import { POSITION_COLUMNS, positionJson, positionRow } from "./position-json.ts";

export const positionLs = defineCommand({
  path: ["position", "ls"],
  summary: "List what is held in each market, what it cost, and what it is worth now.",
  details: [
    "Positions are counted from the stored fills, after asking the exchange for those that are missing. A price that is",
    "not known leaves value and unrealised unknown, never zero. When the exchange cannot be asked, the figures come from",
    "what is stored, and the exit code is 7, or 3 when it is this machine's clock that is wrong.",
    'JSON: {"schema":"tapedeck.positions/1","mode":…,"method":…,"positions":[…]}; NDJSON is one position a line.',
    'Each has "protection":{"state":…,"pid":…,"heartbeatAgeMs":…,"reasons":[…],"armed":[…]}, the armed ones with their levels.',
  ],
  examples: [
    { line: "tapedeck position ls", what: "every market in which something is held" },
    { line: "tapedeck position ls --all --method average", what: "closed ones, too, at average cost" },
  ],
  options: [
    { flags: "--all", what: "also markets in which nothing is held any more" },
    { flags: "--symbol SYMBOL", what: "only this market" },
    METHOD_OPTION,
  ],
  next: "tapedeck position show SYMBOL --why",
  run: (context) =>
    context.withApp(async (app) => {
      const { options, print } = context;
      const word = options.text("symbol");
      const symbol = word === undefined ? undefined : symbolOf(readWord(word, "market"));
      const method = methodOf(context, app);
      const unasked = await refreshBooks(context, app);
      const items = app.portfolio
        .positions(method)
        .filter(({ position }) => symbol === undefined || position.symbol === symbol)
        .filter(({ position }) => options.has("all") || position.quantity > 0n);
      const holes = missingFills(app, { symbol });
      print.list({
        schema: "tapedeck.positions/1",
        itemSchema: "tapedeck.position/1",
        key: "positions",
        items,
        about: { method: methodName(method), stored: unasked !== undefined, ...missingFillsJson(holes) },
        json: (item) => positionJson(app, item),
        csv: (item) => positionRow(app, item),
        columns: POSITION_COLUMNS,
        empty:
          app.portfolio.unreadable().size === 0
            ? "Nothing is held that was bought here."
            : "What is held is not known: there are fills that cannot be counted.",
      });
      warnOfUnreadable(context, app);
      warnOfMissingFills(context, holes);
      return endWith(context, unasked);
    }),
});
