import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import prettier from "prettier";
import { z } from "zod";
import type { Case, Fact } from "./fact.ts";
import { isMeant } from "./fact.ts";

const ROOT = join(import.meta.dirname, "../../..");
const CASES = "test/contract/mexc";
export const FACTS_PAGE = join(ROOT, "docs/exchange-facts.md");

const TITLES: Readonly<Record<string, string>> = {
  1: "Transport",
  1.1: "Signing",
  1.2: "Keys and permissions",
  1.3: "Error body",
  1.4: "Rate limits",
  2: "Error codes",
  3.1: "Small calls",
  3.2: "exchangeInfo",
  3.3: "Depth, trades, klines, tickers",
  4.1: "Types and states of orders",
  4.2: "POST order",
  4.3: "POST order/test",
  4.4: "POST batchOrders",
  4.5: "Cancels",
  4.6: "Queries",
  4.7: "GET account",
  4.8: "Other signed calls",
  5: "Wallet",
  6: "Listen key",
  7.1: "Connections",
  7.2: "Control messages",
  7.3: "Channels",
  7.4: "Protobuf",
  7.5: "Private streams",
  8: "Local book",
  9: "New listings",
  10: "Known gotchas",
};

const listSchema = z.array(z.object({ name: z.string(), file: z.string() }));

/** The cases that hold the exchange and the adapter to the fact sheet, as Vitest collects them: tables row by row. */
export async function listCases(): Promise<readonly Case[]> {
  const folder = await mkdtemp(join(tmpdir(), "tapedeck-cases-"));
  try {
    const list = join(folder, "cases.json");
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    await promisify(execFile)(process.execPath, [vitest, "list", `--json=${list}`, "--no-static-parse", CASES], {
      cwd: ROOT,
    });
    const rows = listSchema.parse(JSON.parse(await readFile(list, "utf8")));
    return rows.map(({ name, file }) => ({ title: name.split(" > ").at(-1) ?? "", file: relative(ROOT, file) }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** docs/exchange-facts.md: each fact with the number of the cases that hold it, their marks and their files. */
export async function factsPage(facts: readonly Fact[], cases: readonly Case[]): Promise<string> {
  const sections = [...new Set(facts.map(({ section }) => section))];
  const held = facts.filter(({ untested }) => untested === undefined).length;
  const lines = [
    "# What is known of the exchange, and what holds us to it",
    "",
    "Made by `npm run docs:facts` from `test/contract/facts`; a test compares. A row is one of the fact sheet the simulated",
    `exchange and the adapter are built from. ${held} of ${facts.length} rows have cases that break when the row no longer`,
    `holds; \`npx vitest run test/contract/mexc -t "§10.8"\` runs those that bear a mark.`,
    ...sections.flatMap((section) => {
      const rows = facts.filter((one) => one.section === section);
      const tested = rows.filter(({ untested }) => untested === undefined).map((one) => rowOf(one, cases));
      return ["", `## §${section} ${TITLES[section] ?? ""}`, "", ...tested, ...untestedRows(rows)];
    }),
    "",
  ];
  return prettier.format(lines.join("\n"), { ...(await prettier.resolveConfig(FACTS_PAGE)), filepath: FACTS_PAGE });
}

function rowOf({ says, cases: selectors }: Fact, cases: readonly Case[]): string {
  const meant = cases.filter(({ title }) => selectors.some((selector) => isMeant(selector, title)));
  const files = [...new Set(meant.map(({ file }) => file))].toSorted();
  const links = files.map((file) => `[${file.replaceAll(/^.*\/|\.test\.ts$/g, "")}](../${file})`);
  return `- ${says}: ${meant.length} (${selectors.map((one) => `\`${one}\``).join(", ")}) in ${links.join(", ")}`;
}

/** Those with the same reason in one line. */
function untestedRows(rows: readonly Fact[]): readonly string[] {
  const reasons = [...new Set(rows.flatMap(({ untested }) => untested ?? []))];
  return reasons.map((reason) => {
    const said = rows.filter(({ untested }) => untested === reason).map(({ says }) => says);
    return `- No case: ${said.join(", ")} – ${reason}`;
  });
}
