import { AppError } from "../domain/errors.ts";
import type { KeyEvidence, KeyFinding, KeyMarkets } from "../domain/key-check.ts";
import { judgeKey } from "../domain/key-check.ts";
import type { KeyInspection } from "../ports/key-inspection.ts";

export interface KeyReport extends KeyEvidence {
  readonly usable: boolean;
  readonly findings: readonly KeyFinding[];
}

/**
 * Asks what our key may do, and judges it. Changes nothing.
 * @throws AppError when the exchange refuses the key or gives no usable answer about its account.
 */
export async function checkKey(inspection: KeyInspection, signal: AbortSignal): Promise<KeyReport> {
  const facts = await orNothing(inspection.fetchKeyFacts(signal));
  const first = judgeKey({ facts, rights: undefined, markets: undefined });
  if (first.some((finding) => finding.level === "unusable")) {
    return { facts, rights: undefined, markets: undefined, usable: false, findings: first };
  }
  const rights = await inspection.fetchAccountRights(signal);
  const markets = await orNothing(readMarkets(inspection, signal));
  return { facts, rights, markets, usable: true, findings: judgeKey({ facts, rights, markets }) };
}

async function readMarkets(inspection: KeyInspection, signal: AbortSignal): Promise<KeyMarkets | undefined> {
  const open = await inspection.fetchOpenMarkets(signal);
  const ours = await inspection.fetchKeyMarkets(signal);
  if (open === undefined || ours === undefined) return undefined;
  const known = new Set(open);
  return { open: known.size, allowed: ours.filter((symbol) => known.has(symbol)) };
}

/** What a key may do is worth telling even where a part of it cannot be read. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof AppError) return undefined;
    throw cause;
  }
}
