import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const peers = join(dirname(dirname(fileURLToPath(import.meta.url))), "test/peers");
const stamp = join(peers, "node_modules/.installed-from");

/**
 * Installs other people's clients into test/peers when its lock differs from what is installed there. Nothing of them may
 * run while it is installed: they come from strangers and need no building.
 */
export function ensurePeers(): void {
  const lock = createHash("sha256")
    .update(readFileSync(join(peers, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env["npm_execpath"];
  const [file, ...before] = npm === undefined ? ["npm"] : [process.execPath, npm];
  // What it prints goes to stderr: stdout belongs to the program that needs the peers.
  execFileSync(file ?? "npm", [...before, "ci", "--prefix", peers, ...quiet], { cwd: peers, stdio: ["ignore", 2, 2] });
  writeFileSync(stamp, lock);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensurePeers();
