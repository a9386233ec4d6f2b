import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vargen-counts-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface FileResult {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

function counts(passed: number, failed: number, files: readonly FileResult[], exitCode: string): string {
  const report = { numPassedTests: passed, numFailedTests: failed, numTotalTests: passed + failed, testResults: files };
  const file = join(folder, "report.json");
  writeFileSync(file, JSON.stringify(report));
  return run(file, exitCode);
}

function run(file: string, exitCode: string): string {
  const script = fileURLToPath(new URL("test-counts.mjs", import.meta.url));
  return spawnSync(process.execPath, [script, file, exitCode], { encoding: "utf8" }).stdout.trim();
}

const broken: FileResult = { name: "a.test.ts", status: "failed", message: "no module", assertionResults: [] };

test("tests are counted as they are", () => {
  expect(counts(10, 0, [], "0")).toBe("10 0");
  expect(counts(10, 2, [], "1")).toBe("10 2");
});

test("a file that does not load is a failure", () => {
  expect(counts(10, 0, [broken], "1")).toBe("10 1");
});

test("no test, no report and an unexplained exit code are failures", () => {
  expect(counts(0, 0, [], "0")).toBe("0 1");
  expect(run(join(folder, "none.json"), "1")).toBe("0 1");
  expect(counts(10, 0, [], "137")).toBe("10 1");
});
