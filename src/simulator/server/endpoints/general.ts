import type { PublicEndpoint } from "../endpoint.ts";

export const ping: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/ping",
  weight: 1,
  access: "public",
  handle: () => ({}),
};

export const time: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/time",
  weight: 1,
  access: "public",
  handle: ({ serverTime }) => ({ serverTime }),
};
