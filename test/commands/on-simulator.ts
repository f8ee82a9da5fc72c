import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { openGuardLog } from "../../src/app/compose/guard-log.ts";
import { createApp } from "../../src/app/create-app.ts";
import { run } from "../../src/commands/run.ts";
import type { RunningSimulator, SimulatorOptions } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import type { FakeIo } from "./fake-io.ts";
import { createFakeIo } from "./fake-io.ts";
import { runLine, servicesWith } from "./run-line.ts";

/** The real program on the real adapter. Both members are of the running test. */
export interface OnSimulator {
  readonly home: string;
  readonly simulator: RunningSimulator;
  /** The environment that leads to both. */
  env(): Readonly<Record<string, string>>;
  /** Runs a line as a program of its own, with its own memory, as at a terminal. */
  line(...argv: readonly string[]): ReturnType<typeof runLine>;
  /** Begins one whose waits are real, as what it waits for is another program. */
  start(...argv: readonly string[]): Omit<FakeIo, "io"> & { readonly ended: Promise<number> };
}

/** Gives each test of the file a fresh home, and a simulated exchange of its own. */
export function useSimulator(options: Omit<SimulatorOptions, "seed"> = {}): OnSimulator {
  let home = "";
  let simulator: RunningSimulator | undefined;
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "tapedeck-line-"));
    simulator = await startSimulator({ seed: 5, ...options });
  });
  afterEach(async () => {
    await simulator?.close();
    rmSync(home, { recursive: true });
  });
  const running = () => {
    if (simulator === undefined) throw new Error("no test is running");
    return simulator;
  };
  const env = () => ({
    TAPEDECK_HOME: home,
    TAPEDECK_REST_URL: running().restUrl,
    TAPEDECK_WS_URL: running().wsUrl,
    MEXC_API_KEY: running().apiKey,
    MEXC_API_SECRET: running().apiSecret,
  });
  return {
    get home() {
      return home;
    },
    get simulator() {
      return running();
    },
    env,
    start(...argv) {
      const { io, ...fake } = createFakeIo({ env: env() });
      const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
      const services = servicesWith(undefined, {
        createApp,
        openGuardLog: (file) => Promise.resolve(openGuardLog(file)),
      });
      return { ...fake, ended: run(argv, { ...io, now: () => Date.now(), sleep }, services) };
    },
    line: (...argv) => runLine(argv, undefined, { env: env(), services: { createApp } }),
  };
}
