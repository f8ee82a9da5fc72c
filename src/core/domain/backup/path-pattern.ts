/**
 * Whether a path below a folder ("notes/day.md") matches a pattern: `*` stands for anything within a name, `**` for any
 * number of folders, `?` for one character. A pattern without a slash is looked for at every depth, like git's; one that
 * ends in a slash means all that lies below.
 */
export function createPathMatcher(pattern: string): (path: string) => boolean {
  const below = pattern.endsWith("/") ? `${pattern}**` : pattern;
  const anchored = below.startsWith("/") ? below.slice(1) : below.slice(0, -1).includes("/") ? below : `**/${below}`;
  const parts = anchored.split("/").map((part) => (part === "**" ? undefined : nameMatcher(part)));
  return (path) => matches(parts, path.split("/"));
}

type NameMatcher = (name: string) => boolean;

/** By rows, not by backtracking: a pattern from a file must not be able to take for ever. */
function matches(parts: readonly (NameMatcher | undefined)[], names: readonly string[]): boolean {
  let reached = new Set([0]);
  const settle = (at: Set<number>) => {
    for (const index of at) if (index < parts.length && parts[index] === undefined) at.add(index + 1);
    return at;
  };
  reached = settle(reached);
  for (const name of names) {
    const next = new Set<number>();
    for (const index of reached) {
      if (index >= parts.length) continue;
      const part = parts[index];
      if (part === undefined) next.add(index);
      else if (part(name)) next.add(index + 1);
    }
    reached = settle(next);
  }
  return reached.has(parts.length);
}

function nameMatcher(part: string): NameMatcher {
  const wanted = [...part];
  return (name) => {
    const letters = [...name];
    let row = wanted.map(() => false);
    row.push(false);
    row[0] = true;
    for (let at = 0; at < wanted.length && wanted[at] === "*" && row[at] === true; at += 1) row[at + 1] = true;
    for (const letter of letters) {
      const next = row.map(() => false);
      for (const [at, sign] of wanted.entries()) {
        if (row[at] !== true) continue;
        if (sign === "*") next[at] = true;
        else if (sign === "?" || sign === letter) next[at + 1] = true;
      }
      for (const [at, sign] of wanted.entries()) if (sign === "*" && next[at] === true) next[at + 1] = true;
      row = next;
    }
    return row[wanted.length] === true;
  };
}
