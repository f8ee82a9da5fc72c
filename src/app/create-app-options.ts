import type { Env } from "./config/env.ts";

/** What a face tells the composition root. Everything else comes from configuration. */
export interface CreateAppOptions {
  readonly env: Env;
  /** From `--profile`; wins over TAPEDECK_PROFILE. The built-in profile "demo" runs the embedded exchange. */
  readonly profile?: string | undefined;
  /**
   * Opens no file of ours but the configuration, and keeps what happens in memory until the end: for an emergency in which
   * the disk is what fails. What other runs have stored is then not known, and they hear nothing of this one.
   */
  readonly isStoreless?: boolean;
}
