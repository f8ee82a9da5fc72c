import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createFolders, resolvePaths } from "../../../src/adapters/system/paths.ts";

const source = { platform: "linux", homeFolder: "/home/ada" } as const;

test("without a word, the folders are where the XDG rules put them", () => {
  expect(resolvePaths({}, source)).toEqual({
    config: "/home/ada/.config/tapedeck",
    data: "/home/ada/.local/share/tapedeck",
    state: "/home/ada/.local/state/tapedeck",
    cache: "/home/ada/.cache/tapedeck",
    runtime: "/home/ada/.local/state/tapedeck/runtime",
  });
});

test("XDG variables are followed when absolute and ignored when not", () => {
  const paths = resolvePaths(
    { XDG_DATA_HOME: "/big/data", XDG_CONFIG_HOME: "relative", XDG_STATE_HOME: "", XDG_RUNTIME_DIR: "/run/user/7" },
    source,
  );
  expect(paths).toMatchObject({
    data: "/big/data/tapedeck",
    config: "/home/ada/.config/tapedeck",
    state: "/home/ada/.local/state/tapedeck",
    runtime: "/run/user/7/tapedeck",
  });
});

test("TAPEDECK_HOME puts all of them under one folder and wins over everything", () => {
  const paths = resolvePaths({ TAPEDECK_HOME: "/tmp/deck", XDG_DATA_HOME: "/big/data" }, source);
  expect(Object.values(paths)).toEqual(
    ["config", "data", "state", "cache", "runtime"].map((name) => `/tmp/deck/${name}`),
  );
  expect(resolvePaths({ TAPEDECK_HOME: "deck" }, source).data).toBe(join(process.cwd(), "deck/data"));
});

test("Windows has its own places", () => {
  const paths = resolvePaths({ APPDATA: "R", LOCALAPPDATA: "L" }, { ...source, platform: "win32" });
  expect(paths).toMatchObject({ config: join("R", "tapedeck"), data: join("L", "tapedeck", "data") });
});

test("the folders are made for the owner alone", () => {
  const home = mkdtempSync(join(tmpdir(), "tapedeck-paths-"));
  try {
    const paths = resolvePaths({ TAPEDECK_HOME: join(home, "deck") });
    createFolders(paths);
    createFolders(paths);
    for (const folder of Object.values(paths) as string[]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("a folder that cannot be made is told with the next step", () => {
  const home = mkdtempSync(join(tmpdir(), "tapedeck-paths-"));
  try {
    writeFileSync(join(home, "a-file"), "");
    const paths = resolvePaths({ TAPEDECK_HOME: join(home, "a-file", "deck") });
    expect(() => {
      createFolders(paths);
    }).toThrow(expect.objectContaining({ code: "HOME_UNUSABLE", exitCode: 3 }));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
