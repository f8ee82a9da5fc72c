const ENTER = /[\r\n]/;
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_U = "\u0015";
const BACKSPACES: ReadonlySet<string> = new Set(["\u0008", "\u007f"]);

/** A terminal whose keys can be taken as they come. */
export interface KeySource {
  setRawMode(on: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  on(event: "data", listener: (keys: string) => void): unknown;
  off(event: "data", listener: (keys: string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/**
 * Reads a line without showing it.
 * @param interrupt does what Ctrl-C does elsewhere: a terminal whose keys are taken as they come sends no signal.
 * @throws Error when the signal aborts, and after Ctrl-C or Ctrl-D.
 */
export function askSecret(
  keys: KeySource,
  output: { write(text: string): unknown },
  question: string,
  signal: AbortSignal,
  interrupt: () => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const end = (settle: () => void) => {
      keys.off("data", onKeys);
      signal.removeEventListener("abort", onAbort);
      keys.setRawMode(false);
      keys.pause();
      output.write("\n");
      settle();
    };
    const onAbort = () => end(() => reject(new Error("the question was taken back", { cause: signal.reason })));
    const onKeys = (text: string) => {
      for (const key of text) {
        if (ENTER.test(key)) {
          end(() => resolve(typed.join("")));
          return;
        }
        if (key === CTRL_C || key === CTRL_D) {
          end(() => reject(new Error("the question was not answered")));
          interrupt();
          return;
        }
        if (key === CTRL_U) typed = [];
        else if (BACKSPACES.has(key)) typed.pop();
        else if (key >= " ") typed.push(key);
      }
    };
    if (signal.aborted) {
      reject(new Error("the question was taken back", { cause: signal.reason }));
      return;
    }
    output.write(question);
    keys.setEncoding("utf8");
    keys.setRawMode(true);
    keys.on("data", onKeys);
    keys.resume();
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
