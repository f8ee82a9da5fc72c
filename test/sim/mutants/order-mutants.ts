import type { Mutant } from "./mutant.ts";

const PLACE = "src/core/use-cases/place-order.ts";
const ANSWERS = "src/adapters/mexc/rest/error-table.ts";
const UNKNOWN_CASE = `    case "unknown":
      context.publish([{ type: "order-outcome-unknown", clientOrderId, reason: outcome.reason }]);`;

/** Bugs between the wish and what the exchange holds. */
export const ORDER_MUTANTS: readonly Mutant[] = [
  {
    name: "resend-with-a-new-id",
    bug: "an order whose outcome is not known is sent again as another one",
    seed: 19,
    edits: [
      {
        file: PLACE,
        search: UNKNOWN_CASE,
        replace: `    case "unknown":
      await context.gateway.submit({ ...intent, clientOrderId: context.ids.clientOrderId() }, signal, urgency);
      context.publish([{ type: "order-outcome-unknown", clientOrderId, reason: outcome.reason }]);`,
      },
    ],
  },
  {
    name: "resend-with-the-same-id",
    bug: "an order whose outcome is not known is sent again",
    seed: 19,
    edits: [
      {
        file: PLACE,
        search: UNKNOWN_CASE,
        replace: `    case "unknown":
      await context.gateway.submit(intent, signal, urgency);
      context.publish([{ type: "order-outcome-unknown", clientOrderId, reason: outcome.reason }]);`,
      },
    ],
  },
  {
    name: "timeout-read-as-rejected",
    bug: "an order is called rejected because no answer came",
    seed: 19,
    edits: [
      {
        file: ANSWERS,
        search: `      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: result.why } };
    case "ok":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: "the`,
        replace: `      return { kind: "rejected", reason: { code: "OUTCOME_UNKNOWN", message: result.why } };
    case "ok":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: "the`,
      },
    ],
  },
  {
    name: "lost-request-read-as-not-sent",
    bug: "an order is called not sent because the connection broke while it was under way",
    seed: 19,
    edits: [
      {
        file: ANSWERS,
        search: `      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: result.why } };
    case "ok":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: "the`,
        replace: `      return { kind: "not-sent", reason: { code: "OUTCOME_UNKNOWN", message: result.why } };
    case "ok":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: "the`,
      },
    ],
  },
  {
    name: "kept-out-read-as-rejected",
    bug: "an order whose second delivery met the limits is called rejected, and its first delivery stands",
    edits: [
      {
        file: ANSWERS,
        search: `return { kind: "refused-here", reason: keptOut`,
        replace: `return { kind: "rejected", reason: keptOut`,
      },
    ],
    tests: "test/adapters/mexc/outcomes.test.ts",
  },
  {
    name: "orders-of-others-not-weighed",
    bug: "an order of another process, whose outcome nobody knows, counts for no limit",
    edits: [
      {
        file: "src/core/use-cases/gather-risk.ts",
        search: "  const basis = context.adoptOrders();",
        replace: "  const basis = undefined as never;",
      },
    ],
    tests: "test/app/limits-of-two.test.ts",
  },
  {
    name: "weighed-against-an-old-store",
    bug: "two processes that place at once both take the last room under a limit",
    edits: [
      {
        file: "src/adapters/storage/journal.ts",
        search: "    if (batch.basis !== undefined) checks.stillStands(batch.basis);\n",
        replace: "",
      },
    ],
    tests: "test/app/limits-of-two.test.ts",
  },
  {
    name: "sent-before-the-intent",
    bug: "an order leaves before its intent is on disk, and a crash in between forgets it",
    seed: 3,
    edits: [
      {
        file: PLACE,
        search: `      context.publish(events, options.fence, subject.purpose === "exit" ? undefined : basis);
      return { kind: "intended", intent };`,
        replace: `      void basis;
      const record = () => context.publish(events, options.fence);
      return { kind: "intended", intent, record } as never;`,
      },
      {
        file: PLACE,
        search: `  const outcome = await context.gateway.submit(intent, signal, urgency);`,
        replace: `  const sending = context.gateway.submit(intent, signal, urgency);
  await context.clock.sleep(1, signal);
  (intended as unknown as { readonly record: () => void }).record();
  const outcome = await sending;`,
      },
    ],
  },
  {
    name: "absence-believed-at-once",
    bug: "an order that the exchange does not show yet is given up while it can still be taken",
    edits: [
      {
        file: "src/core/use-cases/request-window.ts",
        search: "return askedAt >= pastTakingAt(context, requestedAt);",
        replace: "return askedAt >= requestedAt;",
      },
    ],
    tests: "test/core/use-cases/resolve-unknown-order.test.ts",
  },
  {
    name: "unknown-order-read-as-cancelled",
    bug: "an order is called cancelled because a cancel of it met no open order",
    seed: 3,
    edits: [
      {
        file: "src/core/use-cases/cancel-order.ts",
        search: `    case "order-not-known": {`,
        replace: `    case "order-not-known": {
      if (order.orderId !== undefined) {
        const report = {
          orderId: order.orderId, symbol: order.symbol, side: order.side, type: order.type, status: "cancelled",
          executedQuantity: order.filledQuantity, executedNotional: order.filledNotional, createdAt: order.createdAt,
        } as const;
        context.publish([{ type: "order-reported", clientOrderId, report, source: "query" }]);
      }`,
      },
    ],
  },
  {
    name: "cancel-answer-read-as-the-end",
    bug: "an order is called cancelled because the exchange said that it will try",
    seed: 3,
    edits: [
      {
        file: "src/core/domain/order-lifecycle.ts",
        search: `    "order-outcome-unknown": "stay",
    "cancel-intended": "stay",
    "cancel-accepted": "stay",
    "cancel-rejected": "resume",`,
        replace: `    "order-outcome-unknown": "stay",
    "cancel-intended": "stay",
    "cancel-accepted": "cancelled",
    "cancel-rejected": "resume",`,
      },
    ],
  },
  {
    name: "quantity-rounded-up",
    bug: "an order is rounded up to the next step and sells more than is there",
    edits: [
      {
        file: "src/core/domain/instrument.ts",
        search: `return roundToStep(wanted, instrument.stepSize, "down");`,
        replace: `return roundToStep(wanted, instrument.stepSize, "up");`,
      },
    ],
    tests: "test/core/domain",
  },
];
