import type { App } from "../app/app.ts";
import type { CreateAppOptions } from "../app/create-app-options.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import type { Printer } from "./output/printer.ts";
import type { FaultView } from "./output/report-fault.ts";
import type { OptionReader } from "./parse/option-reader.ts";
import type { Services } from "./services.ts";

export interface ArgumentSpec {
  /** As usage shows it: "SYMBOL", "[SYMBOL]" or "SYMBOL...". */
  readonly name: string;
  readonly what: string;
}

export interface OptionSpec {
  /** As help shows it: "--limit N", "--stored". */
  readonly flags: string;
  readonly what: string;
  /** The default in words, where there is one. */
  readonly default?: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
}

export interface ExampleSpec {
  readonly line: string;
  readonly what: string;
}

/** Flags every command takes. */
export interface GlobalOptions {
  readonly profile: string | undefined;
  readonly yes: boolean;
  readonly ascii: boolean;
  readonly color: boolean;
  readonly debug: boolean;
}

/** What a command is run with. */
export interface CommandContext {
  readonly io: Io;
  readonly services: Services;
  readonly args: readonly string[];
  readonly options: OptionReader;
  readonly globals: GlobalOptions;
  readonly print: Printer;
  /** Aborts when the person or the system wants us gone. */
  readonly signal: AbortSignal;
  /**
   * Opens the app for the work and closes it whatever happens.
   * @param over wins over `--profile` and over the process's own environment
   */
  withApp<T>(work: (app: App) => Promise<T>, over?: Partial<CreateAppOptions>): Promise<T>;
  /** Tells an outcome that is no success and no fault of the outside world. @returns the code, for `return`. */
  fail(fault: FaultView, exitCode: ExitCode): ExitCode;
}

/** A command as data: usage, help and parsing come from here, so that they cannot differ. */
export interface CommandSpec {
  /** The words that name it: ["order", "place"]. */
  readonly path: readonly string[];
  readonly summary: string;
  /** More than the summary, in lines of at most 100 characters. */
  readonly details?: readonly string[];
  readonly examples: readonly ExampleSpec[];
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Speaks to people even where stdout is no terminal, unless a format is asked for. */
  readonly textByDefault?: boolean;
  /** A command to try next. */
  readonly next?: string;
  /** @returns the exit code; the screen's own may be 128 + a signal. */
  readonly run: (context: CommandContext) => Promise<number>;
}

/** Checks nothing at run time; it only gives the literal its type. */
export function defineCommand(spec: CommandSpec): CommandSpec {
  return spec;
}
