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
}

/**
 * All rows of a list that the exchange gives by pages but without a cursor: each page ends where the one before began,
 * the moment itself included, because several rows may share it. Rows that come on two pages are kept once.
 */
export async function everyPage<T>({ fetch, keyOf, timeOf, fullPage }: Pages<T>): Promise<readonly T[]> {
  let rows: readonly T[] = [];
  const known = new Set<string>();
  let until: number | undefined;
  for (;;) {
    const page = await fetch(until);
    const fresh = page.rows.filter((row) => !known.has(keyOf(row)));
    for (const row of fresh) known.add(keyOf(row));
    rows = [...rows, ...fresh];
    if (page.size < fullPage || fresh.length === 0) return rows;
    const oldest = Math.min(...page.rows.map(timeOf));
    // The rounded moment of the oldest row may hide others of the same second.
    until = Math.floor(oldest / 1_000) * 1_000 + 999;
  }
}
