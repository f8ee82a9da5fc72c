import { join } from "node:path";
import { inspectDatabase } from "../../adapters/storage/inspect-database.ts";
import { resolvePaths } from "../../adapters/system/paths.ts";
import { loadConfig } from "../config/load-config.ts";
import { findPackageRoot } from "../config/package-root.ts";
import type { DatabaseCare } from "../database-care.ts";
import type { HomeOptions } from "./open-home-storage.ts";
import { openHomeStorage } from "./open-home-storage.ts";

export function openDatabaseCare(options: HomeOptions): DatabaseCare {
  const paths = resolvePaths(options.env);
  const { mode } = loadConfig({ ...options, configFile: join(paths.config, "config.toml") });
  const file = join(paths.data, "console.db");
  return {
    mode,
    file,
    status({ checked }) {
      const found = inspectDatabase(file, { migrationsFolder: join(findPackageRoot(), "drizzle"), checked });
      if (found === undefined) return undefined;
      const { standing, ...facts } = found;
      return { state: standing.kind, version: standing.version, known: standing.known, ...facts };
    },
    migrate() {
      const { storage } = openHomeStorage(options);
      const { schemaVersion, applied, backup } = storage.migrated;
      storage.close();
      return { from: schemaVersion - applied, to: schemaVersion, backup };
    },
  };
}
