import { createHash } from "node:crypto";
import { formatMoney } from "../../../core/domain/money.ts";
import { Refusal } from "../../engine/refusal.ts";
import type { Endpoint } from "../endpoint.ts";

export const kycStatus: Endpoint = {
  method: "GET",
  path: "/api/v3/kyc/status",
  weight: 1,
  access: "signed",
  handle: () => ({ status: "2" }),
};

export const uid: Endpoint = {
  method: "GET",
  path: "/api/v3/uid",
  weight: 1,
  access: "signed",
  handle: ({ apiKey }) => ({ uid: String(createHash("sha256").update(apiKey).digest().readUInt32BE(0)) }),
};

/** A key bound to this machine that may trade and never withdraw. */
export const apiKeyInfo: Endpoint = {
  method: "GET",
  path: "/api/v3/apiKeyInfo",
  weight: 1,
  access: "signed",
  handle: ({ apiKey }) => ({
    accessKey: apiKey,
    status: "VALID",
    permissions: ["SPOT_ACCOUNT_READ", "SPOT_ACCOUNT_WRITE", "SPOT_DEAL_READ", "SPOT_DEAL_WRITE"],
    ipWhiteList: ["127.0.0.1"],
    createTime: "2026-01-01T00:00:00Z",
    remainingValidity: -999,
  }),
};

/** The rates are numbers here, and texts in exchangeInfo. */
export const tradeFee: Endpoint = {
  method: "GET",
  path: "/api/v3/tradeFee",
  weight: 20,
  access: "signed",
  handle: ({ parameters, exchange, serverTime }) => {
    const { makerRate, takerRate } = exchange.market(parameters.required("symbol")).instrument;
    const data = { makerCommission: Number(formatMoney(makerRate)), takerCommission: Number(formatMoney(takerRate)) };
    return { data, code: 0, msg: "success", timestamp: serverTime };
  },
};

export const withdraw: Endpoint = {
  method: "POST",
  path: "/api/v3/capital/withdraw",
  weight: 1,
  access: "signed",
  handle: () => {
    throw new Refusal(700007, "No permission to access the endpoint.");
  },
};

export const withdrawApply: Endpoint = { ...withdraw, path: "/api/v3/capital/withdraw/apply" };
