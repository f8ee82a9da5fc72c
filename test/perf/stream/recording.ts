import { readFileSync, writeFileSync } from "node:fs";

export type StreamKind = "depth" | "deals" | "mini-tickers" | "limit-depth";

/** A book as REST answers it. */
export interface RecordedSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly (readonly [price: string, quantity: string])[];
  readonly asks: readonly (readonly [price: string, quantity: string])[];
}

/** Frames of one channel in the order they came, with the snapshot that goes before them if they carry changes. */
export interface Recording {
  readonly kind: StreamKind;
  readonly symbol: string;
  readonly snapshot: RecordedSnapshot;
  readonly frames: readonly Buffer[];
}

/** Writes a recording, so that each process of a bench reads the same bytes. */
export function writeRecording(file: string, recording: Recording): void {
  const { frames, ...head } = recording;
  const parts: Buffer[] = [];
  for (const block of [Buffer.from(JSON.stringify(head)), ...frames]) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(block.length);
    parts.push(length, block);
  }
  writeFileSync(file, Buffer.concat(parts));
}

export function readRecording(file: string): Recording {
  const bytes = readFileSync(file);
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at);
    // A copy each, as a socket gives them: none is a window on one large buffer.
    blocks.push(Buffer.from(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  const [head, ...frames] = blocks;
  if (head === undefined) throw new Error(`an empty recording: ${file}`);
  return { ...(JSON.parse(head.toString()) as Omit<Recording, "frames">), frames };
}
