import type { Env } from "../../app/config/env.ts";

/** Colours text, or leaves it alone where colours are not wanted. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

export function createPaint(colored: boolean): Paint {
  const style = (on: number, off: number) => (text: string) =>
    colored && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: style(1, 22), dim: style(2, 22), red: style(31, 39), green: style(32, 39), yellow: style(33, 39) };
}

/** NO_COLOR and `--no-color` before FORCE_COLOR before what the terminal is. */
export function wantsColor(env: Env, isTty: boolean, noColorFlag: boolean): boolean {
  if (noColorFlag || isSet(env["NO_COLOR"])) return false;
  const forced = env["FORCE_COLOR"];
  if (isSet(forced)) return forced !== "0" && forced !== "false";
  return isTty && env["TERM"] !== "dumb";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
