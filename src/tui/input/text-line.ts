import type { InputEvent } from "./key-event.ts";
import { safeText } from "../../core/domain/safe-text.ts";

/** One line of text being typed, with its cursor counted in characters. */
export interface TextLine {
  readonly text: string;
  readonly cursor: number;
}

const LONGEST_LINE = 200;

export const EMPTY_LINE: TextLine = { text: "", cursor: 0 };

export function lineOf(text: string): TextLine {
  return { text, cursor: [...text].length };
}

/** Applies a key or a paste. @returns undefined when the event does not belong to a text line. */
export function editLine(line: TextLine, event: InputEvent): TextLine | undefined {
  if (event.kind === "paste") return insert(line, event.text.replaceAll(/[\r\n\t]+/g, " ").trim());
  if (event.kind !== "key") return undefined;
  if (event.text !== "") return insert(line, event.text);
  const characters = [...line.text];
  const { cursor } = line;
  switch (event.chord) {
    case "backspace":
      return cut(characters, cursor - 1, cursor);
    case "delete":
    case "ctrl-d":
      return { ...cut(characters, cursor, cursor + 1), cursor };
    case "left":
    case "ctrl-b":
      return { ...line, cursor: Math.max(0, cursor - 1) };
    case "right":
    case "ctrl-f":
      return { ...line, cursor: Math.min(characters.length, cursor + 1) };
    case "home":
    case "ctrl-a":
      return { ...line, cursor: 0 };
    case "end":
    case "ctrl-e":
      return { ...line, cursor: characters.length };
    case "ctrl-u":
      return cut(characters, 0, cursor);
    case "ctrl-k":
      return cut(characters, cursor, characters.length);
    case "ctrl-w":
      return cut(characters, startOfWord(characters, cursor), cursor);
    default:
      return undefined;
  }
}

function insert(line: TextLine, text: string): TextLine {
  const characters = [...line.text];
  const added = [...safeText(text, LONGEST_LINE)].slice(0, Math.max(0, LONGEST_LINE - characters.length));
  characters.splice(line.cursor, 0, ...added);
  return { text: characters.join(""), cursor: line.cursor + added.length };
}

function cut(characters: readonly string[], from: number, to: number): TextLine {
  const start = Math.max(0, from);
  return { text: [...characters.slice(0, start), ...characters.slice(to)].join(""), cursor: start };
}

function startOfWord(characters: readonly string[], cursor: number): number {
  let start = cursor;
  while (start > 0 && characters[start - 1] === " ") start -= 1;
  while (start > 0 && characters[start - 1] !== " ") start -= 1;
  return start;
}
