import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SimulatorOptions } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";

// A process of its own: what it costs to be the exchange must not count as what it costs to trade on one.

/** Where the simulated exchange is, and a server beside it that answers everything with nothing. */
export interface BenchExchange {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly plainUrl: string;
}

const simulator = await startSimulator(JSON.parse(process.argv[2] ?? "{}") as SimulatorOptions);
const plain = createServer((request, response) => {
  request.resume();
  response.end("{}");
});
plain.listen(0, "127.0.0.1", () => {
  const { restUrl, wsUrl, apiKey, apiSecret } = simulator;
  const plainUrl = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  process.send?.({ restUrl, wsUrl, apiKey, apiSecret, plainUrl } satisfies BenchExchange);
});
process.on("message", () => {
  void tellOrders();
});
process.on("disconnect", () => process.exit(0));

/** Answers whatever is asked with the client ids of all its orders. */
async function tellOrders(): Promise<void> {
  const answer = await fetch(`${simulator.restUrl}/_sim/ledger`);
  const { orders } = (await answer.json()) as { readonly orders: readonly { readonly clientOrderId: string }[] };
  process.send?.(orders.map(({ clientOrderId }) => clientOrderId));
}
