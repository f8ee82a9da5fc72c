import { z } from "zod";
import type { Money, Notional, Price, Quantity } from "../../core/domain/money.ts";
import { formatMoney, parseNotional, parsePrice, parseQuantity } from "../../core/domain/money.ts";
import type { AccountEvent } from "../engine/account-event.ts";
import { BALANCE_REASONS } from "../engine/account-event.ts";
import { ORDER_TYPES, STP_MODES } from "../engine/order.ts";

/** The events of one command, and the last number of the id sequence after it. */
export interface LogBatch {
  readonly sequence: number;
  readonly events: readonly AccountEvent[];
}

function money<M extends Money>(parse: (text: string) => M | undefined) {
  return z.string().transform((text, context): M => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: "no decimal" });
    return z.NEVER;
  });
}

const price = money<Price>(parsePrice);
const quantity = money<Quantity>((text) => parseQuantity(text));
const notional = money<Notional>((text) => parseNotional(text));
const side = z.enum(["BUY", "SELL"]);

const fill = z.object({
  tradeId: z.string(),
  orderId: z.string(),
  clientOrderId: z.string().nullable(),
  apiKey: z.string(),
  symbol: z.string(),
  side,
  price,
  quantity,
  notional,
  fee: quantity,
  feeAsset: z.string(),
  isMaker: z.boolean(),
  isSelfTrade: z.boolean(),
  time: z.number(),
});

const order = z
  .object({
    orderId: z.string(),
    apiKey: z.string(),
    symbol: z.string(),
    side,
    type: z.enum(ORDER_TYPES),
    clientOrderId: z.string().nullable(),
    price,
    quantity,
    quoteOrderQty: notional.optional(),
    executedQuantity: quantity,
    executedNotional: notional,
    locked: quantity,
    status: z.enum(["NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "PARTIALLY_CANCELED"]),
    time: z.number(),
    updateTime: z.number().nullable(),
    stpMode: z.enum(STP_MODES).default(""),
    cancelReason: z.literal("stp_cancel").nullable().default(null),
  })
  .transform((read) => ({ ...read, quoteOrderQty: read.quoteOrderQty }));

const change = z.object({
  apiKey: z.string(),
  asset: z.string(),
  free: quantity,
  locked: quantity,
  freeChange: quantity,
  lockedChange: quantity,
});

const event = z.discriminatedUnion("kind", [
  z
    .object({ kind: z.literal("order"), order, lastFill: fill.optional(), time: z.number() })
    .transform((read) => ({ ...read, lastFill: read.lastFill })),
  z.object({ kind: z.literal("fill"), fill }),
  z.object({
    kind: z.literal("balance"),
    change,
    reason: z.enum(BALANCE_REASONS),
    time: z.number(),
  }),
]);

const batchSchema = z.object({ sequence: z.number(), events: z.array(event) });

export function printLogLine(batch: LogBatch): string {
  const text = JSON.stringify(batch, (_key, value: unknown) =>
    typeof value === "bigint" ? formatMoney(value as Money) : value,
  );
  return `${text}\n`;
}

/** @returns undefined when the line is no batch */
export function parseLogLine(line: string): LogBatch | undefined {
  try {
    const read = batchSchema.safeParse(JSON.parse(line));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
