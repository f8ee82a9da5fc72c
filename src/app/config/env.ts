/** Environment variables, handed in once at the edge of the process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The environment of this process; the one place that reads it. */
export function processEnv(): Env {
  return process.env;
}
