import type { Simulator } from "../e2e/program.ts";
import { loadPeer } from "./installed-peer.ts";

// ccxt's unified structures as far as these tests look; `info` is the exchange's own row.

export type Row = Readonly<Record<string, string>>;

export interface CcxtMarket {
  readonly id: string;
  readonly active: boolean;
  readonly precision: { readonly amount: number; readonly price: number };
  readonly limits: { readonly amount: { readonly min: number }; readonly cost: { readonly min: number } };
}

export interface CcxtOrder {
  readonly id: string;
  readonly clientOrderId: string | undefined;
  readonly symbol: string;
  readonly type: string;
  readonly side: string;
  readonly timeInForce: string;
  readonly status: string | undefined;
  readonly price: number;
  readonly amount: number;
  readonly filled: number;
  readonly remaining: number;
  readonly cost: number;
  readonly average: number | undefined;
  readonly info: Row;
}

export interface CcxtTrade {
  readonly id: string;
  readonly order: string;
  readonly symbol: string;
  readonly side: string;
  readonly takerOrMaker: string;
  readonly price: number;
  readonly amount: number;
  readonly cost: number;
  readonly timestamp: number;
  readonly fee: { readonly cost: number; readonly currency: string };
  readonly info: Row;
}

export interface CcxtTicker {
  readonly symbol: string;
  readonly bid: number;
  readonly bidVolume: number;
  readonly ask: number;
  readonly askVolume: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
  readonly percentage: number;
  readonly baseVolume: number;
}

export interface CcxtBook {
  readonly bids: readonly (readonly [price: number, amount: number])[];
  readonly asks: readonly (readonly [price: number, amount: number])[];
  readonly nonce: number;
}

export interface CcxtBalances {
  readonly free: Readonly<Record<string, number>>;
  readonly used: Readonly<Record<string, number>>;
  readonly total: Readonly<Record<string, number>>;
  readonly info: { readonly balances: readonly Row[] };
}

export type CcxtCandle = readonly [openTime: number, open: number, high: number, low: number, close: number, n: number];

type Params = Readonly<Record<string, unknown>>;

/** What these tests use of ccxt's class for MEXC. */
export interface CcxtClient {
  readonly urls: { readonly api: Record<string, Record<string, string>> };
  readonly options: Record<string, unknown>;
  enableRateLimit: boolean;
  /** What ccxt asks for before a stream of an address without TLS. */
  loadHttpProxyAgent(): Promise<unknown>;
  close(): Promise<void>;

  fetchTime(): Promise<number>;
  fetchStatus(): Promise<{ readonly status: string }>;
  loadMarkets(reload?: boolean): Promise<Readonly<Record<string, CcxtMarket>>>;
  fetchCurrencies(): Promise<Readonly<Record<string, { readonly networks: object }>>>;
  fetchOrderBook(symbol: string, limit?: number): Promise<CcxtBook>;
  fetchTrades(symbol: string, since?: number, limit?: number, params?: Params): Promise<readonly CcxtTrade[]>;
  fetchOHLCV(symbol: string, frame: string, since?: number, limit?: number): Promise<readonly CcxtCandle[]>;
  fetchTicker(symbol: string): Promise<CcxtTicker>;
  fetchTickers(symbols?: readonly string[]): Promise<Readonly<Record<string, CcxtTicker>>>;
  fetchBidsAsks(symbols?: readonly string[]): Promise<Readonly<Record<string, CcxtTicker>>>;

  fetchBalance(): Promise<CcxtBalances>;
  fetchAccounts(): Promise<readonly { readonly code: string }[]>;
  fetchTradingFee(symbol: string): Promise<{ readonly maker: number; readonly taker: number }>;
  createOrder(
    symbol: string,
    type: "limit" | "market",
    side: "buy" | "sell",
    amount: number,
    price?: number,
    params?: Params,
  ): Promise<CcxtOrder>;
  createOrders(orders: readonly object[]): Promise<readonly CcxtOrder[]>;
  createMarketBuyOrderWithCost(symbol: string, cost: number): Promise<CcxtOrder>;
  createMarketSellOrderWithCost(symbol: string, cost: number): Promise<CcxtOrder>;
  cancelOrder(id: string | undefined, symbol: string, params?: Params): Promise<CcxtOrder>;
  cancelAllOrders(symbol?: string): Promise<readonly CcxtOrder[]>;
  fetchOrder(id: string | undefined, symbol: string, params?: Params): Promise<CcxtOrder>;
  fetchOpenOrders(symbol?: string): Promise<readonly CcxtOrder[]>;
  fetchClosedOrders(symbol: string): Promise<readonly CcxtOrder[]>;
  fetchOrders(symbol: string, since?: number, limit?: number): Promise<readonly CcxtOrder[]>;
  fetchMyTrades(symbol: string, since?: number, limit?: number): Promise<readonly CcxtTrade[]>;
  fetchOrderTrades(id: string, symbol: string): Promise<readonly CcxtTrade[]>;

  fetchDepositAddressesByNetwork(code: string): Promise<Readonly<Record<string, { readonly address: string }>>>;
  fetchDepositWithdrawFees(codes?: readonly string[]): Promise<Readonly<Record<string, object>>>;
  fetchDeposits(code?: string): Promise<readonly object[]>;
  fetchWithdrawals(code?: string): Promise<readonly object[]>;
  fetchTransfers(
    code: string | undefined,
    since: undefined,
    limit: undefined,
    params: Params,
  ): Promise<readonly object[]>;
  withdraw(code: string, amount: number, address: string, tag: undefined, params: Params): Promise<object>;

  watchOrderBook(symbol: string): Promise<CcxtBook>;
  watchTrades(symbol: string): Promise<readonly CcxtTrade[]>;
  watchTicker(symbol: string): Promise<CcxtTicker>;
  watchOHLCV(symbol: string, frame: string): Promise<readonly CcxtCandle[]>;
  watchOrders(symbol?: string): Promise<readonly CcxtOrder[]>;
  watchMyTrades(symbol?: string): Promise<readonly CcxtTrade[]>;
  watchBalance(): Promise<CcxtBalances>;
  unWatchTicker(symbol: string): Promise<unknown>;
  keepAliveListenKey(listenKey: string): Promise<void>;

  // Calls of the exchange by name, unparsed.
  spotPublicGetDepth(params: Params): Promise<unknown>;
  spotPublicGetSymbolOffline(): Promise<{ readonly data: readonly Row[] }>;
  spotPublicGetAnnouncements(): Promise<{ readonly code: number }>;
  spotPrivateGetUserDataStream(): Promise<{ readonly listenKey: readonly string[] }>;
  spotPrivateGetSelfSymbols(): Promise<{ readonly data: readonly string[] }>;
}

interface Ccxt {
  readonly pro: { readonly mexc: new (config: object) => CcxtClient };
}

/** ccxt as it comes, with nothing but its addresses changed. */
export async function openCcxt(exchange: Simulator, config: object = {}): Promise<CcxtClient> {
  const ccxt = await loadPeer<Ccxt>("ccxt");
  const client = new ccxt.pro.mexc({
    apiKey: exchange.apiKey,
    secret: exchange.apiSecret,
    ...config,
    has: { fetchCurrencies: false },
  }); // DEVTEMP
  const { api } = client.urls;
  api["spot"] = { public: exchange.rest, private: exchange.rest };
  api["contract"] = { public: `${exchange.rest}/api/v1/contract`, private: `${exchange.rest}/api/v1/private` };
  api["ws"] = { spot: exchange.ws };
  await client.loadHttpProxyAgent();
  return client;
}
