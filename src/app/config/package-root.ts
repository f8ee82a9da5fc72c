import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the package lies, found upwards from the running code: from `src/` in a checkout, from `dist/` when built. */
export function findPackageRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  const manifest = join(from, "package.json");
  if (existsSync(manifest) && readManifest(manifest).name === "tapedeck") return from;
  const parent = dirname(from);
  if (parent === from) throw new Error("the tapedeck package is not around the running code");
  return findPackageRoot(parent);
}

export function readVersion(packageRoot: string): string {
  return readManifest(join(packageRoot, "package.json")).version;
}

function readManifest(file: string): { readonly name: string; readonly version: string } {
  const manifest = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
  return { name: manifest.name ?? "", version: manifest.version ?? "0.0.0" };
}
