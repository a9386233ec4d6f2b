import { createColors } from "picocolors";
import type { OutputReport, SimulationReport } from "../testbench/simulate/report.ts";
import { formatTable } from "./table.ts";

/** Layers shown; longer networks have the rest in the JSON. */
const SHOWN = 60;

/** A simulation's report for people: one line a layer, then the totals. */
export function describeReport(report: SimulationReport, colors: boolean): string {
  const { bold, green, red } = createColors(colors);
  const heading = ["layer", "kind", "MACs", "cycles", "predicted", "of peak", "compared", "differ"];
  const rows = report.perLayer
    .slice(0, SHOWN)
    .map((layer) => [
      layer.name,
      layer.kind,
      ...[layer.macs, layer.cycles, layer.predictedCycles].map(String),
      percent(layer.utilization),
      ...[layer.comparedValues, layer.mismatches].map(String),
    ]);
  const [first, ...rest] = formatTable(
    [heading, ...rows],
    heading.map((_, column) => column > 1),
  ).split("\n");
  const hidden = report.perLayer.length - SHOWN;
  const more = hidden > 0 ? `and ${hidden} more: see --json\n` : "";
  const paint = report.mismatches === 0 ? green : red;
  const lines = [
    ["network", `${report.network} on ${report.configuration}, memory ${report.memory}, ${report.inputs} input(s)`],
    ["cycles", `${group(report.cycles)} an inference (predicted ${group(report.predictedCycles)})`],
    ["MAC utilisation", `${percent(report.utilization)} of ${report.peakMacs} MAC units, ${group(report.macs)} MACs`],
    ["DRAM", `${group(report.dramReadBytes)} bytes read, ${group(report.dramWriteBytes)} written an inference`],
    ["simulation", speed(report)],
    ...report.outputs.map((output, i) => [i === 0 ? "outputs" : "", describeOutput(output)]),
    ["compared", paint(`${group(report.comparedValues)} values, ${group(report.mismatches)} mismatches`)],
  ];
  return `${bold(first)}\n${rest.join("\n")}${more}${lines.map(([name, text]) => `${name.padEnd(18)}${text}\n`).join("")}`;
}

/** `fc 1000x1x1: 2,000 values compared, 0 mismatches`. */
function describeOutput({ name, shape, comparedValues, mismatches }: OutputReport): string {
  return `${name} ${shape}: ${group(comparedValues)} values compared, ${group(mismatches)} mismatches`;
}

/** `1.2 M cycles in 3.4 s, 350 k cycles/s`. */
export function speed({ simulatedCycles, simSeconds, cyclesPerSecond }: SimulationReport): string {
  return `${group(simulatedCycles)} cycles in ${simSeconds.toFixed(1)} s: ${group(Math.round(cyclesPerSecond))} cycles/s`;
}

/** `86.4 %`. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

/** An integer with thousands separated. */
export function group(value: number): string {
  return value.toLocaleString("en-US");
}
