import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { GuardRun, GuardRuns } from "../../core/ports/guard-runs.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import { writeFileAtomically } from "./atomic-write.ts";
import { isProcessAlive } from "./process-liveness.ts";

export interface GuardRunsParts {
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Pick<IdSource, "recordId">;
}

const LOOK_EVERY_MS = 200;

const ENTRY = z.object({
  runId: z.string(),
  pid: z.int(),
  accountId: z.string(),
  startedAt: z.number(),
  /** What tells this process from a later one of the same number, where the system says. */
  mark: z.string().nullable(),
});
type Entry = z.infer<typeof ENTRY>;

/** A file a run in a folder of the home; another beside it asks that run to end. */
export function createGuardRuns({ folder, clock, ids }: GuardRunsParts): GuardRuns {
  const entryFile = (runId: string) => join(folder, `${runId}.json`);
  const askFile = (runId: string) => join(folder, `${runId}.end`);

  function remove(runId: string): void {
    rmSync(entryFile(runId), { force: true });
    rmSync(askFile(runId), { force: true });
  }

  function read(runId: string): Entry | undefined {
    try {
      return ENTRY.parse(JSON.parse(readFileSync(entryFile(runId), "utf8")));
    } catch {
      // Gone by now, or not ours to read.
      return undefined;
    }
  }

  /** The entry of a process that was killed stays behind; its number may be another's by now. */
  function isSame({ pid, mark }: Entry): boolean {
    return isProcessAlive(pid) && markOf(pid) === mark;
  }

  return {
    enter(accountId, onAsked) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const { pid } = process;
      const entry: Entry = { runId: ids.recordId(), pid, accountId, startedAt: clock.now(), mark: markOf(pid) };
      writeFileAtomically(entryFile(entry.runId), JSON.stringify(entry));
      const lifetime = new AbortController();
      void (async () => {
        for (;;) {
          try {
            await clock.sleep(LOOK_EVERY_MS, lifetime.signal);
          } catch {
            return;
          }
          if (!existsSync(askFile(entry.runId))) continue;
          onAsked();
          return;
        }
      })();
      return () => {
        lifetime.abort(new Error("the run has ended"));
        remove(entry.runId);
      };
    },
    list(accountId) {
      if (!existsSync(folder)) return [];
      const found: GuardRun[] = [];
      for (const name of readdirSync(folder).filter((one) => one.endsWith(".json"))) {
        const entry = read(name.slice(0, -".json".length));
        if (entry === undefined) continue;
        if (!isSame(entry)) remove(entry.runId);
        else if (entry.accountId === accountId) found.push({ ...entry, accountId: entry.accountId as AccountId });
      }
      return found.sort((left, right) => left.startedAt - right.startedAt);
    },
    ask({ runId }) {
      writeFileAtomically(askFile(runId), "");
    },
    isThere({ runId }) {
      const entry = read(runId);
      return entry !== undefined && isSame(entry);
    },
  };
}

/** When the process began, in ticks since the machine's start. Told by Linux alone. */
function markOf(pid: number): string | null {
  try {
    // The name may hold blanks and brackets; what comes behind it does not.
    const [, rest = ""] = /^\d+ \(.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return rest.split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
