import type { Simulator } from "../e2e/program.ts";
import { loadPeer } from "./installed-peer.ts";

/** A market in ccxt's words, as far as these tests look. */
export interface CcxtMarket {
  readonly id: string;
  readonly symbol: string;
  readonly active: boolean;
  readonly precision: { readonly amount: number; readonly price: number };
  readonly limits: { readonly amount: { readonly min: number }; readonly cost: { readonly min: number } };
}

/** What these tests use of ccxt's class for MEXC. */
export interface CcxtClient {
  readonly urls: { readonly api: Record<string, Record<string, string>> };
  fetchTime(): Promise<number>;
  loadMarkets(): Promise<Readonly<Record<string, CcxtMarket>>>;
  close(): Promise<void>;
}

interface Ccxt {
  readonly pro: { readonly mexc: new (config: object) => CcxtClient };
}

/** ccxt as it comes, with nothing but its addresses changed. */
export async function openCcxt(exchange: Simulator): Promise<CcxtClient> {
  const ccxt = await loadPeer<Ccxt>("ccxt");
  const client = new ccxt.pro.mexc({ apiKey: exchange.apiKey, secret: exchange.apiSecret });
  const { api } = client.urls;
  api["spot"] = { public: exchange.rest, private: exchange.rest };
  api["contract"] = { public: `${exchange.rest}/api/v1/contract`, private: `${exchange.rest}/api/v1/private` };
  api["ws"] = { spot: exchange.ws };
  return client;
}
