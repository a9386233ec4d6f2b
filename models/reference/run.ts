import { VargenError } from "../errors.ts";
import { hasType } from "../ir/activations.ts";
import { type Activations, type Layer, layerInputs, type Network, tensorOf } from "../ir/network.ts";
import { elementCount, formatShape } from "../ir/shape.ts";
import { averagePool, maxPool } from "./pool.ts";
import { qgemm } from "./qgemm.ts";
import { qlinearAdd } from "./qlinear-add.ts";
import { qlinearConcat } from "./qlinear-concat.ts";
import { qlinearConv } from "./qlinear-conv.ts";
import { qlinearGlobalAveragePool } from "./qlinear-global-average-pool.ts";
import { gatherChannels, upsample } from "./rearrange.ts";
import { requantizeMap } from "./requantize-map.ts";

/**
 * Runs a quantised network on one input, bit for bit as ONNX Runtime does.
 *
 * @param network a sound network (see `checkedNetwork`)
 * @param input values of the network's input, NCHW with batch 1, of its element type
 * @returns every tensor of the network by name, the input included, NCHW
 * @throws VargenError if the input's type or length does not fit
 */
export function runReference(network: Network, input: Activations): Map<string, Activations> {
  checkInput(network, input);
  const values = new Map([[network.input, input]]);
  for (const layer of network.layers) {
    const operands = layerInputs(layer).map((name) => {
      const operand = values.get(name);
      if (operand === undefined) throw new Error(`layer ${layer.name} reads '${name}' before it is made`);
      return operand;
    });
    values.set(layer.output, runLayer(network, layer, operands));
  }
  return values;
}

/**
 * Runs one layer by itself.
 *
 * @param operands the layer's inputs in the operator's order, each NCHW
 * @returns the layer's output, NCHW
 */
export function runLayer(network: Network, layer: Layer, operands: readonly Activations[]): Activations {
  const [a, b] = operands;
  if (a === undefined) throw new Error(`layer ${layer.name} has no operand`);
  const output = tensorOf(network, layer.output);
  if (layer.kind === "add") {
    if (b === undefined) throw new Error(`addition ${layer.name} has one operand`);
    return qlinearAdd(network, layer, a, b);
  }
  if (layer.kind === "concat") return qlinearConcat(network, layer, operands);
  const input = tensorOf(network, layer.input);
  switch (layer.kind) {
    case "conv":
      return qlinearConv(layer, a, input, output);
    case "gemm":
      return qgemm(layer, a, input, output);
    case "globalAveragePool":
      return qlinearGlobalAveragePool(a, input, output);
    case "maxPool":
      return maxPool(layer, a, input, output);
    case "averagePool":
      return averagePool(layer, a, input, output);
    case "upsample":
      return upsample(a, input);
    case "channels":
      return gatherChannels(layer, a, input);
    case "requantize":
      return requantizeMap(layer, a, input, output);
  }
}

function checkInput(network: Network, input: Activations): void {
  const { shape, quantization } = tensorOf(network, network.input);
  const fits = input.length === elementCount(shape) && hasType(input, quantization.dtype);
  if (fits) return;
  const given = `${input.length} values of type ${input instanceof Int8Array ? "int8" : "uint8"}`;
  throw new VargenError([
    {
      code: "reference/input",
      path: network.input,
      message: `${given} given, where ${network.name} takes ${formatShape(shape)} ${quantization.dtype}`,
    },
  ]);
}
