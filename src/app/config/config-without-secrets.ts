import { existsSync, readFileSync } from "node:fs";
import { parse, stringify } from "smol-toml";

/** No key of ours holds a secret; what a person has put there all the same does not go along. */
const SECRET_KEY = /secret|token|password|passphrase|api_?key|private|credential/i;
/** A path to a secret is none. */
const HARMLESS_KEY = /_file$/;

/**
 * The user's configuration as a backup takes it along: what is set, without comments, and without any key that may hold
 * a secret. @returns undefined where there is none, or none that can be read.
 */
export function configWithoutSecrets(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return stringify(withoutSecrets(parse(readFileSync(file, "utf8"))));
  } catch {
    return undefined;
  }
}

type Table = Readonly<Record<string, unknown>>;

function withoutSecrets(table: Table): Table {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([key]) => HARMLESS_KEY.test(key) || !SECRET_KEY.test(key))
      .map(([key, value]) => [key, withoutSecretsIn(value)]),
  );
}

function withoutSecretsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretsIn);
  const isTable = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isTable ? withoutSecrets(value as Table) : value;
}
