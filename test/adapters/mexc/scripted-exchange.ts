import { createMarketData } from "../../../src/adapters/mexc/rest/market-data.ts";
import { createAccountData } from "../../../src/adapters/mexc/rest/account-data.ts";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";
import { createExchangeGateway } from "../../../src/adapters/mexc/rest/exchange-gateway.ts";
import { createFeeSchedule } from "../../../src/adapters/mexc/rest/fee-schedule.ts";
import { createTransferHistory } from "../../../src/adapters/mexc/rest/transfer-history.ts";
import type { HttpRequest, HttpResult } from "../../../src/adapters/mexc/rest/http-request.ts";

export const SCRIPT_NOW = 1_700_000_000_000;

export type Script = (path: string, request: HttpRequest) => unknown;

export function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResult {
  return { kind: "answer", status, headers, body };
}

/**
 * The REST adapter over an exchange of scripted answers: a body to be told with 200, or a whole result. The time is
 * answered by itself.
 */
export function scriptedExchange(script: Script, { keys = true } = {}) {
  const sent: HttpRequest[] = [];
  const poison: string[] = [];
  const onPoison = (what: string) => {
    poison.push(what);
  };
  const client = createRestClient({
    restUrl: "http://127.0.0.1:1",
    keys: keys ? { apiKey: "mx0key", apiSecret: Buffer.from("secret") } : undefined,
    clock: { now: () => SCRIPT_NOW, monotonic: () => 0, sleep: () => Promise.resolve() },
    sender: {
      send(request) {
        const path = new URL(request.url).pathname.replace("/api/v3/", "");
        if (path === "time") return Promise.resolve(answer(200, JSON.stringify({ serverTime: SCRIPT_NOW })));
        sent.push(request);
        const told = script(path, request);
        return Promise.resolve(isResult(told) ? told : answer(200, JSON.stringify(told)));
      },
      close: () => undefined,
    },
  });
  return {
    client,
    sent,
    poison,
    gateway: createExchangeGateway(client),
    accountData: createAccountData({ client, onPoison }),
    transferHistory: createTransferHistory({ client, onPoison }),
    feeSchedule: createFeeSchedule(client),
    marketData: createMarketData({ client, now: () => SCRIPT_NOW, onPoison }),
  };
}

function isResult(told: unknown): told is HttpResult {
  return typeof told === "object" && told !== null && "kind" in told;
}
