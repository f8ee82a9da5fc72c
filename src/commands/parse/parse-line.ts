import { Command, CommanderError, Option } from "commander";
import type { CommandSpec, GlobalOptions, OptionSpec } from "../define-command.ts";
import { usageError } from "../usage-error.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import type { OptionReader } from "./option-reader.ts";
import { createOptionReader } from "./option-reader.ts";
import { didYouMean, suggest } from "../../core/domain/suggest.ts";
import { renderCommandHelp, renderGroupHelp } from "./render-help.ts";

/** What a command line asks for. */
export type ParsedLine =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "command";
      readonly spec: CommandSpec;
      readonly args: readonly string[];
      readonly options: OptionReader;
      readonly output: { readonly output: string | undefined; readonly json: boolean };
      readonly globals: GlobalOptions;
    };

export interface CommandTree {
  readonly commands: readonly CommandSpec[];
  /** What each noun is about: "order" → "Place, cancel and look at orders." */
  readonly nouns: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly version: () => string;
  /** The command that bare `tapedeck` means. */
  readonly bare: string;
}

/** @throws AppError USAGE, with what was probably meant. */
export function parseLine(argv: readonly string[], tree: CommandTree): ParsedLine {
  let parsed: ParsedLine | undefined;
  let shown = "";
  const build = () =>
    buildProgram(tree, {
      write: (text) => {
        shown += text;
      },
      chosen: (line) => {
        parsed = line;
      },
    });
  try {
    const words = argv.map(shieldNumber);
    const { operands, unknown } = build().parseOptions([...words]);
    const bare = operands.length === 0 && unknown.length === 0;
    build().parse([...words, ...(bare ? [tree.bare] : [])], { from: "user" });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    if (cause.exitCode !== 0) throw asUsageError(cause, argv);
  }
  return parsed ?? { kind: "text", text: shown };
}

/** Keeps the parser from taking "-0.2%" for an option; no flag begins with a digit. */
const SHIELD = "\u0000";

function shieldNumber(word: string): string {
  return /^-\.?\d/.test(word) ? SHIELD + word : word;
}

function unshielded<T>(value: T): T | string {
  return typeof value === "string" && value.startsWith(SHIELD) ? value.slice(SHIELD.length) : value;
}

interface Sink {
  readonly write: (text: string) => void;
  readonly chosen: (line: ParsedLine) => void;
}

function buildProgram(tree: CommandTree, sink: Sink): Command {
  const program = configure(new Command("tapedeck"), sink);
  for (const option of GLOBAL_OPTIONS) addOption(program, option);
  program.option("--version");
  program.on("option:version", () => {
    sink.write(`${tree.version()}\n`);
    throw new CommanderError(0, "commander.version", tree.version());
  });
  program.helpInformation = () => renderGroupHelp([], tree.summary, tree.commands);
  program.action(() => {
    throw unknownCommand(unshielded(program.args[0] ?? ""), program, []);
  });
  program.allowExcessArguments();
  program.helpCommand("help [command]");
  for (const [noun, summary] of Object.entries(tree.nouns)) {
    const group = configure(program.command(noun), sink);
    const members = tree.commands.filter((spec) => spec.path[0] === noun);
    group.helpInformation = () => renderGroupHelp([noun], summary, members);
    group.allowExcessArguments();
    group.action(() => {
      const [word] = group.args;
      if (word !== undefined) throw unknownCommand(unshielded(word), group, [noun]);
      sink.write(group.helpInformation());
    });
    for (const spec of members) addCommand(group, program, spec, sink);
  }
  for (const spec of tree.commands) if (spec.path.length === 1) addCommand(program, program, spec, sink);
  return program;
}

function configure(command: Command, { write }: Sink): Command {
  return command
    .exitOverride()
    .helpOption("-h, --help")
    .configureOutput({ writeOut: write, writeErr: () => undefined });
}

function addCommand(parent: Command, program: Command, spec: CommandSpec, sink: Sink): void {
  const command = configure(parent.command(spec.path.at(-1) ?? ""), sink);
  command.allowExcessArguments(false);
  command.helpInformation = () => renderCommandHelp(spec);
  for (const { name } of spec.arguments ?? []) command.argument(argumentSyntax(name));
  for (const option of spec.options ?? []) addOption(command, option);
  command.action(() => {
    const globals = withoutShields(program.opts());
    const text = (name: string) => (typeof globals[name] === "string" ? globals[name] : undefined);
    sink.chosen({
      kind: "command",
      spec,
      args: command.args.map(unshielded),
      options: createOptionReader(withoutShields(command.opts())),
      output: { output: text("output"), json: globals["json"] === true },
      globals: {
        profile: text("profile"),
        yes: globals["yes"] === true,
        ascii: globals["ascii"] === true,
        color: globals["color"] !== false,
        debug: globals["debug"] === true,
      },
    });
  });
}

/** "[SYMBOL]" stays, "SYMBOL..." becomes "<SYMBOL...>". */
function argumentSyntax(name: string): string {
  return name.startsWith("[") ? name : `<${name}>`;
}

/** "--limit N" becomes "--limit <N>". */
function addOption(command: Command, spec: OptionSpec): void {
  const option = new Option(spec.flags.replace(/ ([^-\s]\S*)$/, " <$1>"));
  if (spec.repeatable === true) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  command.addOption(option);
}

function unknownCommand(word: string, command: Command, path: readonly string[]) {
  const near = suggest(
    word,
    command.commands.map((known) => known.name()),
  );
  const full = ["tapedeck", ...path];
  return usageError(
    `There is no command "${[...full, word].join(" ")}".`,
    didYouMean(near.map((name) => `\`${[...full, name].join(" ")}\``)) ?? `See \`${full.join(" ")} --help\`.`,
  );
}

function withoutShields(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const bare = (value: unknown): unknown => (Array.isArray(value) ? value.map(unshielded) : unshielded(value));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, bare(value)]));
}

function asUsageError(fault: CommanderError, argv: readonly string[]) {
  const [first = "", second] = fault.message
    .replace(/^error: /, "")
    .replaceAll(SHIELD, "")
    .split("\n");
  const message = `${first[0]?.toUpperCase() ?? ""}${first.slice(1)}`.replaceAll("'", '"');
  const words = argv.filter((word) => !word.startsWith("-")).slice(0, 2);
  const hint = second?.replace(/^\((.*)\)$/, "$1") ?? `See \`${["tapedeck", ...words].join(" ")} --help\`.`;
  return usageError(/[.?!]$/.test(message) ? message : `${message}.`, hint);
}
