import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { clientOrderId } from "../../core/domain/identifiers.ts";
import type { ClientOrderId } from "../../core/domain/identifiers.ts";
import type { ProofLook, ProofLooks } from "../../core/domain/proof-look.ts";
import type { LookBoard } from "../../core/ports/look-board.ts";

export interface LookBoardParts {
  readonly folder: string;
  readonly pid: number;
  readonly isProcessAlive: (pid: number) => boolean;
}

const NAME = /^(\d{1,10})\.json$/;

/** A file for each process, named by its number. Written without a sync to disk: after a crash nobody asks anyway. */
export function createLookBoard({ folder, pid, isProcessAlive }: LookBoardParts): LookBoard {
  const own = join(folder, `${pid}.json`);

  return {
    show(looks) {
      quietly(() => {
        if (looks.size === 0) rmSync(own, { force: true });
        else {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          // A reader must never meet half a file.
          writeFileSync(`${own}.tmp`, JSON.stringify(Object.fromEntries(looks)), { mode: 0o600 });
          renameSync(`${own}.tmp`, own);
        }
      });
    },
    others() {
      const names = quietly(() => readdirSync(folder)) ?? [];
      return names.flatMap((name) => {
        const theirs = Number(NAME.exec(name)?.[1] ?? Number.NaN);
        if (Number.isNaN(theirs) || theirs === pid) return [];
        if (!isProcessAlive(theirs)) {
          quietly(() => {
            rmSync(join(folder, name), { force: true });
          });
          return [];
        }
        const looks = quietly(() => readLooks(readFileSync(join(folder, name), "utf8")));
        return looks === undefined ? [] : [{ pid: theirs, looks }];
      });
    },
    clear() {
      quietly(() => {
        rmSync(own, { force: true });
      });
    },
  };
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const LOOK = z.object({ askedAt: z.number(), isAnswered: z.boolean(), againAt: z.number().optional() });

/** Entries that make no sense are left out: another version may have written them. */
function readLooks(text: string): ProofLooks {
  const looks = new Map<ClientOrderId, ProofLook>();
  for (const [id, told] of Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(text)))) {
    const look = LOOK.safeParse(told);
    if (look.success) looks.set(clientOrderId(id), { ...look.data, againAt: look.data.againAt });
  }
  return looks;
}
