import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";

// A process of its own: what it costs to take an order must not count as what it costs to send one.

const simulator = await startSimulator({ seed: Number(process.argv[2]), symbolCount: 1 });
const plain = createServer((request, response) => {
  request.resume();
  response.end("{}");
});
plain.listen(0, "127.0.0.1", () => {
  const { restUrl, wsUrl, apiKey, apiSecret } = simulator;
  const plainUrl = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  process.send?.({ restUrl, wsUrl, apiKey, apiSecret, plainUrl });
});
process.on("message", () => {
  void countOrders();
});
process.on("disconnect", () => process.exit(0));

async function countOrders(): Promise<void> {
  const answer = await fetch(`${simulator.restUrl}/_sim/ledger`);
  const { orders } = (await answer.json()) as { readonly orders: readonly { readonly clientOrderId: string }[] };
  process.send?.(orders.map(({ clientOrderId }) => clientOrderId));
}
