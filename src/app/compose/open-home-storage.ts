import { hostname } from "node:os";
import { join } from "node:path";
import type { Storage } from "../../adapters/storage/open-storage.ts";
import { openStorage } from "../../adapters/storage/open-storage.ts";
import { createIdSource } from "../../adapters/system/id-source.ts";
import { createFolders, resolvePaths } from "../../adapters/system/paths.ts";
import { isProcessAlive } from "../../adapters/system/process-liveness.ts";
import { createSystemClock } from "../../adapters/system/system-clock.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { Env } from "../config/env.ts";
import { loadConfig } from "../config/load-config.ts";
import { findPackageRoot } from "../config/package-root.ts";
import { noteMigration } from "./note-migration.ts";

export interface HomeOptions {
  readonly env: Env;
  readonly profile: string | undefined;
}

/** Opens the database of a home and nothing else: no exchange, no session. */
export function openHomeStorage({ env, profile }: HomeOptions): { readonly storage: Storage; readonly mode: Mode } {
  const paths = resolvePaths(env);
  createFolders(paths);
  const { mode } = loadConfig({ env, profile, configFile: join(paths.config, "config.toml") });
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const storage = openStorage({
    file: join(paths.data, "console.db"),
    migrationsFolder: join(findPackageRoot(), "drizzle"),
    clock,
    ids,
    guard: { holder: ids.recordId(), pid: process.pid, host: hostname(), isProcessAlive },
  });
  noteMigration(storage, mode);
  return { storage, mode };
}
