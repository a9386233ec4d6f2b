import { createColors } from "picocolors";
import { causes, causeText } from "./causes.ts";
import { bytesText, group, percent, rate, whole } from "./format.ts";
import type { RunReport } from "./run-report.ts";

/** A report in a few lines, for the terminal. */
export function describeRun(report: RunReport, files: readonly string[], colors: boolean): string {
  const { bold, dim, green, red } = createColors(colors);
  const { utilization, peakMacs, cycles, predictedCycles, imagesPerSecond, clockHz, dram, spilled, split, rtl } =
    report;
  const source = rtl === undefined ? "cycle model" : `RTL; cycle model ${group(predictedCycles)}`;
  const maps = spilled.reduce((sum, { read, write }) => sum + read + write, 0);
  const lines: (readonly [string, string])[] = [
    ["MAC utilisation", `${percent(utilization)} of ${peakMacs} MAC units`],
    ["cycles", `${group(cycles)} (${source}), ${rate(imagesPerSecond)} images/s at ${clockHz / 1e6} MHz`],
    [
      "DRAM",
      `${bytesText(dram.read)} read, ${bytesText(dram.write)} written; ${bytesText(maps)} of it maps between layers`,
    ],
  ];
  if (rtl !== undefined) {
    const paint = rtl.mismatches === 0 ? green : red;
    lines.push(["compared", paint(`${group(rtl.comparedValues)} values, ${group(rtl.mismatches)} mismatches`)]);
  }
  const losses = causes
    .filter((cause) => split[cause] >= 0.5)
    .map((cause) => {
      const share = percent(split[cause] / predictedCycles).padStart(8);
      return `  ${whole(split[cause]).padStart(12)}${share}  ${dim(causeText[cause])}\n`;
    });
  return [
    `${bold(`${report.network} on ${report.configuration.name}, memory ${report.memory.name}`)}\n`,
    ...lines.map(([name, text]) => `  ${name.padEnd(18)}${text}\n`),
    `${bold("Where the cycles went")} (cycle model)\n`,
    ...losses,
    ...files.map((file) => `written: ${file}\n`),
  ].join("");
}
