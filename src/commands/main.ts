import { createProcessIo } from "./io.ts";
import { run, tell } from "./run.ts";
import { REAL_SERVICES } from "./services.ts";

/**
 * The program, for the launcher.
 * @param argv the words behind the program's name. @returns the exit code.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const io = createProcessIo();
  process.on("uncaughtException", (fault) => {
    // The screen has a listener of its own, which gives the terminal back first.
    if (process.listenerCount("uncaughtException") > 1) return;
    const code = tell(fault, argv, io);
    void io.err.drained().then(() => process.exit(code));
  });
  const code = await run(argv, io, REAL_SERVICES);
  await Promise.all([io.out.drained(), io.err.drained()]);
  return code;
}
