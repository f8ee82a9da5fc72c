export interface Page<T> {
  readonly rows: readonly T[];
  /** As the exchange sent it, rows that could not be read included. */
  readonly size: number;
}

export interface Pages<T> {
  /** Rows up to a moment, newest first; the newest there are without one. */
  readonly fetch: (until: number | undefined) => Promise<Page<T>>;
  readonly keyOf: (row: T) => string;
  /** When it happened, ms; rounded down to whole seconds by some endpoints. */
  readonly timeOf: (row: T) => number;
  /** A page with fewer rows is the last. */
  readonly fullPage: number;
  /** Told of a moment that may hold more rows than a page: what does not fit there is not among the rows. */
  readonly onCut: (moment: number) => void;
}

/** How far to go back within a second that fills a page by itself; less where that would skip rows. */
const LONGEST_STEP_MS = 100;

/**
 * All rows of a list that the exchange gives by pages but without a cursor: each page ends where the one before began,
 * the moment itself included, because several rows may share it. Rows that come on two pages are kept once.
 *
 * We see the second in which a row happened, the exchange the millisecond. So in a second that fills a page by itself we
 * feel our way back, in steps so small that each page still shares a row with those before: then nothing lies between.
 */
export async function everyPage<T>({ fetch, keyOf, timeOf, fullPage, onCut }: Pages<T>): Promise<readonly T[]> {
  const known = new Set<string>();
  let rows: readonly T[] = [];
  let page = await fetch(undefined);
  /** Everything newer than the oldest row of this page is among the rows. */
  let until: number | undefined;
  let stepMs = LONGEST_STEP_MS;
  for (;;) {
    rows = [...rows, ...page.rows.filter((row) => !known.has(keyOf(row)))];
    for (const row of page.rows) known.add(keyOf(row));
    if (page.size < fullPage || page.rows.length === 0) return rows;
    const second = Math.floor(Math.min(...page.rows.map(timeOf)) / 1_000) * 1_000 + 999;
    if (until === undefined || second < until) {
      until = second;
      stepMs = LONGEST_STEP_MS;
      page = await fetch(until);
      continue;
    }
    const before = await fetch(until - stepMs);
    const joins = before.rows.some((row) => known.has(keyOf(row)));
    if (!joins && stepMs > 1) {
      stepMs = Math.floor(stepMs / 2);
      continue;
    }
    if (!joins) onCut(until);
    until -= stepMs;
    page = before;
  }
}
