import { createColors } from "picocolors";
import { workKinds } from "../../models/networks/index.ts";
import { group, percent } from "../report-text.ts";
import { formatTable } from "../table.ts";
import type { Pair } from "./pairs.ts";
import { clockHz, isMeasured, type MeasuredRow, type RefusedRow, type Row } from "./row.ts";

/** What the figures mean, in one line each. */
export const definitions: readonly string[] = [
  "useful: MACs of the network's weights / (MAC units x all cycles of a run, everything included).",
  `images/s at ${clockHz / 1e6} MHz; MB: 10^6 bytes over the DRAM bus for one image, commands and weights included.`,
  "cycles go to: share of all cycles that each kind of layers takes; in brackets the useful MACs within it.",
  "array: fed, or waiting for its drain (short tiles), for weights or rows of maps on their way, for other loads (they wait",
  "themselves, or come late), for earlier results, for stores, for a command.",
];

/** The comparison for people. */
export function describeComparison(rows: readonly Row[], pairs: readonly Pair[], colors: boolean): string {
  const { bold, dim, yellow } = createColors(colors);
  const measured = rows.filter(isMeasured);
  const section = (title: string, cells: readonly (readonly string[])[]): string => {
    const [heading, ...rest] = formatTable(
      cells,
      cells[0].map((_, column) => column > 1),
    ).split("\n");
    return `${bold(title)}\n${dim(heading)}\n${rest.join("\n")}\n`;
  };
  const refused = rows.flatMap((row) => (isMeasured(row) ? [] : refusalLines(row)));
  return [
    measured.length > 0 ? section("One image", figureCells(measured)) : "",
    measured.length > 0 ? section("Where the cycles go", kindCells(measured)) : "",
    measured.length > 0 ? section("What the array does", splitCells(measured)) : "",
    pairs.length > 0 ? section("At about equal MAdds", pairCells(pairs)) : "",
    refused.length > 0 ? `${bold("Cannot run")}\n${yellow(refused.join(""))}\n` : "",
    dim(definitions.map((line) => `${line}\n`).join("")),
    dim(`cycles: ${sources(measured)}.\n`),
  ].join("");
}

const mega = (bytes: number): string => (bytes / 1e6).toFixed(2);

function figureCells(rows: readonly MeasuredRow[]): readonly (readonly string[])[] {
  const compared = rows.some(({ comparedValues }) => comparedValues !== undefined);
  const heading = ["network", "input", "MAdds", "cycles", "useful", "images/s", "MB read", "written", "bytes/MAC"];
  if (compared) heading.push("by", "predicted", "compared", "differ");
  return [
    heading,
    ...rows.map((row) => [
      ...[row.network, row.input, group(row.madds), group(row.cycles), percent(row.utilization)],
      ...[row.imagesPerSecond.toFixed(row.imagesPerSecond < 10 ? 2 : 1), mega(row.dramReadBytes)],
      ...[mega(row.dramWriteBytes), row.bytesPerMac.toFixed(4)],
      ...(compared ? comparedCells(row) : []),
    ]),
  ];
}

function comparedCells({ source, cycles, predictedCycles, comparedValues, mismatches }: MeasuredRow) {
  if (source !== "RTL") return ["cycle model", "", "", ""];
  const error = 100 * (predictedCycles / cycles - 1);
  const sign = error >= 0 ? "+" : "";
  return [source, `${sign}${error.toFixed(2)} %`, group(comparedValues ?? 0), group(mismatches ?? 0)];
}

function kindCells(rows: readonly MeasuredRow[]): readonly (readonly string[])[] {
  const kinds = workKinds.filter((kind) => rows.some((row) => row.kinds.some((share) => share.kind === kind)));
  const cells = rows.map((row) => [
    ...[row.network, row.input],
    ...kinds.map((kind) => {
      const share = row.kinds.find((entry) => entry.kind === kind);
      if (share === undefined) return "";
      const part = percent(share.cycles / row.cycles);
      return share.macs > 0 ? `${part} (${(100 * share.utilization).toFixed(0)} %)` : part;
    }),
  ]);
  return [["network", "input", ...kinds], ...cells];
}

function splitCells(rows: readonly MeasuredRow[]): readonly (readonly string[])[] {
  const heading = [
    "network",
    "input",
    "fed",
    "drain",
    "weights",
    "rows",
    "other loads",
    "results",
    "stores",
    "commands",
  ];
  const cells = rows.map(({ network, input, cycles, split, loads }) => {
    const { busy, waitDrain, waitLoad, waitCompute, waitStore, noCommand } = split;
    const { weights, features, other } = loads ?? { weights: undefined, features: undefined, other: waitLoad };
    const parts = [busy, waitDrain, weights, features, other, waitCompute, waitStore, noCommand];
    return [network, input, ...parts.map((part) => (part === undefined ? "" : percent(part / cycles)))];
  });
  return [heading, ...cells];
}

function pairCells(pairs: readonly Pair[]): readonly (readonly string[])[] {
  const heading = ["VarGNet", "other", "MAdds", "MAdds", "useful", "useful", "times faster a MAC", "images/s"];
  const cells = pairs.map(({ vargnet, other, speedup }) => [
    ...[vargnet.network, other.network, group(vargnet.madds), group(other.madds)],
    ...[percent(vargnet.utilization), percent(other.utilization), speedup.toFixed(2)],
    `${vargnet.imagesPerSecond.toFixed(1)} : ${other.imagesPerSecond.toFixed(1)}`,
  ]);
  return [heading, ...cells];
}

/** Refusals, the first few reasons of each. */
function refusalLines({ network, input, problems }: RefusedRow): readonly string[] {
  const [first, ...others] = problems;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return [`${network} ${input}: ${first.code} ${first.path}: ${first.message}${more}\n`];
}

function sources(rows: readonly MeasuredRow[]): string {
  const used = [...new Set(rows.map(({ source }) => source))];
  const model = "the cycle model, which counts as the RTL does (or ask for --simulate)";
  return used.map((source) => (source === "RTL" ? "counted by the RTL" : model)).join(", or ");
}
