import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { Header } from "tar";
import type { HeaderData } from "tar";

/*
 * Archives as an attacker would write them. None of this uses the code it attacks: headers come from the tar package,
 * sums are made anew, so that only what is wrong on purpose is wrong.
 */

const BLOCK = 512;

export interface TarPart {
  readonly header: Buffer;
  readonly content: Buffer;
}

export function readParts(path: string): TarPart[] {
  const tar = gunzipSync(readFileSync(path));
  const parts: TarPart[] = [];
  for (let at = 0; tar[at] !== 0;) {
    const size = new Header(tar, at).size ?? 0;
    parts.push({ header: tar.subarray(at, at + BLOCK), content: tar.subarray(at + BLOCK, at + BLOCK + size) });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return parts;
}

export function writeParts(path: string, parts: readonly TarPart[]): void {
  const pieces = parts.flatMap(({ header, content }) => [
    header,
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  writeFileSync(path, gzipSync(Buffer.concat([...pieces, Buffer.alloc(2 * BLOCK)])));
}

/** A header with a right sum, whatever it says. */
export function headerOf(data: HeaderData): Buffer {
  const block = Buffer.alloc(BLOCK);
  new Header({ mode: 0o600, uid: 0, gid: 0, mtime: new Date(0), type: "File", ...data }).encode(block);
  return block;
}

/** Changes bytes of a header and makes its sum right again. */
export function patchHeader(header: Buffer, patch: (block: Buffer) => void): Buffer {
  const block = Buffer.from(header);
  patch(block);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

export function part(name: string, content: Buffer, data: HeaderData = {}): TarPart {
  return { header: headerOf({ path: name, size: content.length, ...data }), content };
}

export type ManifestJson = Record<string, unknown> & {
  summary: Record<string, unknown>;
  database: Record<string, unknown>;
  files: { name: string; bytes: number; sha256: string }[];
};

/** Changes what a manifest says, and makes the archive right for it otherwise. */
export function rewriteManifest(path: string, change: (manifest: ManifestJson) => void, to = path): void {
  const [first, ...rest] = readParts(path);
  const manifest = JSON.parse(first?.content.toString("utf8") ?? "") as ManifestJson;
  change(manifest);
  writeParts(to, [part("manifest.json", Buffer.from(JSON.stringify(manifest))), ...rest]);
}

/** Adds a file to an archive and to its manifest. */
export function addListedFile(path: string, name: string, content: Buffer, data: HeaderData = {}): void {
  const sha256 = createHash("sha256").update(content).digest("hex");
  rewriteManifest(path, ({ files }) => files.push({ name, bytes: content.length, sha256 }));
  writeParts(path, [...readParts(path), part(name, content, data)]);
}
