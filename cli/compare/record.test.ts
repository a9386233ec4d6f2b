import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { modelError, networkTable, pairTable } from "../docs/networks.ts";
import { readRecord, updateRecord } from "./record.ts";
import type { MeasuredRow, Row } from "./row.ts";

const inFolder = temporaryFolder();

function row(network: string, scale: number, facts: Partial<MeasuredRow> = {}): MeasuredRow {
  const head = { network, name: network.split("@")[0], group: null, scale, input: "3x32x32", madds: 1000 };
  const split = { busy: 90, waitDrain: 0, waitLoad: 10, waitCompute: 0, waitStore: 0, noCommand: 0 };
  const figures = { cycles: 100, predictedCycles: 99, peakMacs: 10, utilization: 0.5, imagesPerSecond: 2e6 };
  const traffic = { dramReadBytes: 4e6, dramWriteBytes: 2e7, bytesPerMac: 2.4e4, split, kinds: [] };
  return { ...head, source: "RTL", ...figures, ...traffic, comparedValues: 7, mismatches: 0, ...facts };
}

const of = (...rows: readonly Row[]) => ({ configuration: "g8m8p7", memory: "ddr", rows });

it("rows join those of other networks and replace those of the same, in the order of the catalogue", () => {
  const file = inFolder("a.json");
  updateRecord(file, of(row("mobilenet-v1@x0.5:64", 0.5), row("vargnet-v1@g8", 1)));
  updateRecord(file, of(row("mobilenet-v1@x0.25", 0.25), row("mobilenet-v1@x0.5", 0.5)));
  updateRecord(file, of(row("x.onnx", 1)));
  const names = readRecord(file)?.rows.map(({ network }) => network);
  expect(names).toEqual(["vargnet-v1@g8", "mobilenet-v1@x0.25", "mobilenet-v1@x0.5", "x.onnx"]);
});

it("refuses files that are none, and those of other hardware", () => {
  const file = inFolder("b.json");
  updateRecord(file, of());
  expect(() => updateRecord(file, { ...of(), memory: "ideal" })).toThrow(
    "it is of g8m8p7, memory ddr, not g8m8p7, ideal",
  );
  writeFileSync(file, "{}");
  expect(() => updateRecord(file, of())).toThrow("no record of vargen compare");
  expect(readFileSync(file, "utf8")).toBe("{}");
  expect(() => updateRecord(inFolder("none", "c.json"), of())).toThrow("cannot be written");
});

it("becomes tables", () => {
  const refused = { ...row("resnet-18", 1), problems: [{ code: "compile/x", path: "y", message: "too wide" }] };
  const { cycles: _, ...bare } = refused;
  const { comparedValues: __, mismatches: ___, ...predicted } = row("vargnet-v2@g8", 1);
  const rows = [
    row("vargnet-v1@g8", 1),
    row("mobilenet-v1", 1, { utilization: 0.25 }),
    { ...predicted, source: "cycle model" as const, referenceValues: 5 },
    bare,
  ];
  expect(networkTable(rows).split("\n").slice(2)).toEqual([
    "| `vargnet-v1@g8` | 3x32x32 | 1,000 | RTL | 100 | 50.0 % | 4.00 / 20.0 | 7 | 0 | -1.00 % |",
    "| `mobilenet-v1` | 3x32x32 | 1,000 | RTL | 100 | 25.0 % | 4.00 / 20.0 | 7 | 0 | -1.00 % |",
    "| `vargnet-v2@g8` | 3x32x32 | 1,000 | cycle model | 100 | 50.0 % | 4.00 / 20.0 | reference: 5 | | |",
    "| `resnet-18` | 3x32x32 | 1,000 | refused | | | | | | too wide |",
  ]);
  expect(pairTable(rows).split("\n").slice(2)).toEqual([
    "| `vargnet-v1@g8` | `mobilenet-v1` | 3x32x32 | 0.00 / 0.00 | 50.0 % / 25.0 % | 2.00 | 2000000.0 / 2000000.0 | 24.0 / 24.0 |",
  ]);
  expect(modelError(rows)).toMatch(
    /2 runs in RTL, of 200 cycles together, 14 values were compared and 0 differ.* -1\.00 %/,
  );
});
