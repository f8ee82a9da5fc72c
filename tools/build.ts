import { build } from "esbuild";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundles the program into dist/: one entry, lazy parts as chunks, native packages left outside. */
export async function buildProgram(): Promise<void> {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: { tapedeck: "src/commands/main.ts" },
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    jsx: "automatic",
    sourcemap: "linked",
    minifyWhitespace: true,
    keepNames: true,
    legalComments: "none",
    external: ["better-sqlite3"],
    // React's development build costs twice the CPU and leaks; it is chosen by this value alone.
    define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"' },
    alias: { "react-devtools-core": join(root, "tools/empty-module.ts") },
    // CommonJS packages inside the bundle ask for node builtins through require.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildProgram();
