import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { App } from "../../app/app.ts";
import type { Env } from "../../app/config/env.ts";
import type { Io } from "../io.ts";
import { isoTime } from "../output/iso-time.ts";
import { wantsColor } from "../output/paint.ts";
import type { Check } from "./check.ts";
import { fail, ok, warn } from "./check.ts";

const NEEDED = [22, 14] as const;

/** The Node this runs on. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
  return enough
    ? ok("node", version)
    : fail("node", `${version}, and ${NEEDED.join(".")} is needed`, "Install a newer Node: https://nodejs.org.");
}

/** Files and folders with the rights others have on them. */
export function checkPlaces(places: App["places"]): readonly Check[] {
  const { databaseFile, configFile, logFile } = places;
  return [
    checkMode("data folder", dirname(databaseFile), 0o700),
    checkMode("database", databaseFile, 0o600),
    checkMode("config file", configFile, 0o600),
    checkMode("log file", logFile, 0o600),
  ];
}

/** Whether there is a copy to go back to. */
export function checkBackups(app: App): Check {
  const status = app.backupStatus?.();
  if (status === undefined) return ok("backups", "not by themselves; `tapedeck backup create` makes one");
  const { concerns, notes } = status;
  if (concerns.length > 0) return warn("backups", concerns.join(" "), "tapedeck backup schedule");
  if (notes.created === undefined) return ok("backups", "none yet; the guardian makes the first");
  const drill = notes.drilled === undefined ? "not tried out yet" : `restored on trial at ${isoTime(notes.drilled.at)}`;
  return ok("backups", `the last one at ${isoTime(notes.created.at)}, ${drill}`);
}

function checkMode(name: string, path: string, widest: number): Check {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return ok(name, `${path} (not there yet)`);
  const mode = found.mode & 0o777;
  const text = `${path} (${mode.toString(8).padStart(4, "0")})`;
  if (process.platform === "win32" || (mode & ~widest) === 0) return ok(name, text);
  const wanted = widest.toString(8).padStart(4, "0");
  return warn(name, `${text}; others may reach it`, `chmod ${wanted} "${path}"`);
}

/** Whether keys are set; never what they are. */
export function checkKeys(env: Env, app: App): Check {
  const set = (name: string) => (env[name] ?? "") !== "";
  const embedded = app.demoControls !== undefined;
  if (embedded) return ok("keys", "made for the embedded exchange; none of yours are used");
  if (app.accountId !== undefined) {
    const secret = set("MEXC_API_SECRET_FILE") ? "MEXC_API_SECRET_FILE" : "MEXC_API_SECRET";
    return secret === "MEXC_API_SECRET" && app.mode === "live"
      ? warn("keys", "present (MEXC_API_KEY, MEXC_API_SECRET)", "Keep the secret in a file: MEXC_API_SECRET_FILE.")
      : ok("keys", `present (MEXC_API_KEY, ${secret})`);
  }
  return set("MEXC_API_KEY")
    ? warn(
        "keys",
        "set, but not used in this mode",
        'Orders need a profile with mode = "live", or a loopback exchange.',
      )
    : warn(
        "keys",
        "none: public data only, no orders",
        "Set MEXC_API_KEY and MEXC_API_SECRET_FILE, or use `tapedeck demo`.",
      );
}

/** What the terminal can show. */
export function checkTerminal({ env, out, stdinIsTty }: Io, colorFlag: boolean): Check {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  const utf8 = /utf-?8/i.test(locale) || process.platform === "win32";
  const colors = wantsColor(env, out.isTty, !colorFlag) ? "colours" : "no colours";
  if (!out.isTty) return ok("terminal", "stdout is none; data is printed as JSON");
  const size = `${out.columns}×${out.rows ?? "?"}`;
  const facts = `${env["TERM"] ?? "unknown type"}, ${size}, ${colors}, ${utf8 ? "UTF-8" : "no UTF-8"}`;
  if (!utf8) return warn("terminal", facts, "Set LANG to a UTF-8 locale, or use --ascii.");
  if (!stdinIsTty) return warn("terminal", `${facts}; stdin is none`, "The screen needs a terminal on stdin, too.");
  if (out.columns < 80 || (out.rows ?? 24) < 24)
    return warn("terminal", facts, "The screen is made for 80×24 and more.");
  return ok("terminal", facts);
}
