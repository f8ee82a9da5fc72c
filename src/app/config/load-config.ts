import { isLoopbackHost } from "../../core/domain/loopback.ts";
import type { LotMethod } from "../../core/domain/lots.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { RiskLimits } from "../../core/domain/risk-request.ts";
import type { TripLimits } from "../../core/domain/trip-facts.ts";
import type { BackupSettings } from "./backup-settings.ts";
import { backupSettings } from "./backup-settings.ts";
import type { ProfileSettings } from "./config-file.ts";
import { configError } from "./config-error.ts";
import { readConfigFile } from "./config-file.ts";
import type { Env } from "./env.ts";
import { nonEmpty } from "./env.ts";
import { readExchangeKeys } from "./exchange-keys.ts";
import type { ExchangeKeys } from "./exchange-keys.ts";
import type { SyncTarget } from "./sync-target.ts";
import { readSyncTarget } from "./sync-target.ts";
import { riskLimits } from "./risk-limits.ts";
import { tripLimits } from "./trip-limits.ts";

export const MEXC_REST_URL = "https://api.mexc.com";
export const MEXC_WS_URL = "wss://wbs-api.mexc.com/ws";

const LOT_METHODS: Readonly<Record<"fifo" | "average", LotMethod>> = { fifo: "fifo", average: "average-cost" };

/** What stands behind the console, decided before anything is opened. */
export interface AppConfig {
  readonly mode: Mode;
  readonly profile: string;
  /** `embedded` starts the simulated exchange inside this process. */
  readonly exchange:
    { readonly kind: "embedded" } | { readonly kind: "remote"; readonly restUrl: string; readonly wsUrl: string };
  /** Absent: public data only. */
  readonly keys: ExchangeKeys | undefined;
  readonly limits: RiskLimits;
  readonly trips: TripLimits;
  /** How positions count their lots. */
  readonly lotMethod: LotMethod;
  /** Hosts beside MEXC's and loopback that the profile trusts by name. */
  readonly trustedHosts: readonly string[];
  readonly backup: BackupSettings;
  /** Absent: everything stays on this machine. */
  readonly sync: SyncTarget | undefined;
}

/**
 * Flag before environment before file before default. An exchange at a loopback address is `demo`, whatever else is
 * set; real orders need a profile that says `mode = "live"`, and nothing else turns them on.
 * @throws AppError with exit code 3 for whatever cannot be used.
 */
export function loadConfig(options: {
  readonly env: Env;
  readonly profile?: string | undefined;
  readonly configFile: string;
}): AppConfig {
  const { env } = options;
  const file = readConfigFile(options.configFile);
  const named = options.profile ?? nonEmpty(env["TAPEDECK_PROFILE"]) ?? file.default_profile;
  const settings = named === undefined ? undefined : profileSettings(file.profile ?? {}, named, options.configFile);
  const restUrl = nonEmpty(env["TAPEDECK_REST_URL"]);
  const wsUrl = nonEmpty(env["TAPEDECK_WS_URL"]);
  if ((restUrl === undefined) !== (wsUrl === undefined)) {
    throw configError(
      "ENDPOINTS_INCOMPLETE",
      "Only one of TAPEDECK_REST_URL and TAPEDECK_WS_URL is set.",
      "Set both, as `tapedeck sim serve` prints them, or neither.",
    );
  }
  if (restUrl !== undefined && wsUrl !== undefined) {
    const loopback = isLoopback(restUrl, "TAPEDECK_REST_URL") && isLoopback(wsUrl, "TAPEDECK_WS_URL");
    const mode: Mode = loopback ? "demo" : settings?.mode === "live" ? "live" : "paper";
    // Only a profile that says live may sign anything for an exchange that is not simulated.
    return finish(mode, { kind: "remote", restUrl, wsUrl }, mode === "paper" ? undefined : readExchangeKeys(env));
  }
  if (settings?.mode === "demo") return finish("demo", { kind: "embedded" }, undefined);
  const exchange = { kind: "remote", restUrl: MEXC_REST_URL, wsUrl: MEXC_WS_URL } as const;
  if (settings?.mode === "live") return finish("live", exchange, readExchangeKeys(env));
  // Paper matching does not exist yet; public data does, and without keys no order can leave.
  return finish("paper", exchange, undefined);

  function finish(mode: Mode, where: AppConfig["exchange"], keys: ExchangeKeys | undefined): AppConfig {
    const limits = riskLimits(mode, settings?.limits);
    const trips = tripLimits(mode, settings?.trips);
    return {
      mode,
      profile: named ?? mode,
      exchange: where,
      keys,
      limits,
      trips,
      lotMethod: LOT_METHODS[settings?.lot_method ?? "fifo"],
      trustedHosts: settings?.trusted_hosts ?? [],
      backup: backupSettings(file.backup),
      sync: readSyncTarget(env, file.sync),
    };
  }
}

function profileSettings(profiles: Record<string, ProfileSettings>, name: string, configFile: string): ProfileSettings {
  const found = profiles[name] ?? (name === "demo" ? { mode: "demo" as const } : undefined);
  if (found !== undefined) return found;
  const known = [...new Set(["demo", ...Object.keys(profiles)])].join(", ");
  throw configError(
    "PROFILE_UNKNOWN",
    `There is no profile "${name}".`,
    `Known profiles: ${known}. Add [profile.${name}] to ${configFile}, or choose one of them.`,
  );
}

function isLoopback(url: string, variable: string): boolean {
  let host: string;
  try {
    host = new URL(url).hostname;
  } catch (cause) {
    throw configError(
      "ENDPOINT_INVALID",
      `${variable} is no address.`,
      "Give it as `tapedeck sim serve` prints it.",
      cause,
    );
  }
  return isLoopbackHost(host);
}
