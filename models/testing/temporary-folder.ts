import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

type Hook = (work: () => void) => void;

/**
 * A folder for a file's tests: one for all of them, or with `beforeEach` and `afterEach` one for each.
 *
 * @returns gives the path of a file in it, or without a name its own, while tests run
 */
export function temporaryFolder(before: Hook = beforeAll, after: Hook = afterAll): (...names: string[]) => string {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "vargen-test-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return (...names) => join(folder, ...names);
}
