import { createProcessIo } from "./io.ts";
import { run } from "./run.ts";
import { REAL_SERVICES } from "./services.ts";

/**
 * The program, for the launcher.
 * @param argv the words behind the program's name. @returns the exit code.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const io = createProcessIo();
  const code = await run(argv, io, REAL_SERVICES);
  await Promise.all([io.out.drained(), io.err.drained()]);
  return code;
}
