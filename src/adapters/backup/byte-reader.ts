/** Takes pieces of known length from a stream that comes in pieces of any. */
export interface ByteReader {
  /** Up to so many bytes; fewer only where the stream ends. The buffer is valid until it is let go. */
  take(bytes: number): Promise<Buffer>;
  /** All up to a length, as it comes. @throws whatever `truncated` makes, when the stream ends before. */
  pieces(bytes: number, truncated: () => unknown): AsyncGenerator<Buffer>;
  /** Ends the stream early. */
  close(): Promise<void>;
}

export function createByteReader(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let ended = false;

  async function more(): Promise<boolean> {
    while (!ended) {
      const { value, done } = await iterator.next();
      if (done === true) ended = true;
      else if (value.length > 0) {
        held = value;
        return true;
      }
    }
    return false;
  }

  async function takePiece(bytes: number): Promise<Buffer | undefined> {
    if (held.length === 0 && !(await more())) return undefined;
    const piece = held.subarray(0, bytes);
    held = held.subarray(piece.length);
    return piece;
  }

  return {
    async take(bytes) {
      const pieces: Buffer[] = [];
      for (let left = bytes; left > 0;) {
        const piece = await takePiece(left);
        if (piece === undefined) break;
        pieces.push(piece);
        left -= piece.length;
      }
      const [only] = pieces;
      return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
    },
    async *pieces(bytes, truncated) {
      for (let left = bytes; left > 0;) {
        const piece = await takePiece(left);
        if (piece === undefined) throw truncated();
        left -= piece.length;
        yield piece;
      }
    },
    async close() {
      ended = true;
      await iterator.return?.();
    },
  };
}
