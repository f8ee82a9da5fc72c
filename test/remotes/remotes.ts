import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TURSO_BINARY } from "../../tools/ensure-turso.ts";
import type { RunningRemote } from "./serve-remote.ts";
import { serveRemote } from "./serve-remote.ts";
import { createSqliteBackend } from "./sqlite-backend.ts";
import { createTursoBackend } from "./turso-backend.ts";

/** The engines a remote may stand on; `turso` is the real one, in its own process. */
export const REMOTE_ENGINES = ["sqlite", "libsql", "turso"] as const;
export type RemoteEngine = (typeof REMOTE_ENGINES)[number];

/** Turso's own program is installed on demand, by `npm run turso`. */
export function isThere(engine: RemoteEngine): boolean {
  return engine !== "turso" || existsSync(TURSO_BINARY);
}

export interface OwnRemote extends RunningRemote {
  /** The database file: a test looks into it, or spoils it. */
  readonly file: string;
}

/** A remote of its own on a fresh file; gone, with the file, when closed. */
export async function openRemote(engine: RemoteEngine, parent = tmpdir()): Promise<OwnRemote> {
  const folder = mkdtempSync(join(parent, "tapedeck-remote-"));
  const file = join(folder, "remote.db");
  const backend =
    engine === "turso"
      ? await createTursoBackend(TURSO_BINARY, file)
      : await createSqliteBackend(file, engine === "sqlite" ? "better-sqlite3" : "libsql");
  const running = await serveRemote({ backend });
  return {
    ...running,
    file,
    async close() {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
