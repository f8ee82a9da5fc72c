import { startSimulator } from "../../simulator/start-simulator.ts";
import type { RunningSimulator, SimulatorOptions } from "../../simulator/start-simulator.ts";

export type { RunningSimulator, SimulatorOptions };

/** Runs the simulated exchange on loopback until closed. */
export function serveSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  return startSimulator(options);
}
