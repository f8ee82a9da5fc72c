import { formatMoney } from "../../core/domain/money.ts";
import type { AssetBalance } from "../engine/ledger.ts";
import { futuresOf, isFutures } from "../engine/wallet-journal.ts";
import type { Exchange } from "../engine/exchange.ts";

/** The truth about all accounts, with money as strings. */
export function ledgerView(exchange: Exchange): Readonly<Record<string, unknown>> {
  const accounts = [...exchange.ledger.accounts()].filter(([name]) => !isFutures(name));
  return {
    accounts: Object.fromEntries(accounts.map(([apiKey, assets]) => [apiKey, balancesView(assets)])),
    ...futuresView(exchange),
    orders: accounts.flatMap(([apiKey]) =>
      exchange.orders.orders(apiKey).map((order) => ({
        orderId: order.orderId,
        clientOrderId: order.clientOrderId,
        apiKey,
        symbol: order.symbol,
        side: order.side,
        type: order.type,
        price: formatMoney(order.price),
        quantity: formatMoney(order.quantity),
        executedQuantity: formatMoney(order.executedQuantity),
        status: order.status,
        time: order.time,
      })),
    ),
    trades: accounts.flatMap(([apiKey]) =>
      exchange.orders.fills(apiKey).map((fill) => ({
        tradeId: fill.tradeId,
        orderId: fill.orderId,
        symbol: fill.symbol,
        side: fill.side,
        price: formatMoney(fill.price),
        quantity: formatMoney(fill.quantity),
        time: fill.time,
      })),
    ),
  };
}

/** Only where an account has moved money to its futures wallet. */
function futuresView(exchange: Exchange): Readonly<Record<string, unknown>> {
  const all = exchange.ledger.accounts();
  const wallets = [...all.keys()].flatMap((account) => {
    const assets = all.get(futuresOf(account));
    return assets === undefined ? [] : [[account, balancesView(assets)] as const];
  });
  return wallets.length === 0 ? {} : { futures: Object.fromEntries(wallets) };
}

function balancesView(assets: Iterable<readonly [string, AssetBalance]>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...assets].map(([asset, { free, locked }]) => [asset, { free: formatMoney(free), locked: formatMoney(locked) }]),
  );
}
