import { z } from "zod";
import type { Ratio } from "../../../core/domain/money.ts";
import { parseRatio, ratio } from "../../../core/domain/money.ts";
import { unreadable } from "./unreadable.ts";

/** Numbers where exchangeInfo has texts; a text is read all the same. */
const rateSchema = z.union([z.number(), z.string()]).transform(String);

export const tradeFeeSchema = z.object({
  data: z.object({ makerCommission: rateSchema, takerCommission: rateSchema }),
});

export const mxDeductSchema = z.object({ data: z.object({ mxDeductEnable: z.boolean() }) });

/** A tenth is fifty times what is charged: a figure above it is a per cent, or of something else. */
const GREATEST = ratio("0.1");

/** @throws AppError for what cannot be the factor of a fee. */
export function toFeeRate(text: string): Ratio {
  const rate = parseRatio(text);
  if (rate === undefined || rate < 0n || rate > GREATEST) throw unreadable("a fee it tells is no factor of a fee");
  return rate;
}
