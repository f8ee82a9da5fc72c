import type { z } from "zod";
import type { FeeSchedule } from "../../../core/ports/fee-schedule.ts";
import { mxDeductSchema, toFeeRate, tradeFeeSchema } from "../to-domain/fees.ts";
import { ask } from "./ask.ts";
import type { RestClient } from "./client.ts";
import type { Params } from "./sign.ts";

export function createFeeSchedule(client: RestClient): FeeSchedule {
  const get = <T extends z.ZodType>(path: string, params: Params, schema: T, what: string, signal: AbortSignal) =>
    ask(client, { method: "GET", path: `/api/v3/${path}`, params, signed: true, signal }, schema, what);

  return {
    async fetchFees(symbol, signal) {
      const [rates, deduct] = await Promise.all([
        get("tradeFee", { symbol }, tradeFeeSchema, "asking the account's fees", signal),
        get("mxDeduct/enable", {}, mxDeductSchema, "asking whether fees are taken in MX", signal),
      ]);
      return {
        makerRate: toFeeRate(rates.data.makerCommission),
        takerRate: toFeeRate(rates.data.takerCommission),
        isInMx: deduct.data.mxDeductEnable,
      };
    },
  };
}
