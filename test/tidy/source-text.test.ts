import { describe, expect, test } from "vitest";
import { linesMatching, trackedCode, trackedTexts } from "./tracked-files.ts";

// Character classes keep each pattern from finding itself.
const MODULE_MOCK = /\bvi\.(do[Mm]ock|un[Mm]ock|[m]ock|[h]oisted)\(/;
const OPEN_MARK = /\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b/;
// Ada is nobody: her home folder stands in examples.
const MACHINE_PATH = /(^|[\s"'`(=:])\/(work|root|home(?!\/ada\b)|Users)\/[\w.-]/;
const DISABLE = /(ox|es)lint-[d]isable|@ts-([i]gnore|[n]ocheck|[e]xpect-error)/;
const REASON = /(--|@ts-[e]xpect-error:?)\s*\S.{9,}/;

const code = trackedCode();
const texts = trackedTexts();

describe("the text of the repository", () => {
  test("mocks no module: a missing port is declared instead", () => {
    expect(linesMatching(code, MODULE_MOCK)).toEqual([]);
  });

  test("has no open marks: what is left to do is an issue", () => {
    expect(linesMatching(texts, OPEN_MARK)).toEqual([]);
  });

  test("names no path of the machine it was written on", () => {
    expect(linesMatching(texts, MACHINE_PATH)).toEqual([]);
  });

  test("gives a reason with every rule it turns off", () => {
    expect(linesMatching(code, DISABLE).filter((line) => !REASON.test(line))).toEqual([]);
  });

  test("reads the environment only where the configuration is made", () => {
    const elsewhere = code.filter(
      (file) => file.startsWith("src/") && !file.startsWith("src/app/config/") && file !== "src/commands/main.ts",
    );
    expect(linesMatching(elsewhere, /\bprocess\s*(\.env\b|\[["']env["']\])/)).toEqual([]);
  });

  test("skips or narrows no test by hand", () => {
    const tests = code.filter((file) => file.startsWith("test/"));
    expect(linesMatching(tests, /\b(test|it|describe)\.(only|skip|fails)\(/)).toEqual([]);
  });
});
