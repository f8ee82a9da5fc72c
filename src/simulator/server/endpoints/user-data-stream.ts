import { Refusal } from "../../engine/refusal.ts";
import type { Call, SignedEndpoint } from "../endpoint.ts";
import { LISTEN_KEY_LIMIT } from "../listen-keys.ts";

const path = "/api/v3/userDataStream";

export const createListenKey: SignedEndpoint = {
  method: "POST",
  path,
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ venue, account }) => {
    if (venue.listenKeys.list(account).length >= LISTEN_KEY_LIMIT) throw new Refusal(400, "Too many listen keys");
    return { listenKey: venue.listenKeys.create(account) };
  },
};

export const listListenKeys: SignedEndpoint = {
  method: "GET",
  path,
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ venue, account }) => {
    const keys = venue.listenKeys.list(account);
    return { listenKey: keys, total: LISTEN_KEY_LIMIT, available: LISTEN_KEY_LIMIT - keys.length };
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
