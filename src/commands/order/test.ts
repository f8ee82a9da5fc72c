import { formatDraft } from "../../core/domain/order-grammar.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { explain } from "./explain.ts";
import { ORDER_ARGUMENTS, ORDER_FLAGS, readOrderWords } from "./order-arguments.ts";
import { beforeAnyOrder, bracketFault, deniedFault } from "./order-faults.ts";
import { draftToSend, planAsked } from "./plan-asked.ts";

const NOTHING_BOOKED = "Nothing was booked; a test never is.";

export const orderTest = defineCommand({
  path: ["order", "test"],
  summary: "Let the risk rules and the exchange check an order without booking it.",
  details: ['JSON: {"schema":"tapedeck.order-test/1","mode":…,"valid":true,"order":"buy BTCUSDT 0.001 @ 65000"}.'],
  examples: [
    { line: "tapedeck order test buy BTCUSDT 0.001 @ 65000", what: "would the exchange take it?" },
    { line: "tapedeck --profile main order test sell BTCUSDT 0.001", what: "the same on a profile of yours" },
  ],
  arguments: ORDER_ARGUMENTS,
  options: ORDER_FLAGS,
  next: "tapedeck order place buy BTCUSDT 0.001 @ 65000",
  run: (context) => {
    const { signal, print, fail } = context;
    const words = readOrderWords(context);
    if (context.options.has("explain")) return explain(context, words);
    return context.withApp(async (app) => {
      const planned = await beforeAnyOrder(() => planAsked(app, words, "top", signal));
      const draft = draftToSend(planned, context.options.has("round"));
      const offTick = bracketFault(planned, context.options.has("round"));
      if (offTick !== undefined) return fail(offTick.fault, offTick.exitCode);
      const result = await beforeAnyOrder(() => app.testOrder(draft, signal));
      switch (result.kind) {
        case "valid": {
          const order = formatDraft(draft, planned.instrument, planned.exits);
          print.record({
            schema: "tapedeck.order-test/1",
            json: { valid: true, order, type: draft.type },
            fields: [
              ["order", `${order} (${draft.type})`],
              ["result", "the risk rules and the exchange would take it; nothing was booked"],
            ],
          });
          return EXIT_CODES.ok;
        }
        case "denied": {
          const told = deniedFault(result.denials);
          return fail(told.fault, told.exitCode);
        }
        case "rejected": {
          const { code, message } = result.reason;
          const said = `The exchange would reject the order: ${message}`;
          return fail({ code, message: said, notDone: NOTHING_BOOKED }, EXIT_CODES.rejected);
        }
        case "unanswered": {
          const { code, message } = result.reason;
          const said = `The exchange did not answer the test: ${message}`;
          const hint = "Try again in a moment; `tapedeck doctor` shows the connection.";
          return fail({ code, message: said, notDone: NOTHING_BOOKED, hint }, EXIT_CODES.unavailable);
        }
      }
    });
  },
});
