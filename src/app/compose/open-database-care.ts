import { join } from "node:path";
import { inspectDatabase } from "../../adapters/storage/inspect-database.ts";
import { resolvePaths } from "../../adapters/system/paths.ts";
import { loadConfig } from "../config/load-config.ts";
import { findPackageRoot } from "../config/package-root.ts";
import type { DatabaseCare } from "../database-care.ts";
import { homeFiles } from "./home-files.ts";
import type { HomeOptions } from "./open-home-storage.ts";
import { openHomeStorage } from "./open-home-storage.ts";

export function openDatabaseCare(options: HomeOptions): DatabaseCare {
  const files = homeFiles(resolvePaths(options.env));
  const { mode } = loadConfig({ ...options, configFile: files.config });
  return {
    mode,
    file: files.database,
    status({ checked }) {
      const found = inspectDatabase(files.database, { migrationsFolder: join(findPackageRoot(), "drizzle"), checked });
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
