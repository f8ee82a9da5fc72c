import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createByteReader } from "../../../src/adapters/backup/byte-reader.ts";
import { readSealHead, sealed, unsealed } from "../../../src/adapters/backup/seal.ts";
import type { CreatedBackup } from "../../../src/core/ports/backup-archive.ts";
import { createRandom } from "../../sim/seeded-random.ts";
import type { BackupHome } from "./backup-home.ts";
import { makeBackupHome, runOf } from "./backup-home.ts";

const SEED = Number(process.env["DAMAGE_SEED"] ?? Date.now() % 1_000_000);
const PASSPHRASE = "correct horse battery";
let home: BackupHome;
beforeAll(() => {
  home = makeBackupHome(300);
});
afterAll(() => {
  home.remove();
});

/** @returns the refusal's code, or the sum of the database that came out all the same. */
async function tryDamaged(made: CreatedBackup, bytes: Buffer, passphrase?: string): Promise<string> {
  writeFileSync(made.path, bytes);
  return home.archive.verify(made.backup.id, runOf(passphrase)).then(
    ({ manifest }) => manifest.database.sha256,
    (fault: Error & { readonly code?: string }) => fault.code ?? fault.message,
  );
}

function flip(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

describe(`a damaged archive (DAMAGE_SEED=${SEED})`, () => {
  it("in the clear never gives another database than it was made of, and says when it gives none", async () => {
    const random = createRandom(SEED);
    const below = (most: number) => Math.floor(random() * most);
    const made = await home.archive.create(home.request({ kind: "full", config: "lot = 1\n" }), runOf());
    const original = readFileSync(made.path);
    const tar = gunzipSync(original);
    for (let left = 120; left > 0; left -= 1) {
      const bit = left > 80 ? (left - 81) * 2 : below(original.length * 8);
      const flipped = flip(original, bit);
      const outcome = await tryDamaged(made, flipped);
      // Gzip has bits that mean nothing: the time in its head, what fills a block up.
      if (outcome === made.manifest.database.sha256) expect(gunzipSync(flipped).equals(tar), `bit ${bit}`).toBe(true);
      else expect(outcome, `bit ${bit}`).toMatch(/^BACKUP_(DAMAGED|HOSTILE|FORMAT_NEWER|CHAIN_BROKEN)$/);
    }
    for (let part = 0; part < 20; part += 1) {
      const cut = original.subarray(0, Math.floor((original.length * part) / 20));
      expect(await tryDamaged(made, cut), `cut at ${cut.length}`).toBe("BACKUP_DAMAGED");
    }
    expect(await tryDamaged(made, original)).toBe(made.manifest.database.sha256);
  }, 60_000);

  it("that is sealed opens with no bit changed and no byte missing", async () => {
    const random = createRandom(SEED);
    const below = (most: number) => Math.floor(random() * most);
    const made = await home.archive.create(home.request({ kind: "full" }), runOf(PASSPHRASE));
    const original = readFileSync(made.path);
    const refusal = /^BACKUP_(DAMAGED|PASSPHRASE_WRONG)$/;
    for (let left = 80; left > 0; left -= 1) {
      const bit = left > 40 ? below(400 * 8) : below(original.length * 8);
      expect(await tryDamaged(made, flip(original, bit), PASSPHRASE), `bit ${bit}`).toMatch(refusal);
    }
    for (let part = 0; part < 20; part += 1) {
      const cut = original.subarray(0, Math.floor((original.length * part) / 20));
      expect(await tryDamaged(made, cut, PASSPHRASE), `cut at ${cut.length}`).toMatch(refusal);
    }
    const longer = Buffer.concat([original, Buffer.alloc(1)]);
    expect(await tryDamaged(made, longer, PASSPHRASE)).toMatch(refusal);
    expect(await tryDamaged(made, original, PASSPHRASE)).toBe(made.manifest.database.sha256);
  }, 60_000);
});

describe("a sealed archive of several records", () => {
  it("opens only with all of them, each once and in its place", async () => {
    const { backup } = await home.archive.create(home.request({ kind: "full" }), runOf());
    const passphrase = Buffer.from(PASSPHRASE);
    const record = 1 << 20;
    const open = async (file: Buffer) => {
      const reader = createByteReader(pieces([file]));
      const head = await readSealHead(reader, "a file");
      return joined(unsealed(reader, head, passphrase, "a file"));
    };
    for (const bytes of [0, 1, record - 1, record, record + 1, 3 * record, 3 * record + 5]) {
      const plain = Buffer.alloc(bytes, 7);
      const file = await joined(sealed(pieces([plain]), passphrase, backup, 2 ** 14));
      expect((await open(file)).equals(plain), `${bytes} bytes`).toBe(true);
      if (bytes < 3 * record) continue;
      const headBytes = file.length - (bytes + Math.max(1, Math.ceil(bytes / record)) * 16);
      const at = (index: number) => headBytes + index * (record + 16);
      const [head, a, b, rest] = [
        file.subarray(0, at(0)),
        file.subarray(at(0), at(1)),
        file.subarray(at(1), at(2)),
        file.subarray(at(2)),
      ];
      for (const wrong of [
        [head, b, a, rest],
        [head, a, a, b, rest],
        [head, a, rest],
        [head, a, b],
        [head, b, rest],
        [head],
      ])
        await expect(open(Buffer.concat(wrong))).rejects.toMatchObject({
          code: expect.stringMatching(/^BACKUP_(DAMAGED|PASSPHRASE_WRONG)$/) as string,
        });
    }
  });

  it("is refused where its header asks for more memory than any of ours", async () => {
    const made = await home.archive.create(home.request({ kind: "full" }), runOf(PASSPHRASE));
    const file = readFileSync(made.path).toString("latin1").replace('"cost":16384', '"cost":99999');
    const reading = readSealHead(createByteReader(pieces([Buffer.from(file, "latin1")])), "a file");
    await expect(reading).rejects.toMatchObject({ code: "BACKUP_DAMAGED" });
  });
});

async function* pieces(buffers: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* buffers;
}

async function joined(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of source) all.push(piece);
  return Buffer.concat(all);
}
