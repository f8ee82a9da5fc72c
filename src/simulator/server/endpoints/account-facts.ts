import { formatMoney } from "../../../core/domain/money.ts";
import { Refusal } from "../../engine/refusal.ts";
import { uidOf } from "../../engine/uid.ts";
import { toWholeSecond } from "../../times.ts";
import { remainingValidityOf } from "../api-keys.ts";
import type { SignedEndpoint } from "../endpoint.ts";

export const kycStatus: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/kyc/status",
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: () => ({ status: "2" }),
};

export const uid: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/uid",
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ account }) => ({ uid: uidOf(account) }),
};

export const apiKeyInfo: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/apiKeyInfo",
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ key, serverTime }) => ({
    accessKey: key.apiKey,
    status: key.status,
    permissions: key.permissions,
    ipWhiteList: key.ipWhiteList,
    createTime: new Date(toWholeSecond(key.createTime)).toISOString().replace(".000Z", "Z"),
    remainingValidity: remainingValidityOf(key, serverTime),
  }),
};

/** The rates are numbers here, and texts in exchangeInfo. */
export const tradeFee: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/tradeFee",
  weight: 20,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ parameters, exchange, serverTime }) => {
    const { makerRate, takerRate } = exchange.market(parameters.required("symbol")).instrument;
    const data = { makerCommission: Number(formatMoney(makerRate)), takerCommission: Number(formatMoney(takerRate)) };
    return { data, code: 0, msg: "success", timestamp: serverTime };
  },
};

export const withdraw: SignedEndpoint = {
  method: "POST",
  path: "/api/v3/capital/withdraw",
  weight: 1,
  access: "SPOT_WITHDRAW_WRITE",
  handle: () => {
    throw new Refusal(700007, "No permission to access the endpoint.");
  },
};

export const cancelWithdraw: SignedEndpoint = { ...withdraw, method: "DELETE" };
export const withdrawApply: SignedEndpoint = { ...withdraw, path: "/api/v3/capital/withdraw/apply" };
