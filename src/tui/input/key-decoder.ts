import type { InputEvent } from "./key-event.ts";
import { key } from "./key-event.ts";

/** A lone Escape is told from the start of a sequence by what follows within this time, ms. */
const ESCAPE_WAIT_MS = 50;
/** A sequence longer than this is no key; it is dropped instead of swallowing what the trader types next. */
const LONGEST_SEQUENCE = 64;
/** Once a sequence has begun, the rest of it may be late on a slow line, ms. */
const SEQUENCE_WAIT_MS = 500;
/** A terminal that never ends its paste must not hold the keyboard for ever, ms. */
const PASTE_WAIT_MS = 5_000;
const LONGEST_PASTE = 64 * 1024;
const ESCAPE = "\u001b";
const PASTE_BEGIN = "\u001b[200~";
const PASTE_END = "\u001b[201~";

const KEY_RELEASED = 3;
const ALT_OR_CTRL = 2 | 4;

const FINAL_NAMES: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  E: "begin",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  Z: "shift-tab",
};
const TILDE_NAMES: Readonly<Record<number, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};
const CODE_NAMES: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  13: "enter",
  27: "escape",
  32: "space",
  127: "backspace",
};

export interface KeyDecoder {
  /** Takes bytes as they come, in any chunks. */
  push(bytes: Buffer): void;
  close(): void;
}

/**
 * Turns the bytes of a terminal into events: UTF-8 text, control keys, CSI and SS3 sequences, bracketed paste, SGR
 * mouse and the kitty protocol's CSI u. Whatever makes no sense is dropped; nothing throws.
 */
export function createKeyDecoder(
  emit: (event: InputEvent) => void,
  schedule: (run: () => void, waitMs: number) => () => void,
): KeyDecoder {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  let pending = "";
  /** What has come of a paste that has not ended. */
  let paste: string | undefined;
  let cancelWait: (() => void) | undefined;

  function drain(): void {
    while (pending !== "") {
      if (paste !== undefined) {
        if (!takePaste(paste)) return;
      } else if (pending.startsWith(PASTE_BEGIN)) {
        paste = "";
        pending = pending.slice(PASTE_BEGIN.length);
      } else {
        const taken = takeOne(pending, emit);
        if (taken === 0) return;
        pending = pending.slice(taken);
      }
    }
  }

  /** Pasted text is never a key, however long it is: what goes beyond the limit is dropped. @returns whether it ended. */
  function takePaste(before: string): boolean {
    const end = pending.indexOf(PASTE_END);
    // The mark may be cut in two, so its first half waits.
    const until = end === -1 ? Math.max(0, pending.length - PASTE_END.length + 1) : end;
    const text = (before + pending.slice(0, until)).slice(0, LONGEST_PASTE);
    pending = pending.slice(end === -1 ? until : end + PASTE_END.length);
    paste = end === -1 ? text : undefined;
    if (end !== -1) emit({ kind: "paste", text });
    return end !== -1;
  }

  function giveUp(): void {
    cancelWait = undefined;
    // Half a paste could be half a number, so it is dropped whole.
    if (paste !== undefined) pending = "";
    // Nothing followed an Escape: it stands alone, or was Alt. A longer beginning is no key at all.
    else if (pending === ESCAPE) emit(key("escape"));
    else if (pending.length === 2) emit(key(`alt-${pending.slice(1)}`));
    paste = undefined;
    pending = "";
  }

  return {
    push(bytes) {
      cancelWait?.();
      cancelWait = undefined;
      pending += utf8.decode(bytes, { stream: true });
      drain();
      if (paste !== undefined) cancelWait = schedule(giveUp, PASTE_WAIT_MS);
      else if (pending !== "") {
        cancelWait = schedule(giveUp, pending.length > 2 ? SEQUENCE_WAIT_MS : ESCAPE_WAIT_MS);
      }
    },
    close() {
      cancelWait?.();
      pending = "";
      paste = undefined;
    },
  };
}

/** Decodes the first event of the text. @returns how many characters it took; 0 when more must come first. */
function takeOne(text: string, emit: (event: InputEvent) => void): number {
  if (!text.startsWith("\u001b")) {
    const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
    emit(plainKey(character));
    return character.length;
  }
  if (text.length === 1) return 0;
  if (text[1] === "[") return takeCsi(text, emit);
  if (text[1] === "O") {
    if (text.length < 3) return 0;
    const name = FINAL_NAMES[text[2] ?? ""];
    if (name !== undefined) emit(key(name));
    return 3;
  }
  if (text[1] === "\u001b") {
    emit(key("escape"));
    return 1;
  }
  const character = String.fromCodePoint(text.codePointAt(1) ?? 0);
  const plain = plainKey(character);
  if (plain.kind === "key") emit(key(`alt-${plain.chord}`));
  return 1 + character.length;
}

function plainKey(character: string): InputEvent {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a) return key("enter");
  const named = CODE_NAMES[code];
  if (named !== undefined) return key(named, named === "space" ? " " : "");
  if (code === 0) return key("ctrl-space");
  if (code < 0x1b) return key(`ctrl-${String.fromCharCode(code + 0x60)}`);
  if (code < 0x20) return key(`ctrl-${String.fromCharCode(code + 0x40)}`);
  if (code >= 0x80 && code < 0xa0) return key("unknown");
  return key(character, character);
}

function takeCsi(text: string, emit: (event: InputEvent) => void): number {
  let end = 2;
  while (end < text.length && !isFinal(text.charCodeAt(end))) {
    // Only parameters and intermediates belong into a sequence; anything else shows that it was none.
    if (text.charCodeAt(end) < 0x20 || text.charCodeAt(end) > 0x3f || end > LONGEST_SEQUENCE) return end;
    end += 1;
  }
  if (end >= text.length) return 0;
  const parameters = text.slice(2, end);
  const event = parameters.startsWith("<")
    ? mouseEvent(parameters.slice(1), text[end] ?? "")
    : csiKey(parameters, text[end] ?? "");
  if (event !== undefined) emit(event);
  return end + 1;
}

function isFinal(code: number): boolean {
  return code >= 0x40 && code <= 0x7e;
}

function csiKey(parameters: string, final: string): InputEvent | undefined {
  const [codes = "", modifiers = ""] = parameters.split(";");
  const [first = 0, shifted = 0] = codes.split(":").map(Number);
  const [modifier = 1, eventType = 1] = modifiers === "" ? [] : modifiers.split(":").map(Number);
  if (!Number.isInteger(first) || !Number.isInteger(modifier) || eventType === KEY_RELEASED) return undefined;
  if (final === "u") return kittyKey(first, shifted, modifier);
  const name = final === "~" ? TILDE_NAMES[first] : FINAL_NAMES[final];
  return name === undefined ? undefined : key(withModifiers(name, modifier));
}

/** A key of the kitty protocol: a code point, the one that Shift makes of it if told, and modifiers. */
function kittyKey(code: number, shifted: number, modifier: number): InputEvent | undefined {
  const named = CODE_NAMES[code];
  if (named !== undefined && named !== "space") return key(withModifiers(named, modifier));
  // Beyond Unicode, half of a pair, or one of the protocol's private keys: nothing that types.
  const types = code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xf8ff);
  if (!types) return undefined;
  const shift = ((modifier - 1) & 1) === 1;
  const plain = String.fromCodePoint(code);
  const letter = !shift
    ? plain
    : shifted > 0x20 && shifted < 0xd800
      ? String.fromCodePoint(shifted)
      : plain.toUpperCase();
  if (((modifier - 1) & ALT_OR_CTRL) !== 0) return key(withModifiers(named ?? plain, modifier));
  return key(named ?? letter, letter);
}

/** Terminals count modifiers as 1 + shift + 2·alt + 4·ctrl. */
function withModifiers(name: string, modifier: number): string {
  const bits = Math.max(0, modifier - 1);
  const shift = (bits & 1) === 1 && [...name].length > 1 && !name.startsWith("shift-") ? "shift-" : "";
  return `${(bits & 4) === 4 ? "ctrl-" : ""}${(bits & 2) === 2 ? "alt-" : ""}${shift}${name}`;
}

function mouseEvent(parameters: string, final: string): InputEvent | undefined {
  const [button, x, y] = parameters.split(";").map(Number);
  if (button === undefined || x === undefined || y === undefined || ![button, x, y].every(Number.isInteger))
    return undefined;
  const place = { x: x - 1, y: y - 1 };
  if (button === 64) return { kind: "mouse", action: "wheel-up", ...place };
  if (button === 65) return { kind: "mouse", action: "wheel-down", ...place };
  if (button > 2) return undefined;
  return { kind: "mouse", action: final === "M" ? "press" : "release", ...place };
}
