import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { AppError, causeWords, EXIT_CODES } from "../../core/domain/errors.ts";

/** The program's own folders. */
export interface Paths {
  readonly config: string;
  /** What must not be lost: the database. */
  readonly data: string;
  /** What may be lost: logs, crash files. */
  readonly state: string;
  readonly cache: string;
  /** Sockets and locks of running processes. */
  readonly runtime: string;
}

export interface PathSource {
  readonly platform?: NodeJS.Platform;
  readonly homeFolder?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where the folders are: all under `TAPEDECK_HOME` when it is set, else where the XDG rules (on Windows, the AppData
 * folders) put them. Makes nothing.
 */
export function resolvePaths(env: Env, source: PathSource = {}): Paths {
  const home = env["TAPEDECK_HOME"] ?? "";
  if (home !== "") return foldersUnder(resolve(home));
  const userHome = source.homeFolder ?? homedir();
  return (source.platform ?? process.platform) === "win32" ? windowsFolders(env, userHome) : xdgFolders(env, userHome);
}

/** Makes the folders that are missing, for the owner alone. @throws AppError HOME_UNUSABLE */
export function createFolders(paths: Paths): void {
  for (const folder of [paths.config, paths.data, paths.state, paths.cache, paths.runtime]) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw homeUnusable(folder, cause);
    }
  }
}

function homeUnusable(folder: string, cause: unknown): AppError {
  return new AppError({
    code: "HOME_UNUSABLE",
    message: `The folder ${folder} could not be made: ${causeWords(cause)}.`,
    notDone: "Nothing was opened, and nothing was sent.",
    hint: "Free some space, make its parent writable, or point TAPEDECK_HOME at a folder of your own.",
    exitCode: EXIT_CODES.configuration,
    cause,
  });
}

function foldersUnder(home: string): Paths {
  return {
    config: join(home, "config"),
    data: join(home, "data"),
    state: join(home, "state"),
    cache: join(home, "cache"),
    runtime: join(home, "runtime"),
  };
}

function xdgFolders(env: Env, userHome: string): Paths {
  // The XDG rules say to ignore a path that is not absolute.
  const folder = (name: string, otherwise: string) => {
    const base = env[name] ?? "";
    return join(isAbsolute(base) ? base : join(userHome, otherwise), "tapedeck");
  };
  const state = folder("XDG_STATE_HOME", ".local/state");
  const runtime = env["XDG_RUNTIME_DIR"] ?? "";
  return {
    config: folder("XDG_CONFIG_HOME", ".config"),
    data: folder("XDG_DATA_HOME", ".local/share"),
    state,
    cache: folder("XDG_CACHE_HOME", ".cache"),
    runtime: isAbsolute(runtime) ? join(runtime, "tapedeck") : join(state, "runtime"),
  };
}

function windowsFolders(env: Env, userHome: string): Paths {
  const roaming = join(env["APPDATA"] ?? join(userHome, "AppData", "Roaming"), "tapedeck");
  const local = join(env["LOCALAPPDATA"] ?? join(userHome, "AppData", "Local"), "tapedeck");
  return { ...foldersUnder(local), config: roaming };
}
