import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The counts of Vitest's JSON report that decide; a suite is a file or a describe block. */
interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults?: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What a suite against a service on the network has in its name; nobody but its owner can run it. */
const NEEDS_A_SERVICE = "(needs TURSO_TEST_URL)";

/** Real trades that some tests read; where they are at hand, no test has an excuse to skip. */
const realData = existsSync(join(root, "../shared/data"));

let passed = 0;
let failed = 0;
for (const file of process.argv.slice(2)) {
  const suite = basename(file, ".json");
  if (!existsSync(file) || readFileSync(file, "utf8").trim() === "") {
    console.log(`${suite}: did not finish`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  const skipped = report.numPendingTests + report.numTodoTests;
  const withoutExcuse = (report.testResults ?? [])
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, fullName }) => isSkip(status) && !fullName.includes(NEEDS_A_SERVICE));
  console.log(`${suite}: ${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped`);
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  if (report.numPassedTests + report.numFailedTests === 0) {
    console.log(`${suite}: ran no test`);
    failed += 1;
  } else if (!report.success && report.numFailedTests === 0) {
    console.log(`${suite}: failed outside of its tests`);
    failed += 1;
  }
  if (withoutExcuse.length > 0 && realData) {
    console.log(`${suite}: skipped tests although what they need is there:`);
    for (const { fullName } of withoutExcuse) console.log(`  ${fullName}`);
    failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function isSkip(status: string): boolean {
  return status !== "passed" && status !== "failed";
}
