import { Refusal } from "../../engine/refusal.ts";
import type { Call, Endpoint } from "../endpoint.ts";
import { LISTEN_KEY_LIMIT } from "../listen-keys.ts";

const path = "/api/v3/userDataStream";

export const createListenKey: Endpoint = {
  method: "POST",
  path,
  weight: 1,
  access: "signed",
  handle: ({ listenKeys, apiKey }) => {
    if (listenKeys.list(apiKey).length >= LISTEN_KEY_LIMIT) throw new Refusal(400, "Too many listen keys");
    return { listenKey: listenKeys.create(apiKey) };
  },
};

export const listListenKeys: Endpoint = {
  method: "GET",
  path,
  weight: 1,
  access: "signed",
  handle: ({ listenKeys, apiKey }) => {
    const keys = listenKeys.list(apiKey);
    return { listenKey: keys, total: LISTEN_KEY_LIMIT, available: LISTEN_KEY_LIMIT - keys.length };
  },
};

export const extendListenKey: Endpoint = {
  method: "PUT",
  path,
  weight: 1,
  access: "signed",
  handle: (call) => answer(call, (key) => call.listenKeys.extend(call.apiKey, key)),
};

export const removeListenKey: Endpoint = {
  method: "DELETE",
  path,
  weight: 1,
  access: "signed",
  handle: (call) => answer(call, (key) => call.listenKeys.remove(call.apiKey, key)),
};

function answer({ parameters }: Call, act: (key: string) => boolean): { readonly listenKey: string } {
  const listenKey = parameters.required("listenKey");
  if (!act(listenKey)) throw new Refusal(400, "Invalid listen key");
  return { listenKey };
}
