import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeHome, run, start, startSimulator } from "./program.ts";

let home: ReturnType<typeof makeHome>;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => {
  home.remove();
});

describe("the program without a terminal", () => {
  it("tells the demo's story as text and leaves with 0 in time", async () => {
    const startedAt = performance.now();
    const { code, stdout, stderr } = await run(["demo"], { TAPEDECK_HOME: home.path });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    const steps = stdout.split("\n").map((line) => line.split(/\s+/)[3] ?? "");
    for (const step of ["exchange", "print", "order", "fill", "cancelled", "fired", "summary"])
      expect(steps).toContain(step);
    expect(stdout).not.toContain("\u001b");
    // What it told is what the database holds.
    const stored = await run(["order", "ls", "--stored", "-o", "ndjson"], { TAPEDECK_HOME: home.path });
    const states = stored.stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { readonly state: string }).state);
    expect(states.sort()).toEqual(["cancelled", "filled", "filled"]);
  });

  it.each([
    ["SIGTERM", 0],
    ["SIGINT", 130],
  ] as const)("sim serve ends at %s with %i", async (signal, code) => {
    const simulator = await startSimulator([], home.path);
    expect(await simulator.stop(signal)).toMatchObject({ code, signal: null, stderr: "" });
  });

  it.each([
    ["SIGTERM", 0],
    ["SIGINT", 130],
  ] as const)("market watch ends at %s with %i, on a whole line", async (signal, code) => {
    const simulator = await startSimulator([], home.path);
    const watch = start(["market", "watch", "BTCUSDT"], simulator.env);
    await watch.line((line) => line.includes('"type":"trade"'));
    watch.child.kill(signal);
    const ended = await watch.finished;
    expect(ended).toMatchObject({ code, stderr: "" });
    for (const line of ended.stdout.trimEnd().split("\n"))
      expect(JSON.parse(line)).toMatchObject({ symbol: "BTCUSDT" });
    await simulator.stop();
  });

  it("says that the outcome is unknown when Ctrl-C comes after the send, and finds the order later", async () => {
    const simulator = await startSimulator([], home.path);
    await simulator.control("faults", { kind: "delay", target: "order", method: "POST", delayMs: 3_000 });
    const place = start(
      ["order", "place", "buy", "BTCUSDT", "0.001", "@", "60000", "--client-id", "e2e-1"],
      simulator.env,
    );
    const isOnItsWay = async () => {
      const { stdout } = await run(["order", "ls", "--stored", "--open"], simulator.env);
      return stdout.includes("e2e-1");
    };
    await expect.poll(isOnItsWay, { timeout: 2_500, interval: 50 }).toBe(true);
    place.child.kill("SIGINT");
    const ended = await place.finished;
    expect(ended.code).toBe(130);
    expect(ended.stdout).toContain('"state":"unknown"');
    expect(ended.stderr).toContain("tapedeck order show e2e-1");
    const isOpen = async () => (await run(["order", "show", "e2e-1"], simulator.env)).stdout.includes('"state":"open"');
    await expect.poll(isOpen, { timeout: 20_000, interval: 500 }).toBe(true);
    await simulator.stop();
  });

  it.each([
    [["--version"], 0],
    [["order", "--help"], 0],
    [["ordr"], 2],
    [[], 2],
    [["--profile", "nowhere", "order", "ls"], 3],
  ] as const)("%j ends with %i", async (args, code) => {
    expect(await run(args, { TAPEDECK_HOME: home.path })).toMatchObject({ code });
  });
});
