import { isoTime, timeOrNull } from "../output/iso-time.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { openBackups } from "./backup-view.ts";
import { systemdUnits } from "./systemd-units.ts";

export const backupSchedule = defineCommand({
  path: ["backup", "schedule"],
  summary: "Show when backups are made by themselves; --systemd prints a timer for it.",
  details: [
    "With every_hours in the [backup] table of config.toml the guardian makes them while it runs, and restores the newest",
    "one every drill_days to prove it. A missed backup, a failure and a failed drill are told by `guard status` and `doctor`.",
    "Where no guardian runs all the time, a timer of systemd does the same; the two do not get into each other's way.",
    "Exit code 9 when something is wrong.",
    'JSON: {"schema":"tapedeck.backup-schedule/1","mode":…,"everyHours":…,"drillDays":…,"created":…,"drilled":…,',
    '"missedSince":…,"concerns":[…]}.',
  ],
  examples: [
    { line: "tapedeck backup schedule", what: "when the last was made, when the last was tried out, what is wrong" },
    { line: "tapedeck backup schedule --systemd", what: "a service and a timer, with how to install them" },
  ],
  options: [{ flags: "--systemd", what: "print units for systemd --user" }],
  textByDefault: false,
  next: "tapedeck backup create",
  run: async (context) => {
    const { print, options, io, fail, globals } = context;
    const backups = await openBackups(context);
    const { schedule, notes, missedSince, concerns } = backups.status();
    const everyHours = schedule.everyMs === undefined ? undefined : schedule.everyMs / 3_600_000;
    if (options.has("systemd")) {
      const program = { node: process.execPath, script: process.argv[1] ?? "tapedeck" };
      const { service, timer } = systemdUnits({
        ...program,
        everyHours: everyHours ?? 24,
        home: io.env["TAPEDECK_HOME"],
        profile: globals.profile,
      });
      if (print.format === "table" || !print.explicit) print.line(`${service}\n${timer}`.trimEnd());
      else print.record({ schema: "tapedeck.backup-units/1", json: { service, timer }, fields: [] });
      return EXIT_CODES.ok;
    }
    const { created, drilled, failed } = notes;
    print.record({
      schema: "tapedeck.backup-schedule/1",
      json: {
        everyHours: everyHours ?? null,
        drillDays: schedule.drillEveryMs === undefined ? null : schedule.drillEveryMs / 86_400_000,
        created: created === undefined ? null : { id: created.id, at: isoTime(created.at) },
        failed: failed === undefined ? null : { at: isoTime(failed.at), why: failed.why },
        drilled:
          drilled === undefined ? null : { id: drilled.id, at: isoTime(drilled.at), fault: drilled.fault ?? null },
        missedSince: timeOrNull(missedSince),
        concerns,
      },
      fields: [
        ["every", everyHours === undefined ? "never by itself: set every_hours in [backup]" : `${everyHours} h`],
        ["last made", created === undefined ? undefined : `${isoTime(created.at)}  ${created.id}`],
        ["last drill", drilled === undefined ? undefined : `${isoTime(drilled.at)}  ${drilled.fault ?? "it restored"}`],
      ],
    });
    if (concerns.length === 0) return EXIT_CODES.ok;
    const hint = "Run `tapedeck backup create`, then `tapedeck backup verify --drill`.";
    return fail({ code: "BACKUP_NEEDS_YOU", message: concerns.join(" "), hint }, EXIT_CODES.partial);
  },
});
