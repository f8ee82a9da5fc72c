import type { CommandSpec, OptionSpec } from "../define-command.ts";
import { EXIT_CODE_SUMMARY } from "../exit-codes.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";

const HELP_OPTION: OptionSpec = { flags: "-h, --help", what: "show this help" };
const VERSION_OPTION: OptionSpec = { flags: "--version", what: "show the version" };

/** Help of one command: what it does, examples first. */
export function renderCommandHelp(spec: CommandSpec): string {
  const words = ["tapedeck", ...spec.path, ...(spec.arguments ?? []).map((argument) => argument.name)];
  return page([
    [undefined, [spec.summary, ...(spec.details ?? [])]],
    ["EXAMPLES", spec.examples.flatMap(({ line, what }) => [`# ${what}`, `$ ${line}`])],
    ["USAGE", [`${words.join(" ")} [options]`]],
    ["ARGUMENTS", inColumns((spec.arguments ?? []).map(({ name, what }) => [name, what]))],
    ["OPTIONS", inColumns([...(spec.options ?? []), HELP_OPTION].map(optionRow))],
    ["GLOBAL OPTIONS", inColumns(GLOBAL_OPTIONS.map(optionRow))],
    ["EXIT CODES", wrap(EXIT_CODE_SUMMARY)],
    ["NEXT", spec.next === undefined ? [] : [`$ ${spec.next}`]],
  ]);
}

/** Help of `tapedeck` or of a noun: its commands, after an example of each. */
export function renderGroupHelp(path: readonly string[], summary: string, specs: readonly CommandSpec[]): string {
  const examples = specs.flatMap((spec) => spec.examples.slice(0, 1)).map(({ line }) => `$ ${line}`);
  return page([
    [undefined, [summary]],
    ["EXAMPLES", examples],
    ["USAGE", [`${["tapedeck", ...path].join(" ")} COMMAND [options]`]],
    ["COMMANDS", inColumns(specs.map((spec) => [spec.path.slice(path.length).join(" "), spec.summary]))],
    ["GLOBAL OPTIONS", inColumns([...GLOBAL_OPTIONS, HELP_OPTION, VERSION_OPTION].map(optionRow))],
    ["EXIT CODES", wrap(EXIT_CODE_SUMMARY)],
    ["NEXT", [`$ ${["tapedeck", ...path].join(" ")} COMMAND --help`]],
  ]);
}

type Section = readonly [title: string | undefined, lines: readonly string[]];

function page(sections: readonly Section[]): string {
  return `${sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => (title === undefined ? lines : [title, ...lines.map((line) => `  ${line}`)]).join("\n"))
    .join("\n\n")}\n`;
}

function optionRow(option: OptionSpec): readonly [string, string] {
  return [option.flags, option.default === undefined ? option.what : `${option.what} (default ${option.default})`];
}

function inColumns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const widest = rows.reduce((most, [name]) => Math.max(most, name.length), 0);
  return rows.map(([name, what]) => `${name.padEnd(widest)}  ${what}`);
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 95) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
