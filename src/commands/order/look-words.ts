import type { App } from "../../app/app.ts";
import type { Order } from "../../core/domain/order.ts";
import { isUnproven } from "../../core/domain/order.ts";
import type { SeenLook } from "../../core/domain/proof-look.ts";
import { timeOrNull } from "../output/iso-time.ts";
import type { Column } from "../output/table.ts";

/** What is known of the questions for an order; only an unproven one is asked for. */
function lookOf(app: Pick<App, "proofLook">, order: Order): SeenLook | undefined {
  return isUnproven(order) ? app.proofLook(order.clientOrderId, "this-machine") : undefined;
}

/** "asked 3 s ago, again in 7 s by process 123"; undefined for an order that is proven. */
export function lookText(app: Pick<App, "proofLook" | "now">, order: Order): string | undefined {
  if (!isUnproven(order)) return undefined;
  const look = lookOf(app, order);
  if (look === undefined) return "nobody asks for it; `tapedeck reconcile` does";
  const answer = look.isAnswered ? "" : " without an answer";
  const asked = `asked ${seconds(app.now() - look.askedAt)} ago${answer}`;
  if (look.againAt === undefined) return `${asked}, and nobody asks again; \`tapedeck reconcile\` does`;
  const by = look.pid === undefined ? "" : ` by process ${look.pid}`;
  const waitMs = look.againAt - app.now();
  return waitMs <= 0 ? `${asked}, and again just now${by}` : `${asked}, again in ${seconds(waitMs)}${by}`;
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1_000))} s`;
}

/** Null for an order that is proven, and where no process that lives has asked. */
export function lookJson(app: Pick<App, "proofLook">, order: Order) {
  const look = lookOf(app, order);
  if (look === undefined) return { asked: null };
  const { askedAt, isAnswered, againAt, pid } = look;
  return { asked: { at: timeOrNull(askedAt), answered: isAnswered, againAt: timeOrNull(againAt), pid: pid ?? null } };
}

/** Stands in a list only where an order of it is unproven. */
export function lookColumns(app: Pick<App, "proofLook" | "now">, orders: readonly Order[]): readonly Column<Order>[] {
  if (!orders.some(isUnproven)) return [];
  return [{ title: "PROOF", value: (order) => lookText(app, order) ?? "" }];
}
