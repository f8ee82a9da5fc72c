import { formatMoney } from "../../../core/domain/money.ts";
import type { Endpoint } from "../endpoint.ts";

export const account: Endpoint = {
  method: "GET",
  path: "/api/v3/account",
  weight: 10,
  access: "signed",
  handle: ({ exchange, apiKey }) => ({
    makerCommission: null,
    takerCommission: null,
    buyerCommission: null,
    sellerCommission: null,
    canTrade: true,
    canWithdraw: true,
    canDeposit: true,
    updateTime: null,
    accountType: "SPOT",
    balances: [...(exchange.ledger.accounts().get(apiKey) ?? [])]
      .filter(([, { free, locked }]) => free > 0n || locked > 0n)
      .map(([asset, { free, locked }]) => ({
        asset,
        free: formatMoney(free),
        locked: formatMoney(locked),
        available: formatMoney(free),
      })),
    permissions: ["SPOT"],
  }),
};
