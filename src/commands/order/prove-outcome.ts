import type { App } from "../../app/app.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { Order } from "../../core/domain/order.ts";
import { isUnproven, isWorking } from "../../core/domain/order.ts";
import type { Io } from "../io.ts";
import type { Printer } from "../output/printer.ts";

/**
 * After this long a request can no longer be taken, so one more look may prove that it never was. The looks before it
 * come with growing pauses and may just miss that moment.
 */
const ABSENCE_PROVABLE_MS = 17_000;
const LAST_LOOK_MS = 5_000;

/** Goes on asking what became of an order. @returns how it then stands, proven or not. */
export async function seekOutcome(app: App, order: Order, signal: AbortSignal): Promise<Order> {
  if (!isUnproven(order)) return order;
  const settled = await untilAborted(
    (limit) => app.settleOrder(order.clientOrderId, limit),
    AbortSignal.any([signal, AbortSignal.timeout(ABSENCE_PROVABLE_MS)]),
  );
  if (signal.aborted || !isUnproven(settled ?? held(app, order))) return settled ?? held(app, order);
  await untilAborted((limit) => app.reconcile(limit), AbortSignal.any([signal, AbortSignal.timeout(LAST_LOOK_MS)]));
  return held(app, order);
}

/** @returns undefined when the signal or the exchange's silence ended the work. */
async function untilAborted<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work(signal);
  } catch (cause) {
    if (!signal.aborted && !(cause instanceof AppError)) throw cause;
    return undefined;
  }
}

const LOOK_EVERY_MS = 500;

/**
 * Looks at an order until it can no longer trade or the time is over. A look that fails is repeated.
 * @returns how it then stands.
 */
export async function waitForEnd(
  { app, io, signal }: { readonly app: App; readonly io: Io; readonly signal: AbortSignal },
  order: Order,
  timeoutMs: number,
): Promise<Order> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const deadline = io.now() + timeoutMs;
  let current = order;
  while (isWorking(current) && !limit.aborted) {
    current = await lookAt(app, current, limit);
    const leftMs = deadline - io.now();
    if (!isWorking(current) || leftMs <= 0) break;
    try {
      await io.sleep(Math.min(LOOK_EVERY_MS, leftMs), limit);
    } catch {
      break;
    }
  }
  return current;
}

/** One look at the exchange. @returns the order as it then stands; unchanged when the exchange gave no answer. */
export async function lookAt(app: App, order: Order, signal: AbortSignal): Promise<Order> {
  const key = { clientOrderId: order.clientOrderId };
  return (await untilAborted((limit) => app.refreshOrder(key, order.symbol, limit), signal)) ?? held(app, order);
}

function held(app: App, order: Order): Order {
  return app.store.getState().trading.orders.get(order.clientOrderId) ?? order;
}

/** What a person has to know is told on stderr, whatever the command goes on to print. */
export function warnOfAnomalies(app: App, print: Pick<Printer, "warn">): void {
  app.onAnomaly((what) => {
    print.warn(`Unexpected: ${what}.`);
  });
}
