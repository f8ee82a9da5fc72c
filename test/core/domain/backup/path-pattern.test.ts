import { describe, expect, it } from "vitest";
import { createPathMatcher } from "../../../../src/core/domain/backup/path-pattern.ts";

describe("a pattern of paths", () => {
  it.each([
    ["*.md", "note.md", true],
    ["*.md", "deep/er/note.md", true],
    ["*.md", "note.mdx", false],
    ["deep/*.md", "deep/note.md", true],
    ["deep/*.md", "deep/er/note.md", false],
    ["deep/**/*.md", "deep/er/est/note.md", true],
    ["deep/**/*.md", "deep/note.md", true],
    ["/top.md", "top.md", true],
    ["/top.md", "deep/top.md", false],
    ["node_modules/", "node_modules/a/b.js", true],
    ["node_modules/", "src/node_modules.js", false],
    ["?.md", "ä.md", true],
    ["?.md", "ab.md", false],
    ["**", "any/thing", true],
    ["a*b*c", "aXbYc", true],
    ["a*b*c", "aXbY", false],
    ["[a].md", "a.md", false],
    ["*", "", true],
  ])("%s on %s: %s", (pattern, path, expected) => {
    expect(createPathMatcher(pattern)(path)).toBe(expected);
  });

  it("answers at once even where a backtracking one would not", () => {
    const startedAt = performance.now();
    expect(createPathMatcher(`${"*a".repeat(60)}b`)("a".repeat(2_000))).toBe(false);
    expect(createPathMatcher(`${"**/".repeat(60)}b`)("a/".repeat(500))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
