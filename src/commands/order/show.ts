import { AppError } from "../../core/domain/errors.ts";
import { defineCommand } from "../define-command.ts";
import { readWord } from "../parse/read-word.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import {
  findForeignOrder,
  findStoredOrder,
  orderNotFound,
  readMarketOption,
  protectionPart,
  storedFills,
} from "./find-order.ts";
import { lookJson, lookText } from "./look-words.ts";
import { printOrder } from "./order-view.ts";
import { warnOfAnomalies } from "./prove-outcome.ts";

export const orderShow = defineCommand({
  path: ["order", "show"],
  summary: "Show one order as the exchange has it now, with its fills.",
  details: [
    "When the exchange cannot be reached, the stored row is printed with a warning, and the exit code is 7.",
    'JSON: {"schema":"tapedeck.order/1",…,"protection":{"protectionId":…,"part":…,"legs":[{"legId":…,"level":…}]},"fills":[…]}.',
    "While an outcome is unknown, `proof` says when the order was last asked for, and which process asks again and when.",
  ],
  examples: [
    { line: "tapedeck order show td-01JD2Q", what: "by the id that placing it printed" },
    { line: "tapedeck order show C02__443776347957968896 --symbol BTCUSDT", what: "one that was placed elsewhere" },
  ],
  arguments: [{ name: "ID", what: "our id or the exchange's" }],
  options: [{ flags: "--symbol SYMBOL", what: "its market, for an order this console has never seen" }],
  next: "tapedeck order cancel ID",
  run: ({ args, options, print, signal, fail, withApp }) => {
    const id = readWord(args[0], "order");
    const symbol = readMarketOption(options);
    return withApp(async (app) => {
      warnOfAnomalies(app, print);
      let unreachable: AppError | undefined;
      try {
        // The whole account, because an order of another device or the web may only now come to light.
        await app.reconcile(signal);
        const known = findStoredOrder(app, id);
        if (known !== undefined) await app.refreshOrder({ clientOrderId: known.clientOrderId }, known.symbol, signal);
        else if (symbol !== undefined) await findForeignOrder(app, id, symbol, signal);
      } catch (cause) {
        if (!(cause instanceof AppError) || cause.exitCode !== EXIT_CODES.unavailable) throw cause;
        unreachable = cause;
      }
      const order = findStoredOrder(app, id);
      if (order === undefined) throw unreachable ?? orderNotFound(id, "Nothing was changed.");
      if (unreachable !== undefined) print.warn("The exchange was not reached: the order is as stored, not as it is.");
      printOrder(print, order, storedFills(app, order), {
        part: protectionPart(app, order),
        asked: { text: lookText(app, order), json: lookJson(app, order) },
      });
      if (unreachable === undefined) return EXIT_CODES.ok;
      const { code, message, hint } = unreachable;
      return fail({ code, message, notDone: "Nothing was changed.", hint }, EXIT_CODES.unavailable);
    });
  },
});
