import { spawn } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Env, Simulator } from "./program.ts";
import { makeHome, run, runJson, startSimulator } from "./program.ts";
import { PROGRAM } from "./pty-screen.ts";

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
beforeEach(async () => {
  home = makeHome();
  simulator = await startSimulator(["--seed", "9"], home.path);
});
afterEach(async () => {
  await simulator.stop();
  home.remove();
});

/** Runs the program with its stdout on a disk that is full. */
async function runIntoFullDisk(args: readonly string[], env: Env) {
  const full = openSync("/dev/full", "w");
  try {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", full, "pipe"],
    });
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
    });
    const code = await new Promise<number | null>((resolve) => {
      child.on("close", resolve);
    });
    return { code, stderr };
  } finally {
    closeSync(full);
  }
}

describe.skipIf(process.platform !== "linux")("stdout on a full disk", () => {
  it("names the order that was placed, and says not to place it again", async () => {
    const { code, stderr } = await runIntoFullDisk(
      ["order", "place", "buy", "BTCUSDT", "0.001", "-o", "table"],
      simulator.env,
    );
    const { orders } = await runJson<{ orders: readonly { clientOrderId: string; state: string }[] }>(
      ["order", "ls"],
      simulator.env,
    );
    expect(orders).toHaveLength(1);
    const { clientOrderId, state } = orders[0] ?? { clientOrderId: "", state: "" };
    expect({ code, lines: stderr.trimEnd().split("\n") }).toEqual({
      code: 1,
      lines: [
        "error: Writing the output failed: no space is left on the disk. (OUTPUT_FAILED)",
        `The output is incomplete, but order ${clientOrderId} is ${state}.`,
        `Look with \`tapedeck order show ${clientOrderId}\`; placing it again would make a second order.`,
      ],
    });
  });

  it.each([
    [["market", "ls"]],
    [["market", "watch", "BTCUSDT", "--channels", "ticker"]],
    [["order", "--help"]],
    [["--version"]],
  ])("%j ends with 1 and one short error", async (args) => {
    const { code, stderr } = await runIntoFullDisk(args, simulator.env);
    expect(code).toBe(1);
    expect(stderr.length).toBeLessThan(400);
    expect(stderr).toContain("OUTPUT_FAILED");
    expect(stderr).toContain("no space is left on the disk");
  });
});

it("tells a bug in a few words and ends with 70", async () => {
  const late = `const look = setInterval(() => {
    if (process.listenerCount("uncaughtException") === 0) return;
    clearInterval(look);
    throw new Error("boom");
  }, 5);`;
  const env = { TAPEDECK_HOME: home.path, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(late)}` };
  const { code, stderr } = await run(["sim", "serve", "-o", "table"], env);
  expect(code).toBe(70);
  expect(stderr).toBe(
    "error: This is a fault of Tapedeck: boom (BUG)\n" +
      "Run it again with --debug and report what it shows. Orders, if any, are listed by `tapedeck order ls`.\n",
  );
});
