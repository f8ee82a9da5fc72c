import { createHmac } from "node:crypto";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A client as plain as can be, for tests of the wire. */
export function createClient(simulator: RunningSimulator, now: () => number = Date.now) {
  const call = async (
    method: string,
    path: string,
    query = "",
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    const target = `${simulator.restUrl}${path}${query === "" ? "" : `?${query}`}`;
    const response = await fetch(target, { method, headers });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    get: async (path: string, query = "") => (await call("GET", `/api/v3${path}`, query)).body,
    call,
    signed: async (
      method: string,
      path: string,
      query = "",
      skewMs = 0,
      more: Record<string, string> = {},
    ): Promise<Reply> => {
      const total = `${query}${query === "" ? "" : "&"}timestamp=${String(now() + skewMs)}`;
      const signature = createHmac("sha256", simulator.apiSecret).update(total).digest("hex");
      const headers = { "X-MEXC-APIKEY": simulator.apiKey, "content-type": "application/json", ...more };
      return await call(method, `/api/v3${path}`, `${total}&signature=${signature}`, headers);
    },
    control: async (path: string, input?: unknown): Promise<Reply> => {
      const method = input === undefined ? "GET" : "POST";
      const body = input === undefined ? {} : { body: JSON.stringify(input) };
      const response = await fetch(`${simulator.restUrl}/_sim/${path}`, { method, ...body });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
  };
}
