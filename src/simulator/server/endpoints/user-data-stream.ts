import { Refusal } from "../../engine/refusal.ts";
import type { Call, SignedEndpoint } from "../endpoint.ts";

const path = "/api/v3/userDataStream";

export const createListenKey: SignedEndpoint = {
  method: "POST",
  path,
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ venue, key }) => {
    const listenKey = venue.listenKeys.create(key);
    if (listenKey === undefined) throw new Refusal(400, "Too many listen keys");
    return { listenKey };
  },
};

export const listListenKeys: SignedEndpoint = {
  method: "GET",
  path,
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ venue, account }) => {
    const { listenKeys, switches } = venue;
    const keys = listenKeys.list(account);
    if (switches.get("listen-key-list") === "plain") return { listenKey: keys };
    return { listenKey: keys, total: listenKeys.limit, available: listenKeys.limit - keys.length };
  },
};

export const extendListenKey: SignedEndpoint = {
  method: "PUT",
  path,
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: (call) => answer(call, (key) => call.venue.listenKeys.extend(call.account, key)),
};

export const removeListenKey: SignedEndpoint = {
  method: "DELETE",
  path,
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: (call) => answer(call, (key) => call.venue.listenKeys.remove(call.account, key)),
};

function answer({ parameters }: Call, act: (key: string) => boolean): { readonly listenKey: string } {
  const listenKey = parameters.required("listenKey");
  if (!act(listenKey)) throw new Refusal(400, "Invalid listen key");
  return { listenKey };
}
