import { NEVER_SET } from "../../core/domain/trading-state.ts";
import type { TradingStateStore } from "../../core/ports/stores.ts";
import { cancelEverything } from "../../core/use-cases/cancel-everything.ts";
import { panic } from "../../core/use-cases/panic.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import type { Safety } from "../safety.ts";

export interface SafetyParts {
  readonly account: { readonly tradingState: TradingStateStore } | undefined;
  /** @throws AppError KEYS_MISSING without an account. */
  readonly context: () => TradingContext;
  /** Counts the work as under way, and ends it with the app. */
  readonly track: <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;
}

export function createSafety({ account, context, track }: SafetyParts): Safety {
  function state() {
    context().adoptState();
    return account?.tradingState.read() ?? NEVER_SET;
  }
  return {
    state,
    setState(wanted) {
      context().publish([{ type: "trading-state-changed", state: wanted, by: "person", evidence: [] }]);
      return state();
    },
    cancelAll: (scope, signal, onProgress) =>
      track((during) => cancelEverything(context(), { ...scope, evenUnwritten: false }, during, onProgress), signal),
    panic: (options, signal, onProgress) => track((during) => panic(context(), options, during, onProgress), signal),
  };
}
