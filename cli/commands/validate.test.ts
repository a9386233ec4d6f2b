import { describe, expect, it } from "vitest";
import { ExitCode } from "../../models/errors.ts";
import { vargen } from "../testing/run.ts";

describe("validate", () => {
  it("runs a share of the cases on one preset and reports what they covered", async () => {
    const { code, out, err } = await vargen("validate", "--runs", "12", "--seed", "4", "--preset", "g8m1p1", "--json");
    expect({ code, err }).toEqual({ code: ExitCode.ok, err: "" });
    const report = JSON.parse(out);
    expect(report).toMatchObject({ cases: 12, failures: 0, reports: [{ configuration: "g8m1p1", cases: 12 }] });
    expect(report.comparedValues).toBeGreaterThan(100);
    expect(report.simulatedCycles).toBeGreaterThan(1000);
    const trials: Record<string, number> = report.reports[0].trials;
    const ran = Object.values(trials).reduce((sum, count) => sum + count, 0);
    expect(ran + report.refused).toBe(12);
  });

  it("runs random ONNX graphs, some in RTL", async () => {
    const run = await vargen("validate", "--graphs", "24", "--seed", "2", "--preset", "g8m1p1", "--json");
    expect(run.code).toBe(ExitCode.ok);
    const { graphs, compared, rtl, failure } = JSON.parse(run.out);
    expect({ graphs, failure }).toEqual({ graphs: 24, failure: undefined });
    expect(compared).toBeGreaterThan(5000);
    const refused = Object.values<number>(rtl.refused).reduce((sum, count) => sum + count, 0);
    expect(rtl.graphs + refused).toBeGreaterThan(0);
  });

  it("reads damaged ONNX files", async () => {
    const run = await vargen("validate", "--fuzz", "60", "--seed", "5");
    expect(run.code).toBe(ExitCode.ok);
    expect(run.out).toMatch(/^60 damaged and hostile files: \d+ refused, \d+ read, none crashed/);
    expect((await vargen("validate", "--fuzz", "1", "--graphs", "1")).code).toBe(ExitCode.usage);
    expect((await vargen("validate", "--fuzz", "1", "--path", "x")).code).toBe(ExitCode.usage);
  });

  it("replays a path, and takes the campaign's own configuration", async () => {
    const one = await vargen("validate", "--seed", "4", "--path", "3", "--preset", "g8m1p1");
    expect(one).toMatchObject({ code: ExitCode.ok });
    expect(one.out).toMatch(/^g8m1p1 +passed +1 cases, /);
    expect((await vargen("validate", "--path", "3")).err).toContain("usage/missing --preset");
    const unknown = await vargen("validate", "--preset", "tight");
    expect(unknown).toMatchObject({ code: ExitCode.input, out: "" });
    expect(unknown.err).toContain("config/unknown-preset tight");
  });
});
