import type { Storage } from "../../adapters/storage/open-storage.ts";
import { createIdSource } from "../../adapters/system/id-source.ts";
import { createFolders, resolvePaths } from "../../adapters/system/paths.ts";
import { createSystemClock } from "../../adapters/system/system-clock.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { Env } from "../config/env.ts";
import { loadConfig } from "../config/load-config.ts";
import { homeFiles, openDatabaseOfHome } from "./home-files.ts";
import { noteMigration } from "./note-migration.ts";

export interface HomeOptions {
  readonly env: Env;
  readonly profile: string | undefined;
}

/** Opens the database of a home and nothing else: no exchange, no session. */
export function openHomeStorage({ env, profile }: HomeOptions): { readonly storage: Storage; readonly mode: Mode } {
  const paths = resolvePaths(env);
  createFolders(paths);
  const files = homeFiles(paths);
  const { mode } = loadConfig({ env, profile, configFile: files.config });
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const storage = openDatabaseOfHome(files.database, { clock, ids });
  noteMigration(storage, mode);
  return { storage, mode };
}
