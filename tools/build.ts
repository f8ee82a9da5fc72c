import { build } from "esbuild";
import type { BuildOptions, OutputFile } from "esbuild";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

/** How whatever runs the product's code is bundled. */
export const BUNDLE: BuildOptions = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22",
  jsx: "automatic",
  keepNames: true,
  external: ["better-sqlite3"],
  // React's development build costs twice the CPU and leaks; it is chosen by this value alone.
  define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"' },
  alias: { "react-devtools-core": join(root, "tools/empty-module.ts") },
  // CommonJS packages inside the bundle ask for node builtins through require.
  banner: {
    js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
  },
  logLevel: "warning",
};

/** Bundles the program into dist/: one entry, lazy parts as chunks, native packages left outside. */
export async function buildProgram(): Promise<void> {
  const { outputFiles } = await build({
    ...BUNDLE,
    write: false,
    absWorkingDir: root,
    entryPoints: { tapedeck: "src/commands/main.ts" },
    outdir: "dist",
    splitting: true,
    sourcemap: "linked",
    minifyWhitespace: true,
    legalComments: "none",
  }).catch((cause: unknown) => {
    // A program of older sources must not pass for the new one.
    rmSync(dist, { recursive: true, force: true });
    throw cause;
  });
  replaceFiles(outputFiles);
}

/** Old parts go last, so that a program which is just starting finds those it was built with. */
function replaceFiles(files: readonly OutputFile[]): void {
  mkdirSync(dist, { recursive: true });
  for (const { path, contents } of files) {
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, contents);
    renameSync(unfinished, path);
  }
  const wanted = new Set(files.map((file) => basename(file.path)));
  for (const name of readdirSync(dist)) if (!wanted.has(name)) rmSync(join(dist, name), { force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildProgram();
