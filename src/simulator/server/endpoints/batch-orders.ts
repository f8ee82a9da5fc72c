import { z } from "zod";
import { Refusal, parameterError } from "../../engine/refusal.ts";
import { parseJson } from "../../parse-json.ts";
import type { SignedCall, SignedEndpoint } from "../endpoint.ts";
import { Parameters } from "../parameters.ts";
import { readRequest } from "./place-order.ts";

const MOST_ORDERS = 20;

const batchSchema = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))).min(1);
type BatchRow = z.infer<typeof batchSchema>[number];

/** Up to twenty orders of one symbol. Each stands or fails for itself, and the answer is 200 all the same. */
export const batchOrders: SignedEndpoint = {
  method: "POST",
  path: "/api/v3/batchOrders",
  weight: 0,
  olderOwnLimit: { most: 2, windowMs: 1_000 },
  access: "SPOT_DEAL_WRITE",
  isOrderAction: true,
  handle: (call) => {
    const rows = readBatch(call.parameters.required("batchOrders"));
    if (new Set(rows.map((row) => row["symbol"])).size > 1) throw new Refusal(33333, "Only one symbol a batch");
    return rows.map((row) => placeRow(call, row));
  },
};

function placeRow(call: SignedCall, row: BatchRow): Readonly<Record<string, unknown>> {
  const texts = Object.entries(row).map(([name, value]) => [name, String(value ?? "")] as const);
  // The documentation writes LIMIT_ORDER in batches, and clients send LIMIT.
  const known = texts.map(
    ([name, text]) => [name, name === "type" && text === "LIMIT_ORDER" ? "LIMIT" : text] as const,
  );
  const parameters = new Parameters(new Map(known));
  const clientOrderId = parameters.text("newClientOrderId");
  const named = clientOrderId === undefined ? {} : { newClientOrderId: clientOrderId };
  try {
    const order = call.exchange.place(call.account, readRequest({ ...call, parameters }));
    return { symbol: order.symbol, orderId: order.orderId, orderListId: -1, ...named };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...named, msg: error.message, code: error.code };
  }
}

function readBatch(text: string): readonly BatchRow[] {
  const rows = batchSchema.safeParse(parseJson(text));
  if (!rows.success) throw parameterError("batchOrders");
  if (rows.data.length > MOST_ORDERS) throw new Refusal(33333, `At most ${String(MOST_ORDERS)} orders a batch`);
  return rows.data;
}
