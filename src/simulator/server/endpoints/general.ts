import type { Endpoint } from "../endpoint.ts";

export const ping: Endpoint = { method: "GET", path: "/api/v3/ping", weight: 1, access: "public", handle: () => ({}) };

export const time: Endpoint = {
  method: "GET",
  path: "/api/v3/time",
  weight: 1,
  access: "public",
  handle: ({ serverTime }) => ({ serverTime }),
};
