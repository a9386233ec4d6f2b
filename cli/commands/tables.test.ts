import { describe, expect, it } from "vitest";
import { ExitCode } from "../../models/errors.ts";
import { vargen } from "../testing/run.ts";

describe("tables", () => {
  it("prints the paper's tables, computed beside published", async () => {
    const { code, out, err } = await vargen("tables");
    expect({ code, err }).toEqual({ code: ExitCode.ok, err: "" });
    expect([...out.matchAll(/^Table (\w+)\. /gm)].map(([, table]) => table).join(" ")).toBe(
      "3a 3b 3c 4a 4b 4c 5 6 7c 7d 8 9 10",
    );
    expect(out).toMatch(/^vargnet-v1 +8 +1 +3x224x224 +591\.5M +590M +\+0\.2 % +5\.330M +5\.33M +0\.0 %$/m);
    expect(out).toMatch(/^vargnet-v2 +8 +0\.5 +3x224x224 +124\.8M +124M +\+0\.6 % +1\.870M +\?$/m);
    expect(out).toMatch(/^vargnet-v1-depth +8 +1 +3x384x1280 +17\.00G +36\.0G \/ 2 +-5\.5 % /m);
    expect(out).toMatch(/Fig\. 3b is lost\. Ours: /);
    expect(out.split("\n").every((line) => line.length <= 120)).toBe(true);
    expect(out).not.toMatch(/undefined|NaN|null/);
  });

  it("prints them as JSON", async () => {
    const { code, out } = await vargen("tables", "--json");
    expect(code).toBe(ExitCode.ok);
    const { rows, tables, units } = JSON.parse(out);
    expect(units).toMatchObject({ M: 2 ** 20 });
    expect(tables).toHaveLength(13);
    expect(rows).toHaveLength(70);
    expect(rows.find((row: { table: string; scale: number }) => row.table === "4b" && row.scale === 1)).toMatchObject({
      network: "vargnet-v2",
      group: 8,
      input: "3x224x224",
      madds: 360183808,
      params: 3664776,
      publishedMadds: 343 * 2 ** 20,
      publishedParams: 3.49 * 2 ** 20,
    });
    for (const row of rows) expect(Math.abs(row.errorPercent)).toBeLessThan(34);
  });
});
