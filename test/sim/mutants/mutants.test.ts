import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MUTANTS } from "./mutants.ts";
import { mutateSource } from "./mutate-source.ts";

const ROOT = join(import.meta.dirname, "../../..");

it.each(MUTANTS)("finds the words that $name changes", ({ edits }) => {
  for (const edit of edits) {
    const source = readFileSync(join(ROOT, edit.file), "utf8");
    expect(mutateSource(source, [edit])).not.toBe(source);
  }
});

it("names each mutant once", () => {
  const names = MUTANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
