import { ExitCode } from "../../models/errors.ts";
import { defineCommand } from "../command.ts";
import { measure } from "../compare/measure.ts";
import { parseNetworks } from "../compare/networks.ts";
import { pairsOf } from "../compare/pairs.ts";
import { updateRecord } from "../compare/record.ts";
import { clockHz, isMeasured, type Row } from "../compare/row.ts";
import { definitions, describeComparison } from "../compare/text.ts";
import { chosenConfig } from "../configuration.ts";
import { checkPlotPath, writePlot } from "../plot/write.ts";
import { makeProgress } from "../progress.ts";
import { trackSimulation } from "../track-simulation.ts";

/** `vargen compare`: the paper's claim, measured. */
export const compareCommand = defineCommand({
  name: "compare",
  summary: "Run networks on the same hardware: useful MACs, cycles, DRAM bytes, and where the cycles go.",
  options: [
    ...["networks", "scale", "group", "inputSize", "classes", "preset", "config", "memory"],
    ...["simulate", "minutes", "referenceMinutes", "plot", "output", "seed", "json"],
  ] as const,
  argument: "networks",
  examples: [
    "vargen compare --plot compare.svg",
    "vargen compare vargnet-v1@x0.5,mobilenet-v1@x0.6,resnet-18 --preset g8m8p7 --json",
    "vargen compare vargnet-v1@g4x0.25:128 --preset g4m8p7 --simulate",
    "vargen compare all --simulate -o out/networks.json",
  ],
  run: async ({ networks = "paper", scale, group, inputSize, classes, ...values }, io) => {
    const { json, memory, seed, simulate, minutes, plot, output, preset, config: file } = values;
    const { referenceMinutes = minutes } = values;
    const limits = simulate ? { seconds: 60 * minutes, referenceSeconds: 60 * referenceMinutes } : undefined;
    const config = chosenConfig({ preset, config: file });
    const size = { scale, group, inputSize, classes };
    const variants = parseNetworks(networks, { ...size, seed, groupWidth: config.groupWidth });
    if (plot !== undefined) checkPlotPath(plot);
    if (output !== undefined) updateRecord(output, { configuration: config.name, memory, rows: [] });
    const progress = makeProgress(io, json);
    const rows: Row[] = [];
    for (const [index, variant] of variants.entries()) {
      const onStep = (text: string): void => progress.step(`${index + 1}/${variants.length} ${text}`);
      const onSimulation = trackSimulation(progress, 1);
      const measuredNow = await measure(variant, { config, memory, seed, limits, onStep, onSimulation });
      rows.push(...measuredNow);
      if (output !== undefined) updateRecord(output, { configuration: config.name, memory, rows: measuredNow });
    }
    const measured = rows.filter(isMeasured);
    const pairs = pairsOf(measured);
    if (plot !== undefined && measured.length > 0) {
      // Loaded on demand: other commands do without the plotting library.
      const { comparePlot } = await import("../plot/compare-plot.ts");
      writePlot(plot, await comparePlot(measured, `${config.name}, memory ${memory}`));
    }
    if (json) {
      const facts = { configuration: config.name, memory, clockHz, definitions, rows };
      const named = pairs.map(({ vargnet, other, speedup }) => ({
        ...{ vargnet: vargnet.network, other: other.network, input: vargnet.input, speedup },
      }));
      io.out(`${JSON.stringify({ ...facts, pairs: named, ...(plot === undefined ? {} : { plot }) }, null, 2)}\n`);
    } else io.out(describeComparison(rows, pairs, io.colors));
    return exitCodeOf(rows);
  },
});

/** Values that differ are a failure; networks that the hardware cannot run are a result. */
function exitCodeOf(rows: readonly Row[]): ExitCode {
  const failed = rows.some((row) =>
    isMeasured(row) ? (row.mismatches ?? 0) > 0 : row.problems.some(({ code }) => code.startsWith("simulation/")),
  );
  return failed ? ExitCode.mismatch : ExitCode.ok;
}
