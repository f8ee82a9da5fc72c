import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import type { BackupSummary } from "../../core/domain/backup/backup.ts";
import { backupError } from "./backup-error.ts";
import type { ByteReader } from "./byte-reader.ts";
import { createByteReader } from "./byte-reader.ts";
import { parseSummary, summaryJson } from "./summary-json.ts";

/*
 * A sealed file: the magic, the header's length (2 bytes), the header as JSON, then records of 1 MiB, each AES-256-GCM
 * under one key with its own tag. A record's nonce is its number and whether it is the last, and the header stands under
 * every tag: nothing can be swapped, cut off, repeated or taken from another file.
 */

const MAGIC = Buffer.from("TDSEAL01", "latin1");
const RECORD_BYTES = 1 << 20;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const LARGEST_HEADER_BYTES = 4096;

/** About 300 ms and 128 MiB for each guess. */
export const KEY_COST = 2 ** 17;

const headerSchema = z.strictObject({
  kdf: z.literal("scrypt"),
  // The bounds keep a hostile header from taking all memory, and a careless one from making guesses cheap.
  cost: z.union([z.literal(2 ** 14), z.literal(2 ** 15), z.literal(2 ** 16), z.literal(2 ** 17), z.literal(2 ** 18)]),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  cipher: z.literal("aes-256-gcm"),
  summary: z.unknown(),
});
type Header = z.infer<typeof headerSchema>;

const deriveKey = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);

function keyOf(passphrase: Uint8Array, header: Header): Promise<Buffer> {
  const salt = Buffer.from(header.salt, "hex");
  const options = { N: header.cost, r: 8, p: 1, maxmem: 256 * 8 * header.cost };
  return deriveKey(Buffer.from(passphrase), salt, KEY_BYTES, options);
}

function nonceOf(record: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(record, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** @param summary stands in the clear, so that a list needs no passphrase. */
export async function* sealed(
  plain: AsyncIterable<Buffer>,
  passphrase: Uint8Array,
  summary: BackupSummary,
  cost: number = KEY_COST,
): AsyncGenerator<Buffer> {
  const header = {
    kdf: "scrypt",
    cost,
    salt: randomBytes(16).toString("hex"),
    cipher: "aes-256-gcm",
    summary: summaryJson(summary),
  };
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(json.length);
  const head = Buffer.concat([MAGIC, length, json]);
  const key = await keyOf(passphrase, headerSchema.parse(header));
  yield head;
  const reader = createByteReader(plain);
  let record = await reader.take(RECORD_BYTES);
  for (let number = 0; ; number += 1) {
    // Which record is the last is known only once there is none behind it.
    const next = record.length < RECORD_BYTES ? Buffer.alloc(0) : await reader.take(RECORD_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, nonceOf(number, next.length === 0));
    cipher.setAAD(head);
    yield Buffer.concat([cipher.update(record), cipher.final(), cipher.getAuthTag()]);
    if (next.length === 0) return;
    record = next;
  }
}

interface ReadHead {
  readonly head: Buffer;
  readonly header: Header;
  readonly summary: BackupSummary;
}

/** Reads the part in the clear. @throws AppError BACKUP_DAMAGED. */
export async function readSealHead(reader: ByteReader, file: string): Promise<ReadHead> {
  const start = await reader.take(MAGIC.length + 2);
  if (start.length < MAGIC.length + 2 || !start.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged(file);
  const length = start.readUInt16BE(MAGIC.length);
  if (length > LARGEST_HEADER_BYTES) throw damaged(file);
  const json = await reader.take(length);
  let value: unknown;
  try {
    value = JSON.parse(json.toString("utf8"));
  } catch (cause) {
    throw damaged(file, cause);
  }
  const parsed = headerSchema.safeParse(value);
  const summary = parsed.success ? parseSummary(parsed.data.summary) : undefined;
  if (!parsed.success || summary === undefined) throw damaged(file);
  return { head: Buffer.concat([start, json]), header: parsed.data, summary };
}

/** What was sealed, a whole record at a time: nothing comes out that was not proved. */
export async function* unsealed(
  reader: ByteReader,
  { head, header }: ReadHead,
  passphrase: Uint8Array,
  file: string,
): AsyncGenerator<Buffer> {
  const key = await keyOf(passphrase, header);
  let record = await reader.take(RECORD_BYTES + TAG_BYTES);
  for (let number = 0; ; number += 1) {
    if (record.length < TAG_BYTES) throw damaged(file);
    const next =
      record.length < RECORD_BYTES + TAG_BYTES ? Buffer.alloc(0) : await reader.take(RECORD_BYTES + TAG_BYTES);
    const cipher = createDecipheriv("aes-256-gcm", key, nonceOf(number, next.length === 0));
    cipher.setAAD(head);
    cipher.setAuthTag(record.subarray(record.length - TAG_BYTES));
    let plain: Buffer;
    try {
      plain = Buffer.concat([cipher.update(record.subarray(0, record.length - TAG_BYTES)), cipher.final()]);
    } catch (cause) {
      // A wrong passphrase shows at the first record, and so does a change to it or to the header.
      if (number > 0) throw damaged(file, cause);
      throw backupError(
        "BACKUP_PASSPHRASE_WRONG",
        `${file} does not open with this passphrase, or its beginning was changed.`,
        cause,
      );
    }
    yield plain;
    if (next.length === 0) return;
    record = next;
  }
}

function damaged(file: string, cause?: unknown): Error {
  return backupError("BACKUP_DAMAGED", `${file} is cut off or was changed: its seal does not hold.`, cause);
}
