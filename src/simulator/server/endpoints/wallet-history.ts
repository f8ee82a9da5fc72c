import { formatMoney, negate } from "../../../core/domain/money.ts";
import { Refusal } from "../../engine/refusal.ts";
import { depositAddressOf, marketIdOf } from "../../market/coin-facts.ts";
import { DAY_MS } from "../../times.ts";
import type { SignedCall, SignedEndpoint } from "../endpoint.ts";
import { usualNetworkOf } from "./wallet-coins.ts";

const USUAL_DAYS = 7;
const EARLIEST_DAYS = 90;
const MOST_ROWS = 1_000;
const SUCCESS = 5;
const WITHDRAWN = 7;

/** Deposits that arrived. Their confirmations are a count, as on the venue. */
export const depositHistory: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/capital/deposit/hisrec",
  weight: 10,
  olderWeight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: (call) => {
    const { parameters, account, exchange } = call;
    const { start, end } = spanOf(call);
    const coin = parameters.text("coin");
    const status = parameters.whole("status") ?? SUCCESS;
    return exchange.wallet
      .of(account, "deposit")
      .filter((one) => one.time >= start && one.time <= end && (coin ?? one.asset) === one.asset && status === SUCCESS)
      .slice(0, parameters.limit(MOST_ROWS, MOST_ROWS))
      .map(({ id, asset, amount, time }) => ({
        amount: formatMoney(amount),
        coin: asset,
        network: usualNetworkOf(asset),
        status: SUCCESS,
        address: depositAddressOf(account, asset, usualNetworkOf(asset)),
        txId: marketIdOf(`deposit ${account} ${id}`),
        insertTime: time,
        unlockConfirm: "12",
        confirmTimes: "12",
        memo: null,
      }));
  },
};

/** What was taken out by hand: the interface itself lets nothing out. The amount is told with the fee in it. */
export const withdrawHistory: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/capital/withdraw/history",
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: (call) => {
    const { parameters, account, exchange } = call;
    const { start, end } = spanOf(call);
    const coin = parameters.text("coin");
    const status = parameters.whole("status") ?? WITHDRAWN;
    return exchange.wallet
      .of(account, "withdrawal")
      .filter(({ time, asset }) => time >= start && time <= end && (coin ?? asset) === asset && status === WITHDRAWN)
      .slice(0, parameters.limit(MOST_ROWS, MOST_ROWS))
      .map(({ id, asset, amount, time }) => {
        const txId = marketIdOf(`withdrawal ${account} ${id}`);
        return {
          id,
          txId,
          coin: asset,
          network: usualNetworkOf(asset),
          address: depositAddressOf(`elsewhere ${account}`, asset, usualNetworkOf(asset)),
          amount: formatMoney(negate(amount)),
          transferType: 0,
          status: WITHDRAWN,
          transactionFee: "0",
          confirmNo: 12,
          applyTime: time,
          updateTime: time,
          remark: "",
          memo: null,
          transHash: txId,
          coinId: marketIdOf(`coin ${asset}`),
          vcoinId: marketIdOf(`coin ${asset}`),
          withdrawOrderId: null,
          networkId: null,
          explorerUrl: null,
        };
      });
  },
};

/** Seven days unless asked otherwise, never more than seven, and not further back than ninety. */
function spanOf({ parameters, serverTime }: SignedCall): { readonly start: number; readonly end: number } {
  const end = parameters.whole("endTime") ?? serverTime;
  const start = parameters.whole("startTime") ?? end - USUAL_DAYS * DAY_MS;
  if (start < serverTime - EARLIEST_DAYS * DAY_MS) {
    throw new Refusal(400, "The start time cannot be earlier than 90 days");
  }
  if (end - start > USUAL_DAYS * DAY_MS) throw new Refusal(400, "The time interval cannot exceed 7 days");
  return { start, end };
}
