import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSyncTarget } from "../../../src/app/config/sync-target.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-sync-target-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const URL = "libsql://mine-me.turso.io";

test("nothing is set: nothing leaves this machine", () => {
  expect(readSyncTarget({}, undefined)).toBeUndefined();
});

test("the environment comes before the file, and the token from a file of its own", () => {
  const file = join(folder, "token");
  writeFileSync(file, "secret\n");
  expect(readSyncTarget({ TURSO_DATABASE_URL: URL, TURSO_AUTH_TOKEN: "t" }, { url: "libsql://other" })).toEqual({
    url: URL,
    token: "t",
  });
  expect(readSyncTarget({}, { url: URL, token_file: file })).toEqual({ url: URL, token: "secret" });
  expect(readSyncTarget({ TURSO_AUTH_TOKEN_FILE: file, TURSO_DATABASE_URL: "http://127.0.0.1:8" }, {})?.token).toBe(
    "secret",
  );
});

test.each([
  ["no address", "SYNC_URL_INVALID"],
  ["http://db.example.com", "SYNC_URL_INVALID"],
  ["https://user:hunter2@db.example.com", "SYNC_URL_INVALID"],
  ["libsql://mine.turso.io?authToken=hunter2", "SYNC_URL_INVALID"],
])("%s is refused, and never repeated", (url, code) => {
  try {
    readSyncTarget({ TURSO_DATABASE_URL: url }, undefined);
    expect.unreachable("it was taken");
  } catch (cause) {
    expect(cause).toMatchObject({ code, exitCode: 3 });
    expect(String(cause)).not.toContain("hunter2");
  }
});

test("a token file that is not there is a fault of configuration", () => {
  expect(() => readSyncTarget({ TURSO_AUTH_TOKEN_FILE: join(folder, "none") }, { url: URL })).toThrow(
    expect.objectContaining({ code: "SYNC_TOKEN_UNREADABLE" }),
  );
});
