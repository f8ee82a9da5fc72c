import { sizeText } from "../output/size-text.ts";
import type { DatabaseCare, DatabaseStatus } from "../../app/database-care.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";

const STATE_WORDS: Readonly<Record<DatabaseStatus["state"], string>> = {
  current: "up to date",
  pending: "older than this program; brought up to date at the next start",
  newer: "newer than this program, which does not touch it",
  foreign: "of another history than this program's, which does not touch it",
};

export const dbStatus = defineCommand({
  path: ["db", "status"],
  summary: "Show the database: its version, its size and its rows.",
  details: [
    "Looks and changes nothing, whatever version the database has. --check lets SQLite go through every page: a second for",
    "some 70 MB. Exit code 1 when it finds a fault, 3 when this program cannot work with the database.",
    'JSON: {"schema":"tapedeck.db/1","mode":…,"file","state","version","known","sizeBytes","logBytes","device",',
    '"tables":[{"name","rows"}],"faults":[…]}; state is "absent", "current", "pending", "newer" or "foreign", and faults is',
    "null unless it was checked.",
  ],
  examples: [
    { line: "tapedeck db status", what: "at a glance" },
    { line: "tapedeck db status --check --json", what: "with SQLite's own look at the file" },
  ],
  options: [{ flags: "--check", what: "go through every page of the file" }],
  next: "tapedeck db migrate",
  run: async (context) => {
    const care = await openCare(context);
    const status = care.status({ checked: context.options.has("check") });
    return status === undefined ? tellAbsent(context, care) : tell(context, care, status);
  },
});

export async function openCare({ services, io, globals, print }: CommandContext): Promise<DatabaseCare> {
  const care = await services.openDatabaseCare({ env: io.env, profile: globals.profile });
  print.mode = care.mode;
  return care;
}

function tellAbsent({ print }: CommandContext, { file }: DatabaseCare): ExitCode {
  const nothing = { version: 0, known: null, sizeBytes: 0, logBytes: 0, device: null, tables: [], faults: null };
  print.record({
    schema: "tapedeck.db/1",
    json: { file, state: "absent", ...nothing },
    fields: [
      ["file", file],
      ["state", "not there yet; made at the first start"],
    ],
  });
  return EXIT_CODES.ok;
}

function tell({ print, fail }: CommandContext, { file }: DatabaseCare, status: DatabaseStatus): ExitCode {
  const { state, version, known, sizeBytes, logBytes, deviceId, tables, faults } = status;
  print.record({
    schema: "tapedeck.db/1",
    json: {
      file,
      state,
      version,
      known,
      sizeBytes,
      logBytes,
      device: deviceId ?? null,
      tables,
      faults: faults ?? null,
    },
    fields: [
      ["file", file],
      ["state", STATE_WORDS[state]],
      ["version", `${version} of ${known}`],
      ["size", `${sizeText(sizeBytes)}, and ${sizeText(logBytes)} in the log`],
      ["device", deviceId],
      ["check", faults === undefined ? undefined : faults.length === 0 ? "sound" : `${faults.length} faults`],
    ],
    below: print.table(
      [
        { title: "TABLE", value: ({ name }) => name },
        { title: "ROWS", value: ({ rows }) => String(rows), align: "right" },
      ],
      tables,
    ),
  });
  const notDone = "Nothing in the file was changed.";
  if (faults !== undefined && faults.length > 0) {
    const message = `The database is damaged: ${faults.slice(0, 3).join("; ")}.`;
    const hint = "Move it aside and restore a backup: `tapedeck backup ls`.";
    return fail({ code: "DATABASE_DAMAGED", message, notDone, hint }, EXIT_CODES.failure);
  }
  if (state === "current" || state === "pending") return EXIT_CODES.ok;
  const code = state === "newer" ? "DATABASE_NEWER" : "DATABASE_UNREADABLE";
  const hint =
    state === "newer"
      ? "Update tapedeck, or point TAPEDECK_HOME at another folder."
      : "Install the version of tapedeck that last used this database.";
  return fail({ code, message: `The database is ${STATE_WORDS[state]}.`, notDone, hint }, EXIT_CODES.configuration);
}
