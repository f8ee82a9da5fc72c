export interface UnitFacts {
  readonly node: string;
  readonly script: string;
  readonly everyHours: number;
  readonly home: string | undefined;
  readonly profile: string | undefined;
}

/** A service that makes a backup and restores it on trial, and the timer that starts it, for `systemctl --user`. */
export function systemdUnits(facts: UnitFacts): { readonly service: string; readonly timer: string } {
  const { node, script, everyHours, home, profile } = facts;
  const ofProfile = profile === undefined ? [] : ["--profile", profile];
  const command = (...words: readonly string[]) =>
    `ExecStart=${[node, script, "backup", ...words, "--scheduled", ...ofProfile].map(quoted).join(" ")}`;
  const service = [
    "# ~/.config/systemd/user/tapedeck-backup.service",
    "[Unit]",
    "Description=Back up the database of Tapedeck",
    "",
    "[Service]",
    "Type=oneshot",
    ...(home === undefined ? [] : [`Environment=${quoted(`TAPEDECK_HOME=${home}`)}`]),
    command("create", "--prune"),
    command("verify", "--drill"),
    "Nice=10",
    "UMask=0077",
    "",
  ].join("\n");
  const timer = [
    "# ~/.config/systemd/user/tapedeck-backup.timer",
    "# Then: systemctl --user daemon-reload && systemctl --user enable --now tapedeck-backup.timer",
    "[Unit]",
    "Description=Back up the database of Tapedeck",
    "",
    "[Timer]",
    "OnBootSec=10min",
    `OnUnitActiveSec=${Math.round(everyHours * 60)}min`,
    // A machine that slept makes up for it.
    "Persistent=true",
    "RandomizedDelaySec=60",
    "",
    "[Install]",
    "WantedBy=timers.target",
    "",
  ].join("\n");
  return { service, timer };
}

/** In quotes as systemd reads them; its own variables (%, $) stand for themselves. */
function quoted(word: string): string {
  const plain = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@./:=+,-]+$/.test(plain) ? plain : `"${plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
