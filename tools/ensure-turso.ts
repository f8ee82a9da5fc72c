import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@tursodatabase/cli-linux-x64-gnu";
const VERSION = "0.7.0";
const FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), "test/remotes");

/** The real engine, as a program with a server in it. Linux on x64 alone. */
export const TURSO_BINARY = join(FOLDER, "node_modules", PACKAGE, "tursodb");

/** Installs Turso's engine beside the test remotes: a hundred megabytes that nobody else needs, hence not in `npm ci`. */
export function ensureTurso(): void {
  if (existsSync(TURSO_BINARY)) return;
  mkdirSync(FOLDER, { recursive: true });
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--loglevel=error"];
  const npm = process.env["npm_execpath"];
  const [file, ...before] = npm === undefined ? ["npm"] : [process.execPath, npm];
  execFileSync(file ?? "npm", [...before, "install", "--prefix", FOLDER, ...quiet, `${PACKAGE}@${VERSION}`], {
    cwd: FOLDER,
    stdio: ["ignore", 2, 2],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureTurso();
