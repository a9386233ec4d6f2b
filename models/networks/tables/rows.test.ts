import { describe, expect, it } from "vitest";
import { publishedTables } from "./published.ts";
import { paperTables, type TableRow } from "./rows.ts";

const tables = paperTables();
const rowsOf = (...names: readonly string[]): readonly TableRow[] =>
  tables.filter(({ table }) => names.includes(table)).flatMap(({ rows }) => rows);

/** Tables, network's start, and bounds in percent for the MAdds and the parameters of its rows. */
const bounds: readonly (readonly [tables: readonly string[], network: string, madds: number, params: number])[] = [
  [["3a", "3b", "4a", "4b"], "vargnet", 0.73, 0.86],
  [["3c"], "mobilenet-v1", 0.2, 7],
  [["4c"], "shufflenet-v2", 0.6, 0.2],
  [["5"], "vargnet", 1.3, 0],
  [["5"], "", 6.5, 0],
  [["6"], "vargnet-v1", 2.5, 1.5],
  [["7c", "7d"], "vargnet", 10, 0],
  [["8", "9"], "vargnet-v1", 6, 3.5],
  [["6", "8", "9"], "vargnet-v2", 28, 20],
  [["6", "8", "9"], "", 34, 20],
  [["10"], "", 0.1, 0],
];

describe("paperTables", () => {
  it("has every row that the paper prints", () => {
    const counts = Object.fromEntries(tables.map(({ table, rows }) => [table, rows.length]));
    expect(counts).toEqual({
      ...{ "3a": 4, "3b": 4, "3c": 7, "4a": 4, "4b": 4, "4c": 7 },
      ...{ "5": 7, "6": 3, "7c": 2, "7d": 2, "8": 11, "9": 11, "10": 4 },
    });
    expect(publishedTables.flatMap(({ rows }) => rows.filter((row) => row.madds === undefined))).toEqual([]);
  });

  it.each(bounds)("tables %s, %s...: MAdds within %d %%, parameters within %d %%", (names, start, madds, params) => {
    const rows = rowsOf(...names).filter(({ network }) => network.startsWith(start));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(Math.abs(row.errorPercent ?? 0), row.network).toBeLessThan(madds);
      if (row.paramsErrorPercent !== null) expect(Math.abs(row.paramsErrorPercent), row.network).toBeLessThan(params);
    }
  });

  it("rounds to all published figures of Table 10 and of the MAdds of Table 3c", () => {
    for (const { madds, printed, network } of [...rowsOf("10"), ...rowsOf("3c").slice(0, 6)])
      expect(`${(madds / 2 ** 20).toFixed(0)}M`, network).toBe(printed.madds);
  });

  it("gives rows in full", () => {
    expect(rowsOf("3b")[3]).toEqual({
      table: "3b",
      network: "vargnet-v1",
      group: 8,
      scale: 1,
      input: "3x224x224",
      madds: 620195840,
      params: 5589256,
      publishedMadds: 590 * 2 ** 20,
      publishedParams: 5.33 * 2 ** 20,
      errorPercent: expect.closeTo(0.248, 3),
      paramsErrorPercent: expect.closeTo(0.006, 3),
      printed: { madds: "590M", params: "5.33M" },
    });
    expect(rowsOf("3b")[2]).toMatchObject({
      publishedParams: null,
      paramsErrorPercent: null,
      printed: { params: null },
    });
    expect(rowsOf("9")[5]).toMatchObject({ network: "vargnet-v1-stereo", input: "6x384x1280" });
    expect(rowsOf("9")[5].publishedMadds).toBeCloseTo((36.1 / 2) * 2 ** 30, -1);
    expect(rowsOf("3c")[0].group).toBeNull();
  });

  it("says what is chosen wherever the paper is silent", () => {
    for (const { table, note } of tables) expect(note !== undefined, table).toBe(/^[5-9]/.test(table));
  });
});
