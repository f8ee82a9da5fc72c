import { createHmac } from "node:crypto";
import { request } from "node:http";
import { z } from "zod";
import type { SoakWorld } from "./soak-world.ts";

const ledgerSchema = z.object({
  accounts: z.record(z.string(), z.record(z.string(), z.object({ free: z.string(), locked: z.string() }))),
  orders: z.array(
    z.object({
      orderId: z.string(),
      clientOrderId: z.string().nullish(),
      symbol: z.string(),
      executedQuantity: z.string(),
      status: z.string(),
    }),
  ),
  trades: z.array(z.object({ tradeId: z.string(), orderId: z.string(), quantity: z.string() })),
});
const keysSchema = z.object({ listenKey: z.array(z.string()) });
export type ExchangeLedger = z.infer<typeof ledgerSchema>;

/** The test's own hands on the exchange: faults, the truth, and another client of the same account. */
export function createExchangeControls({ simulator, time }: Pick<SoakWorld, "simulator" | "time">) {
  const { restUrl, apiKey, apiSecret } = simulator;

  /** Over a connection of its own each, so that it shares nothing with the client under test. */
  function call(method: string, path: string, body?: object): Promise<unknown> {
    const text = body === undefined ? "" : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${restUrl}${path}`,
        { method, agent: false, headers: { "X-MEXC-APIKEY": apiKey, "content-type": "application/json" } },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("end", () => {
            const answer = Buffer.concat(chunks).toString("utf8");
            if (incoming.statusCode === 200) resolve(JSON.parse(answer));
            else reject(new Error(`${method} ${path}: ${String(incoming.statusCode)} ${answer}`));
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(text);
    });
  }

  async function signed(method: string, path: string, query: string): Promise<unknown> {
    const total = `${query}${query === "" ? "" : "&"}timestamp=${String(time.clock.now())}`;
    const signature = createHmac("sha256", apiSecret).update(total).digest("hex");
    return call(method, `/api/v3${path}?${total}&signature=${signature}`);
  }

  return {
    fault: (fault: object) => call("POST", "/_sim/faults", fault),
    disconnect: () => call("POST", "/_sim/disconnect", {}),
    ledger: async (): Promise<ExchangeLedger> => ledgerSchema.parse(await call("GET", "/_sim/ledger")),
    signed,
    /** Ends every private stream's key at once, as if somebody else had. */
    async removeListenKeys(): Promise<void> {
      const listed = keysSchema.parse(await signed("GET", "/userDataStream", ""));
      for (const key of listed.listenKey) await signed("DELETE", "/userDataStream", `listenKey=${key}`);
    },
  };
}

export type ExchangeControls = ReturnType<typeof createExchangeControls>;
