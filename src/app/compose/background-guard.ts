import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createFolders, resolvePaths } from "../../adapters/system/paths.ts";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { Env } from "../config/env.ts";
import { findPackageRoot } from "../config/package-root.ts";
import type { BackgroundGuard } from "../guarding.ts";

export interface BackgroundGuardOptions {
  readonly env: Env;
  readonly profile: string | undefined;
}

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 30_000;

/**
 * Starts the built program as a guardian of its own session, which outlives this process, and waits until it holds the
 * lease and watches what is armed, or stands by for it; what keeps it from that is told.
 * @throws AppError GUARD_NOT_STARTED with what it said; then nothing runs.
 */
export async function startBackgroundGuard(options: BackgroundGuardOptions): Promise<BackgroundGuard> {
  const { env, profile } = options;
  const paths = resolvePaths(env);
  createFolders(paths);
  const outputFile = join(paths.state, "guard.ndjson");
  const before = sizeOf(outputFile);
  // It writes its log by itself, which keeps it of a bounded size; here goes what a run says that never came so far.
  const output = openSync(outputFile, "a", 0o600);
  const program = join(findPackageRoot(), "bin", "tapedeck.js");
  const words = ["guard", "run", "--log", outputFile, ...(profile === undefined ? [] : ["--profile", profile])];
  const child = spawn(process.execPath, [program, ...words], {
    detached: true,
    stdio: ["ignore", "ignore", output],
    env: { ...env },
  });
  closeSync(output);
  let end: string | undefined;
  child.once("error", (cause) => (end = cause.message));
  child.once("exit", (code, signal) => (end = `it ended with ${code ?? signal ?? "no code"}`));
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const ready = readReady(outputFile, before, child.pid);
    if (ready !== undefined) {
      child.unref();
      return ready;
    }
    if (end !== undefined) throw notStarted(end, outputFile);
    if (performance.now() > giveUpAt) {
      child.kill("SIGTERM");
      throw notStarted(`it was not ready within ${PATIENCE_MS / 1_000} s`, outputFile);
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** The file may hold what others have said, before and meanwhile, and may have been put aside since. */
function readReady(outputFile: string, from: number, pid: number | undefined): BackgroundGuard | undefined {
  const isTurned = sizeOf(outputFile) < from;
  const said = isTurned ? [...linesOf(`${outputFile}.1`, from), ...linesOf(outputFile, 0)] : linesOf(outputFile, from);
  for (const line of said) {
    if (!line.startsWith('{"schema":"tapedeck.guard/1"')) continue;
    const ready = JSON.parse(line) as ReadyLine;
    if (ready.pid !== pid) continue;
    return { pid, isHolder: ready.lease.held, holderPid: ready.lease.pid, outputFile, waitsFor: ready.waitsFor };
  }
  return undefined;
}

interface ReadyLine {
  readonly pid: number;
  readonly lease: { readonly held: boolean; readonly pid: number | null };
  readonly waitsFor: readonly string[];
}

function linesOf(file: string, from: number): readonly string[] {
  if (sizeOf(file) === 0) return [];
  return readFileSync(file).subarray(from).toString("utf8").split("\n").slice(0, -1);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function notStarted(why: string, outputFile: string): AppError {
  return new AppError({
    code: "GUARD_NOT_STARTED",
    message: `The guardian in the background did not start: ${why}.`,
    notDone: "Nothing guards in the background.",
    hint: `See ${outputFile}, or run \`tapedeck guard run\` in a terminal of its own.`,
    exitCode: EXIT_CODES.failure,
  });
}
