import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyDecoder } from "../../../src/tui/input/key-decoder.ts";
import type { InputEvent } from "../../../src/tui/input/key-event.ts";
import { KEY_BINDINGS } from "../../../src/tui/input/keymap.ts";
import { editLine, EMPTY_LINE, lineOf } from "../../../src/tui/input/text-line.ts";

function decode(...chunks: readonly (string | Uint8Array)[]): readonly InputEvent[] {
  const events: InputEvent[] = [];
  let due: (() => void) | undefined;
  const decoder = createKeyDecoder(
    (event) => events.push(event),
    (run) => {
      due = run;
      return () => {
        due = undefined;
      };
    },
  );
  for (const chunk of chunks) decoder.push(Buffer.from(chunk));
  for (let guard = 0; due !== undefined && guard < 100; guard += 1) {
    const run: () => void = due;
    due = undefined;
    run();
  }
  return events;
}
const chords = (...chunks: readonly string[]) =>
  decode(...chunks).map((it) => (it.kind === "key" ? it.chord : it.kind));

describe("keys", () => {
  it.each([
    ["a", ["a"]],
    ["B?", ["B", "?"]],
    ["é龙😀", ["é", "龙", "😀"]],
    ["\r", ["enter"]],
    ["\n", ["enter"]],
    ["\t", ["tab"]],
    ["\u007f", ["backspace"]],
    [" ", ["space"]],
    ["\u0003", ["ctrl-c"]],
    ["\u0010", ["ctrl-p"]],
    ["\u001b", ["escape"]],
    ["\u001b\u001b", ["escape", "escape"]],
    ["\u001b[A", ["up"]],
    ["\u001bOB", ["down"]],
    ["\u001b[1;5A", ["ctrl-up"]],
    ["\u001b[1;2D", ["shift-left"]],
    ["\u001b[Z", ["shift-tab"]],
    ["\u001b[3~", ["delete"]],
    ["\u001b[5~", ["pageup"]],
    ["\u001b[15~", ["f5"]],
    ["\u001bOP", ["f1"]],
    ["\u001bx", ["alt-x"]],
    ["\u001b[97;5u", ["ctrl-a"]],
    ["\u001b[27u", ["escape"]],
    ["\u001b[13u", ["enter"]],
    ["\u001b[97;2u", ["A"]],
    ["\u001b[49:33;2u", ["!"]],
    ["\u001b[97;1:3u", []],
    ["\u001b[57441u", []],
    ["\u001b[1;1:3A", []],
    ["\u001b[32u", ["space"]],
    ["\u001b[", ["alt-["]],
    ["\u001b[1;", []],
    ["\u001b[<0;10;5M", ["mouse"]],
    ["\u001b[999~x", ["x"]],
  ])("reads %j", (bytes, expected) => {
    expect(chords(bytes)).toEqual(expected);
  });

  it("reads a paste as one event, however it is cut", () => {
    expect(decode("\u001b[200~0.", "01\u001b[20", "1~x")).toEqual([
      { kind: "paste", text: "0.01" },
      { kind: "key", chord: "x", text: "x" },
    ]);
  });

  it("never takes pasted text for keys, however long it is", () => {
    const events = decode(`\u001b[200~${"x".repeat(66_000)}`, "b0.5\r\r", "\u001b[201~q");
    expect(events.map((event) => event.kind)).toEqual(["paste", "key"]);
  });

  it("drops a paste that never ends, and reads keys again", () => {
    expect(decode("\u001b[200~b0.5\r\r")).toEqual([]);
  });

  it("waits longer for the rest of a sequence than for a lone Escape", () => {
    const waits: number[] = [];
    const decoder = createKeyDecoder(
      () => {},
      (_, waitMs) => {
        waits.push(waitMs);
        return () => {};
      },
    );
    decoder.push(Buffer.from("\u001b"));
    decoder.push(Buffer.from("[1;"));
    expect(waits).toEqual([50, 500]);
  });

  it("tells places of the mouse from zero", () => {
    expect(decode("\u001b[<64;3;4M")).toEqual([{ kind: "mouse", action: "wheel-up", x: 2, y: 3 }]);
  });

  it("gives the same events however the bytes are cut", () => {
    const piece = fc.constantFrom(
      "a",
      "龙",
      "\u001b[A",
      "\u001b[1;5B",
      "\r",
      "\u001b[200~p q\u001b[201~",
      "\u001bOP",
      "\u001b[<0;1;1M",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 60 }),
        (pieces, cuts) => {
          const bytes = Buffer.from(pieces.join(""));
          const chunks: Buffer[] = [];
          let at = 0;
          for (const size of cuts) {
            if (at >= bytes.length) break;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          chunks.push(bytes.subarray(Math.min(at, bytes.length)));
          expect(decode(...chunks)).toEqual(decode(bytes));
        },
      ),
    );
  });

  it("gives the same events for any bytes, however they are cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(), (bytes, cut) => {
        const at = bytes.length === 0 ? 0 : cut % bytes.length;
        expect(decode(bytes.subarray(0, at), bytes.subarray(at))).toEqual(decode(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes any bytes without throwing or hanging", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (chunks) => {
        expect(decode(...chunks).length).toBeLessThan(500);
      }),
    );
  });
});

it("has no key that means two things in one layer", () => {
  const places = KEY_BINDINGS.flatMap(({ layer, chords }) => chords.map((chord) => `${layer} ${chord}`));
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
});

describe("a line of text", () => {
  const press = (chord: string, text = ""): InputEvent => ({ kind: "key", chord, text });

  it("types, moves and deletes", () => {
    const typed = ["0", ".", "1"].reduce(
      (line, character) => editLine(line, press(character, character)) ?? line,
      EMPTY_LINE,
    );
    expect(typed).toEqual({ text: "0.1", cursor: 3 });
    const home = editLine(typed, press("home")) ?? typed;
    expect(editLine(home, press("delete"))).toEqual({ text: ".1", cursor: 0 });
    expect(editLine(typed, press("backspace"))).toEqual({ text: "0.", cursor: 2 });
    expect(editLine(lineOf("50 usdt"), press("ctrl-w"))).toEqual({ text: "50 ", cursor: 3 });
    expect(editLine(lineOf("50"), press("ctrl-u"))).toEqual({ text: "", cursor: 0 });
  });

  it("makes a paste one harmless line", () => {
    expect(editLine(EMPTY_LINE, { kind: "paste", text: "1\n2\u001b[31m" })?.text).toBe("1 2�[31m");
  });

  it("leaves command keys to the layer", () => {
    expect(editLine(EMPTY_LINE, press("enter"))).toBeUndefined();
  });
});
