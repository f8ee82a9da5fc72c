import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuild } from "./ensure-build.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Builds once before any test file, so that tests of the built program never race each other to it. When the sources do
 * not build, only those tests fail, because there is no program; the rest can still tell what is wrong.
 */
export async function setup(): Promise<void> {
  if (!existsSync(join(root, "src/commands/main.ts"))) return;
  try {
    await ensureBuild();
  } catch (cause) {
    if (process.env["CI"] !== undefined) throw cause;
  }
}
