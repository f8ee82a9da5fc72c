/** Candidates that a typed word was probably meant to be: the nearest first, none that is far off. */
export function suggest(word: string, candidates: Iterable<string>, most = 3): readonly string[] {
  const typed = word.toLowerCase();
  const limit = Math.max(1, Math.floor(typed.length / 3));
  const near: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    if (Math.abs(known.length - typed.length) > limit && !known.startsWith(typed)) continue;
    const distance = known.startsWith(typed) ? 1 : editDistance(typed, known);
    if (distance <= limit) near.push({ candidate, distance });
  }
  near.sort((left, right) => left.distance - right.distance || left.candidate.length - right.candidate.length);
  return near.slice(0, most).map(({ candidate }) => candidate);
}

/** "Did you mean X?" with every suggestion, or undefined without any. */
export function didYouMean(suggestions: readonly string[]): string | undefined {
  return suggestions.length === 0 ? undefined : `Did you mean ${suggestions.join(" or ")}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours, each for one. */
function editDistance(left: string, right: string): number {
  const from = [...left];
  const to = [...right];
  let beforeLast: number[] = [];
  let last = to.map((_, index) => index);
  last.push(to.length);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
