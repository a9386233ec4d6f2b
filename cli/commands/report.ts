import { compile } from "../../host/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { simulateNetwork } from "../../testbench/simulate/simulate.ts";
import { defineCommand } from "../command.ts";
import { chosenConfig } from "../configuration.ts";
import { randomInputs } from "../inputs.ts";
import { chosenNetwork } from "../network.ts";
import { makeProgress } from "../progress.ts";
import { replayCommand } from "../replay.ts";
import { makeRunReport } from "../report/run-report.ts";
import { describeRun } from "../report/text.ts";
import { prepareFiles, reportFiles, writeReport } from "../report/write.ts";
import { trackSimulation } from "../track-simulation.ts";

const defaultPage = "vargen-report.html";

/** `vargen report`: where the cycles and bytes of one run go, as a page and as JSON. */
export const reportCommand = defineCommand({
  name: "report",
  summary: "Write a page (HTML, JSON) on one run: utilisation, layers, timeline, roofline, DRAM traffic, lost cycles.",
  options: [
    ...["network", "scale", "group", "inputSize", "classes", "preset", "config", "memory"],
    ...["clock", "simulate", "output", "seed", "json"],
  ] as const,
  argument: "network",
  examples: [
    "vargen report vargnet-v1 --preset g8m8p7",
    "vargen report --network models/data/vargnet-fashion.onnx --simulate -o out/fashion.html",
    "vargen report vargnet-v2 --scale 0.5 --memory ideal --clock 300 --json",
  ],
  run: async (values, io) => {
    const { memory, clock, simulate, seed, json, output = defaultPage } = values;
    const config = chosenConfig(values);
    const network = chosenNetwork(values, config.groupWidth);
    const files = reportFiles(output);
    const progress = makeProgress(io, json);
    progress.step(`compiling ${network.name} for ${config.name}`);
    const program = compile(network, config);
    prepareFiles(files);
    const onProgress = trackSimulation(progress, 1);
    const request = {
      network,
      config,
      inputs: randomInputs(network, 1, seed),
      memory,
      compareLayers: false,
      onProgress,
    };
    const simulation = simulate ? (await simulateNetwork(request)).report : undefined;
    const command = replayCommand("report", values);
    const detailed = makeRunReport({ program, memory, clockHz: clock * 1e6, command, simulation });
    progress.step("drawing");
    // Loaded on demand: other commands do without the plotting library.
    const { reportPage } = await import("../report/page.ts");
    const data = `${JSON.stringify(detailed.report, null, 1)}\n`;
    writeReport(files, await reportPage(detailed), data);
    io.out(json ? data : describeRun(detailed.report, [files.page, files.data], io.colors));
    return (simulation?.mismatches ?? 0) > 0 ? ExitCode.mismatch : ExitCode.ok;
  },
});
