import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { readTracked, trackedCode } from "./tracked-files.ts";

const MOST_LINES = 400;
const KEBAB_CASE = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const SAYS_NOTHING = /(^|-)(utils?|helpers?|common|managers?|misc)([-.]|$)/;

const code = trackedCode();
const written = code.filter((file) => /^(src|test|tools|bin)\//.test(file));

describe("files", () => {
  test("the list is not empty", () => {
    expect(written.length).toBeGreaterThan(100);
  });

  test("are named in kebab-case", () => {
    expect(written.filter((file) => !file.split("/").every((part) => KEBAB_CASE.test(part)))).toEqual([]);
  });

  test("are named by the concept they hold", () => {
    expect(written.filter((file) => file.split("/").some((part) => SAYS_NOTHING.test(part)))).toEqual([]);
  });

  test("are not barrels", () => {
    expect(code.filter((file) => /^index\.[a-z]+$/.test(basename(file)))).toEqual([]);
  });

  test(`have at most ${MOST_LINES} lines`, () => {
    const long = written
      .map((file) => ({ file, lines: readTracked(file).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > MOST_LINES);
    expect(long).toEqual([]);
  });
});
