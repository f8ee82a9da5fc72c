/** What a person did at the terminal, decoded. `chord` is the key's name as keymaps spell it: "ctrl-p", "up", "B". */
export type InputEvent =
  | {
      readonly kind: "key";
      readonly chord: string;
      /** The text it types; empty for a command key. */ readonly text: string;
    }
  | { readonly kind: "paste"; readonly text: string }
  | {
      readonly kind: "mouse";
      readonly action: "press" | "release" | "wheel-up" | "wheel-down";
      readonly x: number;
      readonly y: number;
    };

export function key(chord: string, text = ""): InputEvent {
  return { kind: "key", chord, text };
}
