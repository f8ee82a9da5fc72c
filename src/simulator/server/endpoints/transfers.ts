import type { Quantity } from "../../../core/domain/money.ts";
import { formatMoney, parseQuantity } from "../../../core/domain/money.ts";
import { Refusal } from "../../engine/refusal.ts";
import type { WalletMovement } from "../../engine/wallet-journal.ts";
import type { SignedCall, SignedEndpoint } from "../endpoint.ts";

const ACCOUNT_TYPES = ["SPOT", "FUTURES"] as const;
type AccountType = (typeof ACCOUNT_TYPES)[number];

const path = "/api/v3/capital/transfer";

/** Between the two wallets of an account. */
export const transfer: SignedEndpoint = {
  method: "POST",
  path,
  weight: 50,
  olderWeight: 1,
  access: "SPOT_TRANSFER_WRITE",
  handle: (call) => {
    const { parameters, exchange, account, venue } = call;
    const from = accountType(call, "fromAccountType");
    const to = accountType(call, "toAccountType");
    if (from === to) throw new Refusal(33333, "Not support transfer");
    const asset = parameters.text("asset");
    if (asset === undefined) throw new Refusal(10222, "Currency cannot be null");
    const tranId = exchange.transfer(account, asset, amountOf(call), to === "FUTURES" ? "out" : "in");
    return venue.switches.get("transfer-answer") === "list" ? [{ tranId }] : { tranId };
  },
};

export const transferHistory: SignedEndpoint = {
  method: "GET",
  path,
  weight: 1,
  access: "SPOT_TRANSFER_READ",
  handle: (call) => {
    const { parameters, exchange, account } = call;
    const isOut = accountType(call, "toAccountType") === "FUTURES";
    const end = parameters.whole("endTime") ?? Number.POSITIVE_INFINITY;
    const start = parameters.whole("startTime") ?? 0;
    const rows = exchange.wallet
      .of(account, "transfer")
      .filter((one) => one.amount < 0n === isOut && one.time >= start && one.time <= end);
    const size = Math.min(100, parameters.whole("size") ?? 10);
    const first = (Math.max(1, parameters.whole("page") ?? 1) - 1) * size;
    return { rows: rows.slice(first, first + size).map(transferView), total: rows.length };
  },
};

export const transferById: SignedEndpoint = {
  method: "GET",
  path: `${path}/tranId`,
  weight: 1,
  access: "SPOT_TRANSFER_READ",
  handle: ({ parameters, exchange, account }) => {
    const id = parameters.required("tranId");
    const found = exchange.wallet.of(account, "transfer").find((one) => one.id === id);
    if (found === undefined) throw new Refusal(22222, "record does not exist");
    return transferView(found);
  },
};

const internalPath = `${path}/internal`;

/** To another user. There is nobody to send to. */
export const internalTransfer: SignedEndpoint = {
  method: "POST",
  path: internalPath,
  weight: 1,
  access: "SPOT_WITHDRAW_WRITE",
  handle: () => {
    throw new Refusal(700007, "No permission to access the endpoint.");
  },
};

export const internalTransferHistory: SignedEndpoint = {
  method: "GET",
  path: internalPath,
  weight: 1,
  access: "SPOT_TRANSFER_READ",
  handle: ({ parameters }) => ({ page: parameters.whole("page") ?? 1, totalRecords: 0, totalPageNum: 0, data: [] }),
};

function accountType({ parameters }: SignedCall, name: string): AccountType {
  const text = parameters.required(name);
  const type = ACCOUNT_TYPES.find((known) => known === text);
  if (type !== undefined) return type;
  if (text !== text.toUpperCase()) throw new Refusal(700008, `Illegal characters found in parameter '${name}'.`);
  throw new Refusal(10103, "Account type not supported");
}

function amountOf({ parameters }: SignedCall): Quantity {
  const text = parameters.text("amount");
  if (text === undefined) throw new Refusal(10095, "Amount cannot be null");
  const amount = parseQuantity(text);
  if (amount === undefined) {
    throw /^\d+\.\d+$/.test(text)
      ? new Refusal(10096, "Amount has too many decimals")
      : new Refusal(10097, "Amount is wrong");
  }
  if (amount <= 0n) throw new Refusal(10102, "Amount cannot be zero or negative");
  return amount;
}

function transferView({ id, asset, amount, time }: WalletMovement): Readonly<Record<string, unknown>> {
  const isOut = amount < 0n;
  return {
    tranId: id,
    clientTranId: null,
    asset,
    amount: formatMoney((isOut ? -amount : amount) as Quantity),
    fromAccountType: isOut ? "SPOT" : "FUTURES",
    toAccountType: isOut ? "FUTURES" : "SPOT",
    symbol: null,
    status: "SUCCESS",
    timestamp: time,
  };
}
