import type { SignedCall, SignedEndpoint } from "../endpoint.ts";
import { parameterError } from "../../engine/refusal.ts";

const path = "/api/v3/mxDeduct/enable";

/** From the next fill on, fees are paid in MX as long as there is enough of it. */
export const setMxDeduct: SignedEndpoint = {
  method: "POST",
  path,
  weight: 1,
  access: "SPOT_DEAL_WRITE",
  handle: (call) => {
    const wanted = call.parameters.required("mxDeductEnable");
    const { paysInMx } = call.exchange.clearing;
    if (wanted === "true") paysInMx.add(call.account);
    else if (wanted === "false") paysInMx.delete(call.account);
    else throw parameterError("mxDeductEnable");
    return statusOf(call);
  },
};

export const getMxDeduct: SignedEndpoint = {
  method: "GET",
  path,
  weight: 1,
  access: "SPOT_DEAL_READ",
  handle: statusOf,
};

function statusOf({ exchange, account, serverTime }: SignedCall): unknown {
  const data = { mxDeductEnable: exchange.clearing.paysInMx.has(account) };
  return { data, code: 0, msg: "success", timestamp: serverTime };
}
