import { createInterface } from "node:readline";
import { loadPeer } from "./installed-peer.ts";

// MEXC's own kit waits in place for every answer, in a helper of its own that dies only with a regular exit. So it lives
// in this process: a line of JSON in calls a method, a line out tells its answer or what it threw.

interface Kit {
  readonly config: { baseURL: string };
  readonly [method: string]: unknown;
}

const [baseUrl = "", apiKey = "", apiSecret = ""] = process.argv.slice(2);
const { Spot } = await loadPeer<{ readonly Spot: new (key: string, secret: string) => Kit }>("mexc-api-sdk");
const kit = new Spot(apiKey, apiSecret);
kit.config.baseURL = baseUrl;

for await (const line of createInterface({ input: process.stdin })) {
  const { method, values } = JSON.parse(line) as { readonly method: string; readonly values: readonly unknown[] };
  console.log(JSON.stringify(call(method, values)));
}
process.exit(0);

function call(method: string, values: readonly unknown[]): object {
  try {
    const act = kit[method] as (...values: readonly unknown[]) => unknown;
    return { answer: act.call(kit, ...values) };
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) };
  }
}
