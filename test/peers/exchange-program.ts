import { makeHome, startSimulator } from "../e2e/program.ts";
import type { Simulator } from "../e2e/program.ts";

/** The built program as these tests run it: limits on, as few markets as a day needs. */
export async function serveExchange(args: readonly string[] = []): Promise<Simulator & AsyncDisposable> {
  const home = makeHome();
  const simulator = await startSimulator(["--limits", "on", "--seed", "20261125", ...args], home.path);
  return {
    ...simulator,
    [Symbol.asyncDispose]: async () => {
      await simulator.stop();
      home.remove();
    },
  };
}
