import type { CancelProgress } from "../core/domain/cancel-progress.ts";
import type { MarketSymbol } from "../core/domain/identifiers.ts";
import type { HeldState, StateRecord } from "../core/domain/trading-state.ts";
import type { CancelReport } from "../core/use-cases/cancel-everything.ts";
import type { PanicReport } from "../core/use-cases/panic.ts";

/**
 * What stops trading and lets it go on. Every act holds for all processes of the account, this one included, whoever of
 * them has the screen. @throws AppError KEYS_MISSING without an account.
 */
export interface Safety {
  /** The trading state as any process has set it last, with who, when and why. */
  state(): StateRecord;
  /**
   * Sets it, as a person who has given a reason.
   * @throws AppError STORAGE_FAILED when it could not be written; a halt then holds in this process alone.
   */
  setState(state: HeldState): StateRecord;
  /** Cancels every open order there is, or of one market, and proves it. */
  cancelAll(
    scope: { readonly symbol?: MarketSymbol; readonly timeoutMs: number },
    signal: AbortSignal,
    onProgress?: (progress: CancelProgress) => void,
  ): Promise<CancelReport>;
  /** Halts, cancels everything, and says what remains. Sells nothing. */
  panic(
    options: { readonly reason: string; readonly timeoutMs: number },
    signal: AbortSignal,
    onProgress?: (progress: CancelProgress) => void,
  ): Promise<PanicReport>;
}

export type { CancelProgress, CancelReport, PanicReport };
