import { z } from "zod";
import { asset } from "../../../core/domain/identifiers.ts";
import { negate } from "../../../core/domain/money.ts";
import type { Transfer, TransferState } from "../../../core/domain/transfer.ts";
import { readKey, readName, readQuantity, timeSchema } from "./unreadable.ts";

/** Ids come as text or as numbers. */
const idSchema = z.union([z.string(), z.int()]).transform(String);
const LONGEST_ID = 160;

export const depositSchema = z.object({
  coin: z.string(),
  amount: z.string(),
  status: z.int(),
  txId: idSchema.nullish(),
  insertTime: timeSchema,
});

/** SUCCESS and COMPLETED; REJECTED, REFUND and INVALID; everything else is still under way. */
const DEPOSIT_STATES: ReadonlyMap<number, TransferState> = new Map([
  [5, "done"],
  [12, "done"],
  [7, "failed"],
  [8, "failed"],
  [10, "failed"],
]);

export function toDeposit(row: z.infer<typeof depositSchema>): Transfer {
  const txId = row.txId ?? "";
  return {
    // What came from another user of the exchange has no transaction on any chain.
    transferId: readKey(txId === "" ? `${row.insertTime} ${row.amount}` : txId, "a deposit's id", LONGEST_ID),
    kind: "deposit",
    asset: asset(readName(row.coin, "an asset", 30)),
    quantity: readQuantity(row.amount),
    state: DEPOSIT_STATES.get(row.status) ?? "pending",
    at: row.insertTime,
  };
}

export const withdrawalSchema = z.object({
  id: idSchema,
  coin: z.string(),
  amount: z.string(),
  status: z.int(),
  applyTime: timeSchema,
});

/** SUCCESS; FAILED and CANCEL; everything else is still under way. */
const WITHDRAWAL_STATES: ReadonlyMap<number, TransferState> = new Map([
  [7, "done"],
  [8, "failed"],
  [9, "failed"],
]);

/** The amount is told with the exchange's fee in it, so it is all that left the account. */
export function toWithdrawal(row: z.infer<typeof withdrawalSchema>): Transfer {
  return {
    transferId: readKey(row.id, "a withdrawal's id", LONGEST_ID),
    kind: "withdrawal",
    asset: asset(readName(row.coin, "an asset", 30)),
    quantity: negate(readQuantity(row.amount)),
    state: WITHDRAWAL_STATES.get(row.status) ?? "pending",
    at: row.applyTime,
  };
}

export const futuresTransferSchema = z.object({
  tranId: idSchema,
  asset: z.string(),
  amount: z.string(),
  fromAccountType: z.string(),
  status: z.string(),
  timestamp: timeSchema,
});

const FUTURES_STATES: ReadonlyMap<string, TransferState> = new Map([
  ["SUCCESS", "done"],
  ["FAILED", "failed"],
]);

export function toFuturesTransfer(row: z.infer<typeof futuresTransferSchema>): Transfer {
  const quantity = readQuantity(row.amount);
  return {
    transferId: readKey(row.tranId, "a transfer's id", LONGEST_ID),
    kind: "futures",
    asset: asset(readName(row.asset, "an asset", 30)),
    quantity: row.fromAccountType === "SPOT" ? negate(quantity) : quantity,
    state: FUTURES_STATES.get(row.status) ?? "pending",
    at: row.timestamp,
  };
}
