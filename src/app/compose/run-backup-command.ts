import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { safeText } from "../../core/domain/safe-text.ts";
import type { Env } from "../config/env.ts";
import { findPackageRoot } from "../config/package-root.ts";

export interface BackupCommandOptions {
  readonly env: Env;
  readonly profile: string | undefined;
  readonly work: "backup" | "drill";
  /** Ends it cleanly. */
  readonly signal: AbortSignal;
}

const WORDS = {
  backup: ["backup", "create", "--scheduled", "--prune"],
  drill: ["backup", "verify", "--drill", "--scheduled"],
} as const;

/** Runs the program's own command beside this process. @returns why it failed, in its own words. */
export function runBackupCommand({ env, profile, work, signal }: BackupCommandOptions): Promise<string | undefined> {
  const program = join(findPackageRoot(), "bin", "tapedeck.js");
  const words = [...WORDS[work], "--json", ...(profile === undefined ? [] : ["--profile", profile])];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...words], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...env },
    });
    if (child.pid !== undefined) giveWay(child.pid);
    const end = () => child.kill("SIGTERM");
    signal.addEventListener("abort", end, { once: true });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-8_192)));
    child.once("error", (cause) => resolve(`it could not be started: ${safeText(cause.message)}.`));
    child.once("close", (code, killedBy) => {
      signal.removeEventListener("abort", end);
      resolve(code === 0 ? undefined : (faultIn(said) ?? `it ended with ${code ?? killedBy ?? "no code"}.`));
    });
  });
}

/** An order comes first. */
function giveWay(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It may have ended already, and need not be told.
  }
}

function faultIn(lines: string): string | undefined {
  const line = lines.split("\n").findLast((one) => one.startsWith('{"schema":"tapedeck.error/1"'));
  if (line === undefined) return undefined;
  try {
    const { error } = JSON.parse(line) as { readonly error?: { readonly message?: unknown } };
    return typeof error?.message === "string" ? safeText(error.message, 300) : undefined;
  } catch {
    return undefined;
  }
}
