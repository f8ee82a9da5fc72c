import type { Env } from "./config/env.ts";

/** What a face tells the composition root. Everything else comes from configuration. */
export interface CreateAppOptions {
  readonly env: Env;
  /** From `--profile`; wins over TAPEDECK_PROFILE. The built-in profile "demo" runs the embedded exchange. */
  readonly profile?: string | undefined;
}
