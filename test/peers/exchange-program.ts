import { makeHome, startSimulator } from "../e2e/program.ts";
import type { Simulator } from "../e2e/program.ts";

/** The exchange's own account of the day, money as text. */
export interface FullLedger {
  readonly accounts: Readonly<
    Record<string, Readonly<Record<string, { readonly free: string; readonly locked: string }>>>
  >;
  readonly orders: readonly {
    readonly orderId: string;
    readonly clientOrderId: string | null;
    readonly symbol: string;
    readonly side: string;
    readonly type: string;
    readonly quantity: string;
    readonly executedQuantity: string;
    readonly status: string;
  }[];
  readonly trades: readonly {
    readonly tradeId: string;
    readonly orderId: string;
    readonly symbol: string;
    readonly side: string;
    readonly price: string;
    readonly quantity: string;
  }[];
}

export type ServedExchange = Simulator & AsyncDisposable & { fullLedger(): Promise<FullLedger> };

/** The built program as these tests run it: with its limits on, and the same markets every time. */
export async function serveExchange(args: readonly string[] = []): Promise<ServedExchange> {
  const home = makeHome();
  const simulator = await startSimulator(["--limits", "on", "--seed", "20261125", ...args], home.path);
  return {
    ...simulator,
    fullLedger: async () => (await (await fetch(`${simulator.rest}/_sim/ledger`)).json()) as FullLedger,
    [Symbol.asyncDispose]: async () => {
      await simulator.stop();
      home.remove();
    },
  };
}
