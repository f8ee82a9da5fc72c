import { formatMoney } from "../../../core/domain/money.ts";
import type { SignedEndpoint } from "../endpoint.ts";

export const accountInfo: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/account",
  weight: 10,
  olderOwnLimit: { most: 2, windowMs: 1_000 },
  access: "SPOT_ACCOUNT_READ",
  handle: ({ exchange, account, venue }) => ({
    makerCommission: null,
    takerCommission: null,
    buyerCommission: null,
    sellerCommission: null,
    canTrade: true,
    canWithdraw: true,
    canDeposit: true,
    updateTime: null,
    accountType: "SPOT",
    balances: [...(exchange.ledger.accounts().get(account) ?? [])]
      .filter(([, { free, locked }]) => free > 0n || locked > 0n || venue.switches.get("zero-balances") === "shown")
      .map(([asset, { free, locked }]) => ({
        asset,
        free: formatMoney(free),
        locked: formatMoney(locked),
        available: formatMoney(free),
      })),
    permissions: ["SPOT"],
  }),
};
