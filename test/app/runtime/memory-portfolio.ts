import type { EquitySample } from "../../../src/core/domain/equity-history.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { byExecution } from "../../../src/core/domain/lots.ts";
import type { StoredTransfer } from "../../../src/core/domain/transfer.ts";
import { mergeTransfer } from "../../../src/core/domain/transfer.ts";
import type { PortfolioStores } from "../../../src/core/ports/portfolio-stores.ts";

const STRETCH_MS = 5 * 60_000;

/** What the books are kept in, in memory. @param fills in the order of writing. */
export function createMemoryPortfolio(fills: () => readonly Fill[]): PortfolioStores {
  const transfers = new Map<string, StoredTransfer>();
  const samples = new Map<number, EquitySample>();
  const inOrder = () => [...samples.values()].sort((left, right) => left.at - right.at);
  return {
    executions: {
      visit({ symbol, upTo }, visitor) {
        const written = fills().slice(0, upTo);
        const chosen = written.filter((fill) => symbol === undefined || fill.symbol === symbol);
        const sorted = chosen.toSorted((left, right) =>
          left.symbol === right.symbol ? byExecution(left, right) : left.symbol < right.symbol ? -1 : 1,
        );
        for (const fill of sorted) visitor(fill);
      },
      visitSince(since, visitor) {
        for (const fill of fills()) if (fill.at >= since) visitor(fill);
      },
      mark: () => fills().length,
      visitWritten({ after, upTo }, visitor) {
        for (const fill of fills().slice(after, upTo)) visitor(fill);
      },
    },
    transfers: {
      list: ({ since }) =>
        [...transfers.values()].filter(({ at }) => at >= (since ?? 0)).sort((left, right) => left.at - right.at),
      save(seen) {
        for (const transfer of seen) {
          const key = `${transfer.kind} ${transfer.asset} ${transfer.transferId}`;
          const stored = transfers.get(key);
          transfers.set(key, stored === undefined ? transfer : mergeTransfer(stored, transfer));
        }
      },
    },
    equity: {
      list: ({ since }) => inOrder().filter(({ at }) => at >= (since ?? 0)),
      first: () => inOrder()[0],
      newestAt: (moment) => inOrder().findLast(({ at }) => at <= moment),
      latestTotals: () => inOrder().findLast(({ totals }) => totals !== undefined)?.totals,
      add(sample) {
        const stretch = Math.floor(sample.at / STRETCH_MS);
        if (samples.has(stretch)) return false;
        samples.set(stretch, sample);
        return true;
      },
    },
  };
}
