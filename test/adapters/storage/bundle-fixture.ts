import { buildSync } from "esbuild";
import { symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/**
 * Bundles a child script into a folder as the product is bundled, and returns its path: a child then starts in a tenth
 * of the time it takes to load the same modules one by one, and tests start many. A name with a whole path is taken as it is.
 */
export function bundleFixture(name: string, folder: string): string {
  const outfile = join(folder, `${basename(name, ".ts")}.mjs`);
  buildSync({
    entryPoints: [resolve(import.meta.dirname, "fixtures", name)],
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["better-sqlite3"],
    // CommonJS packages inside the bundle ask for node builtins through require.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
    outfile,
    logLevel: "error",
  });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"), "junction");
  return outfile;
}
