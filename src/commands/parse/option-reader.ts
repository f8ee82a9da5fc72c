import { usageError } from "../usage-error.ts";

export type OptionValue = string | boolean | readonly string[] | undefined;

/** Reads options by their long name, and says what is wrong with one in words. */
export interface OptionReader {
  has(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  /** @throws AppError USAGE unless it is a whole number within the bounds. */
  count(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined;
  /** @throws AppError USAGE unless it is a number within the bounds; fractions are fine. */
  seconds(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined;
  /** @throws AppError USAGE unless it is one of the choices. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined;
}

/** @param values by camel-cased name, as the parser delivers them. */
export function createOptionReader(values: Readonly<Record<string, unknown>>): OptionReader {
  const valueOf = (name: string) => values[camelCase(name)];
  const text = (name: string) => {
    const value = valueOf(name);
    return typeof value === "string" ? value : undefined;
  };
  const numberOf = (name: string, pattern: RegExp, what: string, bounds: { min: number; max: number }) => {
    const given = text(name);
    if (given === undefined) return undefined;
    const value = Number(given);
    if (!pattern.test(given) || value < bounds.min || value > bounds.max) {
      throw usageError(
        `--${name} takes ${what} from ${bounds.min} to ${bounds.max}, not "${given}".`,
        `For example --${name} ${Math.min(Math.max(10, bounds.min), bounds.max)}.`,
      );
    }
    return value;
  };
  return {
    has: (name) => valueOf(name) === true,
    text,
    texts: (name) => {
      const value = valueOf(name);
      return Array.isArray(value) ? (value as readonly string[]) : [];
    },
    count: (name, bounds) => numberOf(name, /^\d{1,9}$/, "a whole number", bounds),
    seconds: (name, bounds) => numberOf(name, /^\d{1,9}(?:\.\d{1,3})?$/, "a number", bounds),
    choice: (name, choices) => {
      const given = text(name);
      if (given === undefined) return undefined;
      const chosen = choices.find((choice) => choice === given);
      if (chosen === undefined)
        throw usageError(
          `--${name} is one of ${choices.join(", ")}, not "${given}".`,
          `For example --${name} ${choices[0] ?? ""}.`,
        );
      return chosen;
    },
  };
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
