import type { GuardStatus } from "../core/domain/guard-status.ts";
import type { MarketSymbol } from "../core/domain/identifiers.ts";
import type { Quantity } from "../core/domain/money.ts";
import type { GapAnswer } from "../core/domain/protection-events.ts";
import type { ProtectionBadge } from "../core/domain/protection-badge.ts";
import type { Protection } from "../core/domain/protection.ts";
import type { GuardRun, GuardRuns } from "../core/ports/guard-runs.ts";
import type { GuardNews } from "./runtime/guardian/guard-news.ts";

/**
 * Who acts on the protections of the account, and what it waits for. `startSession` sets this process to guard, or to
 * stand by while another one does; all else can be asked of any process. @throws AppError KEYS_MISSING without an account.
 */
export interface Guarding {
  /** As any process of the account has left it. */
  status(): GuardStatus;
  /** What a trader may rely on for what is held in a market. */
  badge(symbol: MarketSymbol, held: Quantity): ProtectionBadge;
  /**
   * Answers what a guardian asked after a time when nobody watched.
   * @param legId may be left out where only one leg asks
   * @throws AppError QUESTION_NOT_FOUND, STORAGE_FAILED, or PROTECTION_CHANGED when another answer was first.
   */
  answer(protectionId: string, legId: string | undefined, answer: GapAnswer): Protection;
  /** Whether this process is the one that acts. */
  readonly isHolder: boolean;
  /**
   * Starts a guardian that outlives this process, and resolves once it guards or stands by; it takes over when this app
   * closes. Undefined where the exchange itself ends with this process. @throws AppError GUARD_NOT_STARTED
   */
  readonly startInBackground: (() => Promise<BackgroundGuard>) | undefined;
  /** The one that was started so. */
  readonly successor: BackgroundGuard | undefined;
  /** @returns the end of the listening. */
  onNews(listener: (news: GuardNews) => void): () => void;
}

/** What a guardian in the background said when it was ready. */
export interface BackgroundGuard {
  readonly pid: number;
  readonly isHolder: boolean;
  /** Of the process that guards: its own, or the one it stands by for. */
  readonly holderPid: number | null;
  /** What it says, a line of NDJSON an event. */
  readonly outputFile: string;
  /** What keeps it from guarding all that is armed, in words; empty when nothing does. */
  readonly waitsFor: readonly string[];
}

export type { GuardNews, GuardRun, GuardRuns };
