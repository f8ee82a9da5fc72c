import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import type { RunningSimulator, SimulatorOptions } from "../../simulator/start-simulator.ts";
import { startSimulator } from "../../simulator/start-simulator.ts";
import { SwitchError } from "../../simulator/switches.ts";

export type { RunningSimulator, SimulatorOptions };

/** Runs the simulated exchange on loopback until closed. @throws AppError SWITCH_INVALID; else what startSimulator throws. */
export async function serveSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  try {
    return await startSimulator(options);
  } catch (cause) {
    if (!(cause instanceof SwitchError)) throw cause;
    throw new AppError({
      code: "SWITCH_INVALID",
      message: `The switch cannot be set: ${safeText(cause.message, 2_000)}.`,
      notDone: "Nothing is listening.",
      hint: "GET /_sim/switches of a running exchange lists the switches with what each may be.",
      exitCode: EXIT_CODES.usage,
      cause,
    });
  }
}
