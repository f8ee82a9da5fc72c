import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Simulator } from "../e2e/program.ts";

export type SdkRow = Readonly<Record<string, string | number | boolean>>;

type Options = Readonly<Record<string, string | number>>;

/** MEXC's own kit as far as these tests use it. It shows null as an empty text. */
export interface SdkMethods {
  ping(): object;
  time(): { readonly serverTime: number };
  exchangeInfo(options?: Options): { readonly symbols: readonly SdkRow[] };
  depth(
    symbol: string,
    options?: Options,
  ): {
    readonly lastUpdateId: number;
    readonly bids: readonly (readonly [string, string])[];
    readonly asks: readonly (readonly [string, string])[];
  };
  trades(symbol: string): readonly SdkRow[];
  historicalTrades(symbol: string): readonly SdkRow[];
  aggTrades(symbol: string): readonly SdkRow[];
  klines(symbol: string, interval: string, options?: Options): readonly (readonly (string | number)[])[];
  avgPrice(symbol: string): SdkRow;
  ticker24hr(symbol: string): SdkRow;
  tickerPrice(symbol?: string): SdkRow | readonly SdkRow[];
  bookTicker(): readonly SdkRow[];
  newOrderTest(symbol: string, side: string, type: string, options: Options): object;
  newOrder(symbol: string, side: string, type: string, options: Options): SdkRow;
  cancelOrder(symbol: string, options: Options): SdkRow;
  cancelOpenOrders(symbol: string): readonly SdkRow[];
  queryOrder(symbol: string, options: Options): SdkRow;
  openOrders(symbol: string): readonly SdkRow[];
  allOrders(symbol: string): readonly SdkRow[];
  accountInfo(): { readonly balances: readonly SdkRow[] };
  accountTradeList(symbol: string, options?: Options): readonly SdkRow[];
}

export interface SdkClient {
  /** @throws Error with the kit's own text when it threw */
  call<M extends keyof SdkMethods>(method: M, ...values: Parameters<SdkMethods[M]>): Promise<ReturnType<SdkMethods[M]>>;
  close(): Promise<void>;
}

/** The kit as it comes, with nothing but its address changed, in a process of its own. */
export function openSdk(exchange: Simulator): SdkClient {
  const program = join(import.meta.dirname, "sdk-process.ts");
  const args = [program, `${exchange.rest}/api/v3`, exchange.apiKey, exchange.apiSecret];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async call(method, ...values) {
      child.stdin.write(`${JSON.stringify({ method, values })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("the kit's process ended");
      const told = JSON.parse(value) as { readonly answer?: unknown; readonly error?: string };
      if (told.error !== undefined) throw new Error(told.error);
      return told.answer as ReturnType<SdkMethods[typeof method]>;
    },
    async close() {
      const ended = once(child, "close");
      child.stdin.end();
      await ended;
    },
  };
}
