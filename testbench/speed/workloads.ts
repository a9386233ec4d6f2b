import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { presets } from "../../hdl-gen/index.ts";
import { compile } from "../../host/index.ts";
import { newActivations } from "../../models/ir/activations.ts";
import { tensorOf } from "../../models/ir/network.ts";
import { elementCount } from "../../models/ir/shape.ts";
import { readNetwork } from "../../models/onnx/index.ts";
import { buildModel, type ModelSpec, recordInputs } from "../engine/index.ts";
import { moduleSources, RTL_LIBRARY } from "../module-bench.ts";
import { acceleratorSpec } from "../simulate/accelerator-model.ts";
import { Session } from "../simulate/session.ts";

/** Something to simulate in both: a model and the inputs of every cycle. */
export interface Workload {
  readonly name: string;
  readonly spec: ModelSpec;
  readonly inputs: Uint8Array;
}

const CYCLES = 50_000;

/** The array of 448 MACs alone, which makes itself new random operands every cycle. */
export function arrayWorkload(): Workload {
  const libraries = [fileURLToPath(new URL("../fixtures", import.meta.url)), RTL_LIBRARY];
  const spec: ModelSpec = {
    top: "array_speed",
    sources: moduleSources("array_speed", libraries),
    optimize: "fast",
    replay: true,
  };
  const inputs = new Uint8Array(CYCLES).fill(1);
  inputs.fill(0, 0, 2);
  return { name: "array of 448 MACs", spec, inputs };
}

/** The whole accelerator (g8m8p7, ddr) on one image of the shipped network; what the bus and the host drove is recorded. */
export async function acceleratorWorkload(): Promise<Workload> {
  const config = presets.g8m8p7;
  const spec = acceleratorSpec(config, { replay: true });
  const file = fileURLToPath(new URL("../../models/data/vargnet-fashion.onnx", import.meta.url));
  const network = readNetwork(readFileSync(file), file);
  const session = await Session.open(await buildModel(spec), config, compile(network, config), "ddr");
  const recording = recordInputs(session.simulator.model);
  const { shape, quantization } = tensorOf(network, network.input);
  const image = newActivations(quantization.dtype, elementCount(shape));
  for (let index = 0; index < image.length; index++) image[index] = index * 37;
  await session.run(image);
  return { name: "g8m8p7, one image of vargnet-fashion", spec, inputs: recording() };
}
