import { presets } from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { benchLayers } from "../bench/layers.ts";
import { type LayerResult, measureLayer } from "../bench/measure-layer.ts";
import { measureNetwork, type NetworkResult } from "../bench/measure-network.ts";
import { benchNetworks } from "../bench/networks.ts";
import { speedFigures } from "../bench/speed.ts";
import { definitions, describeComparison, describeFigures, describeLayers } from "../bench/text.ts";
import { defineCommand } from "../command.ts";
import { makeProgress } from "../progress.ts";
import { trackSimulation } from "../track-simulation.ts";

/** The configuration of the single layers. */
const layerPreset = "g8m8p7";

/** `vargen bench`: what the accelerator is asked to reach, measured in RTL. */
export const benchCommand = defineCommand({
  name: "bench",
  summary: "Measure single layers and whole networks in RTL against their targets and another generator.",
  options: ["layersOnly", "seed", "json"] as const,
  examples: ["vargen bench --layers-only", "vargen bench --json"],
  run: async ({ layersOnly, seed, json }, io) => {
    const progress = makeProgress(io, json);
    const onStep = (text: string): void => progress.step(text);
    const request = () => ({ seed, onStep, onSimulation: trackSimulation(progress, 1) });
    const layers: LayerResult[] = [];
    for (const layer of benchLayers) layers.push(await measureLayer(layer, presets[layerPreset], request()));
    const networks: NetworkResult[] = [];
    for (const network of layersOnly ? [] : benchNetworks) networks.push(await measureNetwork(network, request()));
    const ownRuns = networks.filter(({ preset }) => preset === layerPreset).map(({ report }) => report);
    const speed = speedFigures(ownRuns.length > 0 ? ownRuns : layers.map(({ report }) => report), ownRuns[0]);
    const figures = [...networks.flatMap((network) => network.figures), ...speed];
    if (json) {
      const found = networks.map(({ network, preset, report, ideal }) => ({ network, preset, report, ideal }));
      io.out(`${JSON.stringify({ preset: layerPreset, definitions, layers, networks: found, figures }, null, 2)}\n`);
    } else {
      io.out(`${describeLayers(layers, io.colors)}\n`);
      io.out(`${describeFigures(figures, io.colors)}\n${describeComparison(layers, networks)}`);
      io.out(definitions.map((line) => `${line}\n`).join(""));
    }
    const reports = [
      ...layers.map(({ report }) => report),
      ...networks.flatMap(({ report, ideal }) => [report, ideal]),
    ];
    return reports.some(({ mismatches }) => mismatches > 0) ? ExitCode.mismatch : ExitCode.ok;
  },
});
