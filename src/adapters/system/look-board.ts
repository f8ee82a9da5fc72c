import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

/** Entries that make no sense are left out: another version may have written them. */
function readLooks(text: string): ProofLooks {
  const told: unknown = JSON.parse(text);
  const looks = new Map<ClientOrderId, ProofLook>();
  if (typeof told !== "object" || told === null) return looks;
  for (const [id, look] of Object.entries(told)) {
    const read = readLook(look);
    if (read !== undefined) looks.set(clientOrderId(id), read);
  }
  return looks;
}

function readLook(look: unknown): ProofLook | undefined {
  if (typeof look !== "object" || look === null || !("askedAt" in look) || !("isAnswered" in look)) return undefined;
  const againAt = "againAt" in look ? look.againAt : undefined;
  if (typeof look.askedAt !== "number" || typeof look.isAnswered !== "boolean") return undefined;
  if (againAt !== undefined && typeof againAt !== "number") return undefined;
  return { askedAt: look.askedAt, isAnswered: look.isAnswered, againAt };
}
