import { createColors } from "picocolors";
import { group, percent } from "../report-text.ts";
import { formatTable } from "../table.ts";
import { peerSource } from "./layers.ts";
import type { LayerResult } from "./measure-layer.ts";
import type { NetworkResult } from "./measure-network.ts";
import type { Figure } from "./row.ts";

/** What the columns mean. */
export const definitions: readonly string[] = [
  "of peak: useful MACs / (MAC units x all cycles from start to done); every value compared with the reference.",
  "bound: of peak at best: array or bus, whichever takes longer, after the first command, the first block's constants and",
  "  the first window's rows, and before the last row's store; array, read, write: cycles that each takes by itself.",
  peerSource,
];

/** The table of single layers. */
export function describeLayers(results: readonly LayerResult[], colors: boolean): string {
  const heading = ["layer, cold, ddr", "cycles", "model", "of peak", "target", "", "bound", "array", "read", "write"];
  const rows = results.map(({ layer, report, bound, figure }) => [
    ...[layer.name, group(report.cycles), group(report.predictedCycles), percent(report.utilization)],
    ...[targetText(figure), verdict(figure), percent(report.macs / report.peakMacs / bound.total)],
    ...[group(bound.array), group(bound.read), group(bound.write), peerText(layer), `${report.mismatches}`],
  ]);
  return titled("Single layers", [[...heading, "peer", "differ"], ...rows], colors);
}

/** The figures of networks, and of the simulation. */
export function describeFigures(figures: readonly Figure[], colors: boolean): string {
  const rows = figures.map((row) => [row.what, valueText(row), targetText(row), verdict(row), row.note]);
  return titled("Networks, 224 x 224, 1000 classes, one image", [["figure", "", "target", "", ""], ...rows], colors);
}

function titled(title: string, cells: readonly (readonly string[])[], colors: boolean): string {
  const { bold, dim } = createColors(colors);
  const [heading, ...rest] = formatTable(
    cells,
    cells[0].map((name, column) => column > 0 && name !== ""),
  ).split("\n");
  return `${bold(title)}\n${dim(heading)}\n${rest.join("\n")}\n`;
}

/** Values compared and different, over all runs. */
export function describeComparison(layers: readonly LayerResult[], networks: readonly NetworkResult[]): string {
  const reports = [...layers.map(({ report }) => report), ...networks.flatMap(({ report, ideal }) => [report, ideal])];
  const [compared, differ] = [0, 1].map((index) =>
    reports.reduce((sum, report) => sum + [report.comparedValues, report.mismatches][index], 0),
  );
  return `${group(compared)} values compared with the reference, ${group(differ)} differ\n`;
}

const peerText = ({ peer: { utilization, multipliers } }: LayerResult["layer"]): string =>
  `${percent(utilization)}${multipliers === undefined ? "" : ` of ${multipliers}`}`;

function valueText({ unit, value }: Pick<Figure, "unit" | "value">): string {
  switch (unit) {
    case "percent":
      return percent(value);
    case "ratio":
      return value.toFixed(3);
    case "seconds":
      return `${value.toFixed(1)} s`;
    case "per second":
      return `${group(Math.round(value))}/s`;
    default:
      return group(value);
  }
}

const signs = { least: ">=", most: "<=", equal: "" } as const;

function targetText({ unit, target }: Figure): string {
  return target === undefined ? "report" : `${signs[target.at]} ${valueText({ unit, value: target.value })}`.trim();
}

function verdict({ met }: Figure): string {
  return met === undefined ? "" : met ? "pass" : "FAIL";
}
