import { build } from "esbuild";
import { mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { BUNDLE } from "../../tools/build.ts";

const root = join(import.meta.dirname, "../..");

export interface BundledProcess {
  readonly file: string;
  remove(): void;
}

/** Bundles a bench's process as the product is bundled: it then runs the same code, with React's production build. */
export async function bundleProcess(file: string): Promise<BundledProcess> {
  const folder = join(root, "node_modules/.cache/tapedeck-bench");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${basename(file, ".ts")}-${process.pid}.js`);
  await build({ ...BUNDLE, absWorkingDir: root, entryPoints: [file], outfile });
  return {
    file: outfile,
    remove: () => {
      rmSync(outfile, { force: true });
    },
  };
}
