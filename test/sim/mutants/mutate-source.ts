import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { MutantEdit } from "./mutant.ts";
import { MUTANTS } from "./mutants.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** @returns the edits of a mutant by the URL of their file. @throws Error when there is no such mutant */
export function mutatedFiles(name: string | undefined): ReadonlyMap<string, readonly MutantEdit[]> {
  const mutant = MUTANTS.find((one) => one.name === name);
  if (mutant === undefined) throw new Error(`no mutant is called ${String(name)}`);
  const byFile = Map.groupBy(mutant.edits, ({ file }) => pathToFileURL(join(ROOT, file)).href);
  return byFile;
}

/** @throws Error when the words do not stand there exactly once: the mutant has to follow the source */
export function mutateSource(source: string, edits: readonly MutantEdit[]): string {
  let mutated = source;
  for (const { file, search, replace } of edits) {
    const times = mutated.split(search).length - 1;
    if (times !== 1) throw new Error(`${file} has these words ${String(times)} times, not once:\n${search}`);
    mutated = mutated.replace(search, () => replace);
  }
  return mutated;
}
