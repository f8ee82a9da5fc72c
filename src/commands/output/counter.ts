import type { CommandContext } from "../define-command.ts";

/** Says on one line how far the work is, for a person at a terminal; nothing for anybody else. */
export interface Counter {
  say(words: string): void;
  /** Clears the line; call it before anything else is said. */
  end(): void;
}

export function createCounter({ io, print }: Pick<CommandContext, "io" | "print">): Counter {
  const isPerson = print.format === "table" && io.err.isTty;
  const write = (words: string) => {
    if (isPerson) io.err.write(`\r\u001b[K${words}`);
  };
  return {
    say: write,
    end: () => {
      write("");
    },
  };
}
