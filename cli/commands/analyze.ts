import { existsSync } from "node:fs";
import { createColors } from "picocolors";
import { ExitCode } from "../../models/errors.ts";
import {
  type IntensityAnalysis,
  intensityOf,
  networkGraph,
  networkNames,
  quantizedIntensity,
} from "../../models/networks/index.ts";
import { defineCommand } from "../command.ts";
import { chosenNetwork, chosenSize } from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import type { OptionValues } from "../options/table.ts";
import { writePlot } from "../plot/write.ts";
import { group } from "../report-text.ts";
import { formatTable } from "../table.ts";

const size = ["scale", "group", "inputSize", "classes"] as const;
type Size = Pick<OptionValues, (typeof size)[number]>;

/** Longest bar of the table, for an intensity of 2^12. */
const barLength = 24;

/** `vargen analyze`: section 2 of the paper for any network. */
export const analyzeCommand = defineCommand({
  name: "analyze",
  summary: "Computational intensity of each layer of a network and its balance inside blocks, against MobileNet v1.",
  options: ["network", ...size, "against", "plot", "json"],
  argument: "network",
  examples: [
    "vargen analyze vargnet-v1 --plot intensity.svg",
    "vargen analyze vargnet-v2 --scale 0.5 --against shufflenet-v2",
    "vargen analyze models/data/vargnet-fashion.onnx --json",
  ],
  run: async ({ network, against, plot, json, ...options }, io) => {
    if (network === undefined)
      throw usageError([usageProblem("missing", "NETWORK", "name a network", `known: ${networkNames.join(", ")}`)]);
    const analysis = analysisOf(network, options);
    const other = intensityOf(networkGraph(against ?? (network === "mobilenet-v1" ? "vargnet-v1" : "mobilenet-v1")));
    if (plot !== undefined) await draw(plot, [analysis, other]);
    if (json) {
      const file = plot === undefined ? {} : { plot };
      io.out(`${JSON.stringify({ ...analysis, against: other, ...file }, null, 2)}\n`);
    } else {
      const { bold, dim } = createColors(io.colors);
      io.out(describe(analysis, io.colors));
      io.out(`\n${bold("Busiest layer of a block against its idlest")}\n`);
      for (const line of summary([analysis, other])) io.out(`  ${line}\n`);
      io.out(dim("Intensity: MAdds for each value of the feature map (mean of a layer's input and output).\n"));
      if (plot !== undefined) io.out(`plot: ${plot}\n`);
    }
    return ExitCode.ok;
  },
});

function analysisOf(name: string, options: Size): IntensityAnalysis {
  // What is no file is taken for a misspelt name, whose error lists the known ones.
  if (networkNames.includes(name) || !existsSync(name))
    return intensityOf(networkGraph(name, chosenSize(name, options, 8)));
  return quantizedIntensity(chosenNetwork({ network: name, ...options, seed: 1 }, 8));
}

function describe({ network, layers, blocks, madds }: IntensityAnalysis, colors: boolean): string {
  const { bold, dim } = createColors(colors);
  const ratios = new Map(blocks.map(({ block, ratio }) => [block, ratio]));
  const heading = ["layer", "kind", "MAdds", "intensity", "balance", ""];
  let last: string | undefined;
  const rows = layers.map(({ name, kind, madds: count, intensity, block }) => {
    const ratio = block === undefined || block === last ? undefined : ratios.get(block);
    last = block;
    return [name, kind, group(count), intensity.toFixed(1), ratio === undefined ? "" : times(ratio), bar(intensity)];
  });
  const [first, ...rest] = formatTable([heading, ...rows], [false, false, true, true, true, false]).split("\n");
  return `${bold(`${network}: ${group(madds)} MAdds`)}\n${dim(first)}\n${rest.join("\n")}`;
}

/** `balance` of networks in words, one line each. */
function summary(analyses: readonly IntensityAnalysis[]): readonly string[] {
  const width = Math.max(...analyses.map(({ network }) => network.length));
  return analyses.map(({ network, blocks, meanRatio, worstRatio }) =>
    blocks.length === 0
      ? `${network.padEnd(width)}  has no blocks`
      : `${network.padEnd(width)}  ${times(meanRatio)} on average, ${times(worstRatio)} at worst`,
  );
}

async function draw(file: string, analyses: readonly IntensityAnalysis[]): Promise<void> {
  // Loaded on demand: other commands do without the plotting library.
  const { intensityPlot } = await import("../plot/intensity-plot.ts");
  writePlot(file, await intensityPlot(analyses));
}

const times = (ratio: number): string => `${ratio.toFixed(1)} x`;

const bar = (intensity: number): string => "█".repeat(Math.round((barLength * Math.log2(Math.max(1, intensity))) / 12));
