import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json. */
export const PROJECT_ROOT = fileURLToPath(new URL("../..", import.meta.url));

const BINARY = /\.(png|jpg|gif|ico|woff2?|gz|db)$/;

/** The paths git tracks and the working tree still has, relative to the project's root, with forward slashes. */
export function trackedFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: PROJECT_ROOT, encoding: "utf8" }).split("\0");
  return listed.filter((file) => file !== "" && existsSync(join(PROJECT_ROOT, file)));
}

/** Tracked files of text, without the lockfiles, which npm writes. */
export function trackedTexts(): readonly string[] {
  return trackedFiles().filter((file) => !BINARY.test(file) && basename(file) !== "package-lock.json");
}

/** Tracked TypeScript and JavaScript. */
export function trackedCode(): readonly string[] {
  return trackedFiles().filter((file) => /\.(ts|tsx|js|cjs|mjs)$/.test(file));
}

export function readTracked(file: string): string {
  return readFileSync(join(PROJECT_ROOT, file), "utf8");
}

/** Every line a pattern matches, as `file:line text`, so that a failure says where to look. */
export function linesMatching(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.flatMap((file) =>
    readTracked(file)
      .split("\n")
      .flatMap((text, index) => (pattern.test(text) ? [`${file}:${index + 1} ${text.trim()}`] : [])),
  );
}
