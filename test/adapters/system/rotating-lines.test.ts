import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { appendRotating, openRotatingLines } from "../../../src/adapters/system/rotating-lines.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-lines-"));
  file = join(folder, "guard.ndjson");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const linesOf = (name: string) => readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1);
const newestFirst = ["guard.ndjson", "guard.ndjson.1", "guard.ndjson.2"];

it("keeps the newest lines whole, in files of a bounded size, for the owner alone", () => {
  const options = { file, maxBytes: 50, keep: 2 };
  for (let at = 10; at < 40; at += 1) appendRotating(options, `{"line":${at}}\n`);
  expect(readdirSync(folder).sort()).toEqual(newestFirst);
  const kept = newestFirst.toReversed().flatMap(linesOf);
  expect(kept).toEqual(kept.map((_, index) => `{"line":${40 - kept.length + index}}`));
  for (const name of newestFirst) {
    const { size, mode } = statSync(join(folder, name));
    // One line may go over the bound, as no line is cut.
    expect([name, size <= 50 + 13, mode & 0o777]).toEqual([name, true, 0o600]);
  }
});

it("closes a file that was there to others", () => {
  writeFileSync(file, "");
  chmodSync(file, 0o644);
  openRotatingLines({ file });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("writes on while another process turns the file, and turns it itself when that one died over it", () => {
  const options = { file, maxBytes: 10, keep: 2 };
  const lock = `${file}.turning`;
  appendRotating(options, "first line\n");
  mkdirSync(lock);
  appendRotating(options, "second\n");
  expect(linesOf("guard.ndjson")).toEqual(["first line", "second"]);
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  appendRotating(options, "third\n");
  appendRotating(options, "fourth\n");
  expect([linesOf("guard.ndjson.1"), linesOf("guard.ndjson")]).toEqual([["first line", "second", "third"], ["fourth"]]);
});
