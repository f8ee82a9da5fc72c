import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { openCare } from "./status.ts";

export const dbMigrate = defineCommand({
  path: ["db", "migrate"],
  summary: "Bring the database up to this program's schema, after a copy of it as it is.",
  details: [
    "Every start does the same; this does it alone, with no session and no exchange, so that a large database can be",
    "brought up to date at a quiet moment. One transaction: what fails leaves the file as it was. A database that is",
    "newer than the program is refused.",
    'JSON: {"schema":"tapedeck.db-migration/1","mode":…,"file","from","to","backup"}; backup is null where nothing had to',
    "be kept.",
  ],
  examples: [{ line: "tapedeck db migrate", what: "after an update, before the next session" }],
  next: "tapedeck db status",
  run: async (context) => {
    const { print } = context;
    const care = await openCare(context);
    const { from, to, backup } = care.migrate();
    print.record({
      schema: "tapedeck.db-migration/1",
      json: { file: care.file, from, to, backup: backup ?? null },
      fields: [
        ["file", care.file],
        ["version", from === to ? `${to}; nothing had to be done` : `${to}, from ${from}`],
        ["state before", backup],
      ],
      ...(from === to
        ? {}
        : { deed: { done: `the database was brought to version ${to}`, hint: "See it with `tapedeck db status`." } }),
    });
    return EXIT_CODES.ok;
  },
});
