import type { Balance } from "../domain/balance.ts";
import { totalOf } from "../domain/balance.ts";
import type { CancelProgress } from "../domain/cancel-progress.ts";
import { AppError } from "../domain/errors.ts";
import type { Protection } from "../domain/protection.ts";
import { armedAmong } from "../domain/protection.ts";
import type { CancelReport } from "./cancel-everything.ts";
import { cancelEverything } from "./cancel-everything.ts";
import type { TradingContext } from "./trading-context.ts";

export interface PanicReport extends CancelReport {
  /** Why the halt is not on disk: this process halts all the same, others do not. Undefined when it is. */
  readonly haltNotWritten: AppError | undefined;
  /** What the account holds now; undefined when it could not be read. */
  readonly holdings: readonly Balance[] | undefined;
  /** Armed, and not selling anything while trading is halted. */
  readonly protections: readonly Protection[];
}

/**
 * Halts trading for every process of the account, durably, and only then cancels all there is, so that nothing new can
 * follow what is cancelled. Sells nothing.
 */
export async function panic(
  context: TradingContext,
  options: { readonly reason: string; readonly timeoutMs: number },
  signal: AbortSignal,
  onProgress?: (progress: CancelProgress) => void,
): Promise<PanicReport> {
  const haltNotWritten = halt(context, options.reason);
  const scope = { timeoutMs: options.timeoutMs, evenUnwritten: true };
  const cancelled = await cancelEverything(context, scope, signal, onProgress);
  const holdings = await readHoldings(context, signal);
  const protections = armedAmong(context.ledger().protections.values());
  return { ...cancelled, haltNotWritten, holdings, protections };
}

function halt(context: TradingContext, reason: string): AppError | undefined {
  try {
    const state = { kind: "halted", reason } as const;
    context.publish([{ type: "trading-state-changed", state, by: "panic", evidence: [] }]);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return cause;
  }
}

async function readHoldings(context: TradingContext, signal: AbortSignal): Promise<readonly Balance[] | undefined> {
  try {
    const balances = await context.accountData.fetchBalances(signal);
    context.publish([{ type: "balances-replaced", balances }]);
    return balances.filter((balance) => totalOf(balance) > 0n);
  } catch (cause) {
    if (!signal.aborted && !(cause instanceof AppError)) throw cause;
    return undefined;
  }
}
