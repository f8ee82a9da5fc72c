import { AppError } from "../../core/domain/errors.ts";
import type { Order } from "../../core/domain/order.ts";
import type { Denial } from "../../core/domain/risk-request.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { PlannedOrder } from "./plan-asked.ts";
import type { FaultView } from "../output/report-fault.ts";

/** An outcome to tell, with its exit code. */
export interface ToldFault {
  readonly fault: FaultView;
  readonly exitCode: ExitCode;
}

const NO_ORDER = "No order was sent.";

/** What was asked for, where several things speak against it. */
export interface Refusal {
  readonly code: string;
  /** Behind the number of objections. */
  readonly message: string;
  readonly notDone: string;
}

const ORDER_DENIED: Refusal = { code: "ORDER_DENIED", message: "rules deny this order", notDone: NO_ORDER };

/** Our own rules said no: every one of them is told. */
export function deniedFault(denials: readonly Denial[], refusal: Refusal = ORDER_DENIED): ToldFault {
  const { notDone } = refusal;
  const [only] = denials;
  const fault: FaultView =
    denials.length === 1 && only !== undefined
      ? { code: only.code, message: only.message, notDone, hint: only.hint, denials }
      : { code: refusal.code, message: `${denials.length} ${refusal.message}:`, notDone, denials };
  return { fault, exitCode: EXIT_CODES.denied };
}

/** Levels that were typed off the grid, unless rounding was asked for: denied like every other number of an order. */
export function bracketFault({ bracket }: Pick<PlannedOrder, "bracket">, rounds: boolean): ToldFault | undefined {
  const denials = rounds ? [] : (bracket?.offTick ?? []);
  return denials.length === 0 ? undefined : deniedFault(denials);
}

/** @returns undefined for an order that the exchange has taken. */
export function placeFault(order: Order): ToldFault | undefined {
  const code = order.reason?.code ?? "NO_REASON";
  const message = order.reason?.message ?? "no reason given";
  switch (order.state) {
    case "rejected":
      return {
        fault: {
          code,
          message: `The exchange rejected the order: ${message}`,
          notDone: "No order was booked.",
          hint: `The attempt is kept as ${order.clientOrderId}: \`tapedeck order show ${order.clientOrderId}\`.`,
        },
        exitCode: EXIT_CODES.rejected,
      };
    case "denied":
      return {
        fault: {
          code,
          message: `The order did not leave: ${message}`,
          notDone: NO_ORDER,
          hint: "`tapedeck doctor` looks for the cause.",
        },
        exitCode: code.startsWith("CLOCK") ? EXIT_CODES.configuration : EXIT_CODES.unavailable,
      };
    case "submitted":
    case "unknown":
      return { fault: unknownFault(order), exitCode: EXIT_CODES.outcomeUnknown };
    case "expired":
      if (order.orderId !== undefined) return undefined;
      return {
        fault: {
          code: "ORDER_ABSENT",
          message: "The request never became an order: the exchange knows nothing of it.",
          notDone: "No order was booked.",
          hint: "Place it again if you still want it.",
        },
        exitCode: EXIT_CODES.unavailable,
      };
    case "open":
    case "partially-filled":
    case "cancelling":
    case "filled":
    case "cancelled":
    case "written-off":
      return undefined;
  }
}

export function unknownFault(order: Order): FaultView {
  const why = order.reason === undefined ? "" : ` (${order.reason.message})`;
  return {
    code: "OUTCOME_UNKNOWN",
    message: `Whether the exchange took order ${order.clientOrderId} is not proven${why}.`,
    notDone: "It was not sent again, and must not be: it may be open or filled.",
    hint: `Look again with \`tapedeck order show ${order.clientOrderId}\`; every later command looks, too.`,
  };
}

/** Says of a fault before the send that no order has left, whatever else it says. */
export async function beforeAnyOrder<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    const { code, message, hint, exitCode, venueCode } = cause;
    throw new AppError({
      code,
      message,
      notDone: NO_ORDER,
      exitCode,
      cause,
      ...(hint === undefined ? {} : { hint }),
      ...(venueCode === undefined ? {} : { venueCode }),
    });
  }
}
