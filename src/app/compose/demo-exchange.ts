import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { formatMoney } from "../../core/domain/money.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { Price } from "../../core/domain/money.ts";
import { writeFileAtomically } from "../../adapters/system/atomic-write.ts";
import { serveSimulator } from "./serve-simulator.ts";

const addressSchema = z.object({
  pid: z.int(),
  restUrl: z.url(),
  wsUrl: z.url(),
  apiKey: z.string(),
  apiSecret: z.string(),
});

/** A simulated exchange to talk to: our own, or the one another console of this home already runs. */
export interface DemoExchange {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly own: boolean;
  movePrice(symbol: MarketSymbol, price: Price): Promise<void>;
  close(): Promise<void>;
}

/** The seed of the demo's market: the same every time, so that a second look finds a familiar place. */
const DEMO_SEED = 7;

/**
 * One demo exchange a home: its orders and balances are kept in a file, so that they outlive a kill, and a second
 * process joins the first instead of writing the same file.
 */
export async function openDemoExchange(folder: string): Promise<DemoExchange> {
  const addressFile = join(folder, "demo-exchange.json");
  const running = readAddress(addressFile);
  if (running !== undefined && (await answers(running.restUrl))) {
    return { ...running, own: false, movePrice: mover(running.restUrl), close: () => Promise.resolve() };
  }
  const simulator = await serveSimulator({ seed: DEMO_SEED, statePath: join(folder, "demo-exchange.ndjson") });
  const { restUrl, wsUrl, apiKey, apiSecret } = simulator;
  const address = { pid: process.pid, restUrl, wsUrl, apiKey, apiSecret };
  writeFileAtomically(addressFile, `${JSON.stringify(address)}\n`);
  return {
    restUrl,
    wsUrl,
    apiKey,
    apiSecret,
    own: true,
    movePrice: mover(restUrl),
    async close() {
      rmSync(addressFile, { force: true });
      await simulator.close();
    },
  };
}

function readAddress(file: string): z.infer<typeof addressSchema> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return addressSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // A torn or foreign file names no exchange; it is written anew.
    return undefined;
  }
}

async function answers(restUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${restUrl}/api/v3/ping`, { signal: AbortSignal.timeout(500) });
    return answer.ok;
  } catch {
    return false;
  }
}

function mover(restUrl: string): DemoExchange["movePrice"] {
  return async (symbol, price) => {
    const answer = await fetch(`${restUrl}/_sim/move`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ symbol, price: formatMoney(price) }),
    });
    if (!answer.ok) throw new Error(`the simulated exchange refused to move ${symbol}: ${answer.status}`);
  };
}
