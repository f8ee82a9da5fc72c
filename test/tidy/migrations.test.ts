import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readTracked, trackedFiles } from "./tracked-files.ts";

const journal = z
  .object({ entries: z.array(z.object({ idx: z.number(), when: z.number(), tag: z.string() })) })
  .parse(JSON.parse(readTracked("drizzle/meta/_journal.json")));

// A database applies what is newer than its newest migration: one with an older time would be left out in silence.
describe("migrations", () => {
  test("are numbered without a gap", () => {
    expect(journal.entries.map((entry) => entry.idx)).toEqual(journal.entries.map((_, index) => index));
  });

  test("have strictly increasing times", () => {
    const times = journal.entries.map((entry) => entry.when);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });

  test("are all in the journal, and all of the journal is there", () => {
    const files = trackedFiles().filter((file) => /^drizzle\/[^/]+\.sql$/.test(file));
    expect(files).toEqual(journal.entries.map((entry) => `drizzle/${entry.tag}.sql`));
  });
});
