/** What every scenario of the bench is given. */
export interface BenchOptions {
  readonly seed: number;
  /** Measured rounds; each scenario warms up before them. */
  readonly rounds: number;
  /** 1 for a real run; less makes the inputs smaller, for a smoke run. */
  readonly size: number;
}

export interface BenchTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

export interface BenchReport {
  readonly tables: readonly BenchTable[];
  /** The same and more, for programs. */
  readonly figures: unknown;
}

/** One thing that `npm run bench -- NAME` measures, always as a ratio of things measured side by side. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** @throws when the contestants' answers differ: then their times say nothing */
  run(options: BenchOptions): Promise<BenchReport>;
}
