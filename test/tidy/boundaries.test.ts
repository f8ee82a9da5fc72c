import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PROJECT_ROOT } from "./tracked-files.ts";

const Report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** What each wrong import breaks: file, its text, the rule that must name it. */
const PLANTED: readonly (readonly [file: string, text: string, rule: string])[] = [
  ["src/core/domain/a.ts", 'import "../ports/thing.ts";', "domain-imports-only-domain"],
  ["src/core/domain/b.ts", 'import type { Z } from "zod"; export type B = Z;', "core-has-no-packages"],
  ["src/core/domain/c.ts", 'import "node:fs";', "core-has-no-packages"],
  ["src/core/ports/a.ts", 'import "../use-cases/thing.ts";', "ports-import-only-domain"],
  ["src/core/use-cases/a.ts", typeOnly("../../adapters/mexc/thing.ts"), "use-cases-import-only-core"],
  ["src/simulator/a.ts", 'import "../core/ports/thing.ts";', "simulator-imports-only-domain"],
  ["src/simulator/b.ts", 'import "react";', "simulator-packages"],
  ["src/adapters/mexc/a.ts", 'import "../../core/use-cases/thing.ts";', "adapters-know-ports-not-use-cases"],
  ["src/adapters/mexc/b.ts", 'import "../storage/thing.ts";', "adapters-know-no-sibling"],
  ["src/adapters/mexc/c.ts", 'import "../../app/thing.ts";', "adapters-import-only-core"],
  ["src/adapters/mexc/d.ts", 'import "../../simulator/engine/thing.ts";', "adapters-import-only-core"],
  ["src/adapters/paper/a.ts", 'import "../../simulator/server/thing.ts";', "paper-uses-only-the-engine"],
  ["src/app/a.ts", typeOnly("../adapters/mexc/thing.ts"), "app-imports-core-and-app"],
  ["src/app/b.ts", 'import "../simulator/server/thing.ts";', "app-imports-core-and-app"],
  ["src/app/compose/a.ts", 'import "../../tui/thing.ts";', "composition-imports-no-face"],
  ["src/app/runtime/a.ts", 'import "@reduxjs/toolkit";', "redux-only-in-the-store"],
  ["src/app/runtime/b.ts", 'import "smol-toml";', "toml-only-in-config"],
  ["src/app/runtime/c.ts", 'import "ws";', "sockets-only-at-the-edge"],
  ["src/app/runtime/d.ts", 'import "better-sqlite3";', "database-only-in-storage"],
  ["src/app/runtime/e.ts", 'import "drizzle-orm/sqlite-core";', "database-only-in-storage"],
  ["src/app/runtime/f.ts", 'import "fastify";', "fastify-only-in-companion"],
  ["src/tui/a.ts", typeOnly("../core/ports/thing.ts"), "tui-imports-only-domain-and-app"],
  ["src/tui/b.ts", 'import "commander";', "commander-only-in-commands"],
  ["src/commands/a.ts", 'import "../tui/thing.ts";', "faces-load-lazily"],
  ["src/commands/b.ts", 'import "ink";', "ink-and-react-only-in-tui"],
  ["src/commands/c.ts", 'import "../core/use-cases/thing.ts";', "commands-import-only-domain-and-app"],
  ["src/companion/a.ts", 'import "../simulator/server/thing.ts";', "companion-imports-only-domain-and-app"],
  ["src/app/cycle-a.ts", 'import "./cycle-b.ts";', "no-cycles"],
  ["src/app/g.ts", 'import "../../test/thing.ts";', "src-knows-no-tests-or-tools"],
  ["src/app/h.ts", 'import "./barrel/index.ts";', "no-barrels"],
  ["src/app/i.ts", 'import "fast-check";', "no-development-packages-in-src"],
  ["src/app/j.ts", 'import "./nowhere.ts";', "every-import-resolves"],
  ["src/adapters/mexc/e.ts", 'import "ccxt";', "other-clients-only-beside-the-peers"],
  ["src/simulator/c.ts", 'import "../../test/peers/thing.ts";', "src-knows-no-tests-or-tools"],
  ["test/adapters/f.ts", 'import "mexc-api-sdk";', "other-clients-only-beside-the-peers"],
  ["test/libsql.ts", 'import "@libsql/client";', "no-bare-libsql"],
];

/** What must stay allowed, so that a rule which forbids everything is seen too. */
const HARMLESS: readonly (readonly [file: string, text: string])[] = [
  ["src/core/use-cases/fine.ts", 'import "../ports/thing.ts"; import "../domain/thing.ts";'],
  ["src/adapters/mexc/fine.ts", 'import "../shared/thing.ts"; import "ws"; import "node:net"; import "zod";'],
  ["src/adapters/paper/fine.ts", 'import "../../simulator/engine/thing.ts";'],
  ["src/app/create-app.ts", 'import "./compose/fine.ts";'],
  ["src/app/compose/fine.ts", 'import "../../adapters/mexc/thing.ts"; import "../../simulator/server/thing.ts";'],
  ["src/app/store/fine.ts", 'import "@reduxjs/toolkit";'],
  ["src/commands/fine.ts", 'import "commander"; export const face = () => import("../tui/thing.ts");'],
  ["src/tui/fine.ts", 'import "ink"; import "react"; import "../app/thing.ts"; import "../core/domain/thing.ts";'],
];

const TARGETS = [
  ...["core/domain", "core/ports", "core/use-cases", "adapters/mexc", "adapters/storage", "adapters/shared", "app"],
  ...["simulator/engine", "simulator/server", "tui"],
].map((folder) => `src/${folder}/thing.ts`);

function typeOnly(path: string): string {
  return `import type { Thing } from "${path}"; export type Copy = Thing;`;
}

function cruise(folder: string): z.infer<typeof Report>["summary"] {
  const tool = join(PROJECT_ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const args = [tool, "--config", ".dependency-cruiser.cjs", "--output-type", "json", "src", "test"];
  const json = execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", maxBuffer: 64e6 });
  return Report.parse(JSON.parse(json)).summary;
}

describe("the boundaries", () => {
  const planted = mkdtempSync(join(tmpdir(), "tapedeck-boundaries-"));
  let found: z.infer<typeof Report>["summary"]["violations"] = [];

  beforeAll(() => {
    for (const file of [".dependency-cruiser.cjs", "tsconfig.json", "package.json"]) {
      cpSync(join(PROJECT_ROOT, file), join(planted, file));
    }
    symlinkSync(join(PROJECT_ROOT, "node_modules"), join(planted, "node_modules"), "junction");
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(planted, file)), { recursive: true });
      writeFileSync(join(planted, file), `${text}\n`);
    };
    for (const file of [...TARGETS, "test/thing.ts", "test/peers/thing.ts", "src/app/barrel/index.ts"])
      write(file, "export type Thing = 1;");
    write("src/app/cycle-b.ts", 'import "./cycle-a.ts";');
    for (const [file, text] of [...PLANTED, ...HARMLESS]) write(file, text);
    found = cruise(planted).violations;
  });
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  test.each(PLANTED)("in %s, `%s` breaks %s", (file, _text, rule) => {
    expect(found.filter((violation) => violation.from === file).map((violation) => violation.rule.name)).toContain(
      rule,
    );
  });

  test.each(HARMLESS)("in %s, `%s` breaks nothing", (file) => {
    expect(found.filter((violation) => violation.from === file)).toEqual([]);
  });

  test("are kept by this repository", () => {
    const here = cruise(PROJECT_ROOT);
    expect(here.totalCruised).toBeGreaterThan(150);
    expect(here.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });
});
