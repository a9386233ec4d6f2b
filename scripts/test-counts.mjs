// Prints `PASSED FAILED` from vitest's JSON report: node scripts/test-counts.mjs REPORT EXIT_CODE.
// What failed without a failing test (a file that does not load, a crash, no test at all) counts as one failure.
import { readFileSync } from "node:fs";

const [file, exitCode] = process.argv.slice(2);

function readReport() {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    console.error("the test run left no report");
    return { numPassedTests: 0, numFailedTests: 0, numTotalTests: 0, testResults: [] };
  }
}

const report = readReport();
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
);
for (const { name, message } of brokenFiles) console.error(`did not load: ${name}\n${message}`);
const skipped = report.numTotalTests - report.numPassedTests - report.numFailedTests;
if (skipped > 0) console.error(`${skipped} tests skipped`);
let failed = report.numFailedTests + brokenFiles.length;
if (report.numPassedTests + failed === 0) {
  console.error("no test ran");
  failed = 1;
}
if (exitCode !== "0" && failed === 0) {
  console.error(`the test run ended with exit code ${exitCode}`);
  failed = 1;
}
console.log(`${report.numPassedTests} ${failed}`);
