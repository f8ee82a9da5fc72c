import type { PublicEndpoint } from "../endpoint.ts";

/**
 * The contracts of the futures side, which lives on the same host: there are none. Clients ask for them along with the
 * spot markets and would not start without an answer.
 */
export const contractDetail: PublicEndpoint = {
  method: "GET",
  path: "/api/v1/contract/detail",
  weight: 1,
  access: "public",
  handle: () => ({ success: true, code: 0, data: [] }),
};
