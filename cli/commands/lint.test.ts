import { expect, it } from "vitest";
import { ExitCode } from "../../models/errors.ts";
import { vargen } from "../testing/run.ts";

it("lints a preset and tells each check's result", async () => {
  const { code, out } = await vargen("lint", "--preset", "g8m1p1", "--json");
  const [{ config, checks }] = JSON.parse(out).reports;
  expect(config).toBe("g8m1p1");
  expect(checks.length).toBeGreaterThanOrEqual(3);
  for (const { problems } of checks) expect(problems).toEqual([]);
  const skipped = checks.some((check: { skipped?: string }) => check.skipped !== undefined);
  expect(code).toBe(skipped ? ExitCode.missingTool : ExitCode.ok);
});
