import type { BackupProgress, BackupStep } from "../../app/backups.ts";
import type { CommandContext } from "../define-command.ts";

const WORDS: Readonly<Record<BackupStep, string>> = {
  copying: "copying the database",
  checking: "checking it",
  reading: "reading it",
  packing: "packing",
  proving: "proving what was written",
  rebuilding: "rebuilding",
  restoring: "putting it in place",
};

const BAR_CELLS = 24;
/** Often enough for the eye, and for a script. */
const LEAST_PAUSE_MS = 100;

export interface ProgressTeller {
  readonly tell: (progress: BackupProgress) => void;
  /** Clears the bar; call it before anything else is said. */
  end(): void;
}

/** A bar for a person at a terminal, an object a line for a program, nothing for anybody else. */
export function createProgressTeller({ io, print, globals }: CommandContext): ProgressTeller {
  if (print.format === "table" && io.err.isTty) {
    const bar = createBar(globals.ascii, (text) => io.err.write(text));
    return { tell: throttled(io, bar.draw), end: bar.clear };
  }
  if (print.format === "table" || print.format === "csv") return { tell: () => undefined, end: () => undefined };
  const tell = ({ step, done, total }: BackupProgress) => {
    const line = print.eventLine("tapedeck.backup-progress/1", { step, done: done ?? null, total: total ?? null });
    // As NDJSON they are the events of a stream; beside one JSON document they are no data.
    (print.format === "ndjson" ? io.out : io.err).write(`${line}\n`);
  };
  return { tell: throttled(io, tell), end: () => undefined };
}

/** Every step's beginning and end is told, and what lies between now and then. */
function throttled(
  { now }: { now(): number },
  tell: (progress: BackupProgress) => void,
): (progress: BackupProgress) => void {
  let told: BackupProgress | undefined;
  let toldAt = 0;
  return (progress) => {
    const isEnd = progress.total !== undefined && progress.done === progress.total;
    if (progress.step === told?.step) {
      if (progress.done === told.done) return;
      if (!isEnd && now() - toldAt < LEAST_PAUSE_MS) return;
    }
    told = progress;
    toldAt = now();
    tell(progress);
  };
}

function createBar(ascii: boolean, write: (text: string) => void) {
  const [full, empty] = ascii ? ["#", "."] : ["█", "░"];
  let isDrawn = false;
  return {
    draw({ step, done, total }: BackupProgress) {
      const share = done === undefined || total === undefined || total === 0 ? undefined : done / total;
      const cells = Math.round((share ?? 0) * BAR_CELLS);
      const bar = share === undefined ? "" : `${full.repeat(cells)}${empty.repeat(BAR_CELLS - cells)} `;
      const percent = share === undefined ? "" : `${String(Math.floor(share * 100)).padStart(3)} %  `;
      write(`\r\u001b[K${bar}${percent}${WORDS[step]}`);
      isDrawn = true;
    },
    clear() {
      if (isDrawn) write("\r\u001b[K");
      isDrawn = false;
    },
  };
}
