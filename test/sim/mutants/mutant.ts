/** Words of a source file that stand there exactly once, and what the bug puts in their place. */
export interface MutantEdit {
  /** From the root of the repository. */
  readonly file: string;
  readonly search: string;
  readonly replace: string;
}

/** A deliberate bug. Several edits where one guard stands behind another. */
export interface Mutant {
  readonly name: string;
  /** What it does to a trader. */
  readonly bug: string;
  readonly edits: readonly MutantEdit[];
  /** The seed of a world that is known to catch it, tried first; when it no longer does, others are. */
  readonly seed?: number;
  /** The tests that catch it, where what it breaks is out of the worlds' sight; the worlds when absent. */
  readonly tests?: string;
}
