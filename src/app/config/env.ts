/** Environment variables, handed in once at the edge of the process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as one that is not set. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}

/** The environment of this process; the one place that reads it. */
export function processEnv(): Env {
  return process.env;
}
