import type { ExchangeInProcess } from "../../../src/simulator/exchange-in-process.ts";

/** Every unit that an account or the house holds came from a deposit or a trade. */
export function moneyIsConserved({ venue }: ExchangeInProcess): readonly string[] {
  const { exchange } = venue;
  const found: string[] = [];
  for (const [account, assets] of exchange.ledger.accounts()) {
    for (const [asset, { free, locked }] of assets) {
      const moved = balanceByHistory(venue, account, asset);
      const held = exchange.orders
        .openOrders(account)
        .filter((order) => (order.side === "BUY" ? "USDT" : "BTC") === asset)
        .reduce((sum, order) => sum + order.locked, 0n);
      if (free + locked !== moved) {
        found.push(`${account} holds ${String(free + locked)} ${asset}, its history makes ${String(moved)}`);
      }
      if (locked !== held) found.push(`${account} has ${String(locked)} ${asset} locked, its orders ${String(held)}`);
    }
  }
  return found;
}

function balanceByHistory({ exchange }: ExchangeInProcess["venue"], account: string, asset: string): bigint {
  let sum = exchange.wallet
    .of(account, "deposit")
    .filter((movement) => movement.asset === asset)
    .reduce((total, movement) => total + movement.amount, 0n);
  for (const fill of exchange.orders.fills(account)) {
    const sign = fill.side === "BUY" ? 1n : -1n;
    if (asset === "BTC") sum += sign * fill.quantity;
    if (asset === "USDT") sum -= sign * fill.notional;
    if (fill.feeAsset === asset) sum -= fill.fee;
  }
  return sum;
}
