/** Environment variables, handed in once at the edge of the process. */
export type Env = Readonly<Record<string, string | undefined>>;
