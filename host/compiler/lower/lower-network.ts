import { type Problem, VargenError } from "../../../models/errors.ts";
import { type AddLayer, type Layer, layerInputs, type Network, tensorOf } from "../../../models/ir/network.ts";
import { elementCount } from "../../../models/ir/shape.ts";
import { buildAddTables } from "../../arithmetic/index.ts";
import { lowerCopy, lowerLayer } from "./lower-layer.ts";
import { mappedLayer } from "./mapped.ts";
import type { LogicalOperation } from "./operation.ts";

/** A network as operations in order. */
export interface LoweredNetwork {
  readonly operations: readonly LogicalOperation[];
  /** Tensors that are never stored: a convolution's output that its drain adds at once, with the addition's name. */
  readonly fused: ReadonlyMap<string, string>;
}

/**
 * Turns layers into operations. An addition goes into the drain of the convolution (or gemm or pooling) that makes its
 * later operand, when nothing else reads that operand; else it is a copy of its first operand that adds the second.
 *
 * @param keep tensors that must exist by themselves, so are not fused away
 * @throws VargenError with the problems of all layers at once
 */
export function lowerNetwork(network: Network, keep: ReadonlySet<string>): LoweredNetwork {
  const fusions = findFusions(network, keep);
  const fused = new Map([...fusions].map(([tensor, add]) => [tensor, add.name]));
  const fusedAdds = new Set([...fusions.values()].map((add) => add.name));
  const problems: Problem[] = [];
  const operations: LogicalOperation[] = [];
  for (const layer of network.layers) {
    if (fusedAdds.has(layer.name)) continue;
    try {
      operations.push(lowerOne(network, layer, fusions.get(layer.output)));
    } catch (error) {
      if (!(error instanceof VargenError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new VargenError(problems);
  return { operations, fused };
}

function lowerOne(network: Network, layer: Layer, add: AddLayer | undefined): LogicalOperation {
  if (layer.kind === "add") {
    const copy = lowerCopy(layer.name, tensorOf(network, layer.inputs[0]), tensorOf(network, layer.output));
    return withAddition(network, { ...copy, layers: [] }, layer, 0);
  }
  const operation = lowerLayer(network, mappedLayer(layer));
  if (add === undefined) return operation;
  return withAddition(network, operation, add, add.inputs[0] === layer.output ? 0 : 1);
}

/** An operation whose drain goes on to make an addition's output. */
function withAddition(network: Network, operation: LogicalOperation, add: AddLayer, computed: 0 | 1): LogicalOperation {
  const [a, b] = add.inputs.map((name) => tensorOf(network, name));
  const output = tensorOf(network, add.output);
  const tables = buildAddTables({
    operands: [a.quantization, b.quantization],
    output: output.quantization,
    elements: elementCount(output.shape),
    computed,
  });
  if (tables === undefined) {
    const message = "the scales of the operands and the output are too far apart for the addition tables";
    const hint = "an operand's scale may be at most about 4 times the output's";
    throw new VargenError([{ code: "compile/add-scale", path: add.name, message, hint }]);
  }
  return {
    ...operation,
    name: add.name,
    layers: [...operation.layers, add.name],
    residual: add.inputs[1 - computed],
    output: add.output,
    outputShape: output.shape,
    tables,
  };
}

/** Additions by the tensor that is fused away for them. */
function findFusions(network: Network, keep: ReadonlySet<string>): Map<string, AddLayer> {
  const made = new Map<string, number>([[network.input, -1]]);
  network.layers.forEach((layer, index) => {
    made.set(layer.output, index);
  });
  const readers = new Map<string, number>();
  for (const name of network.layers.flatMap(layerInputs)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const fusions = new Map<string, AddLayer>();
  /** When a tensor exists: with the layer that makes it, or that its addition was fused into. */
  const available = (name: string): number => made.get(name) ?? -1;
  for (const layer of network.layers) {
    if (layer.kind !== "add") continue;
    const [a, b] = layer.inputs;
    const later = available(a) > available(b) ? a : b;
    const maker = network.layers[available(later)];
    if (a === b || maker === undefined || maker.kind === "add" || maker.output !== later) continue;
    if (readers.get(later) !== 1 || network.outputs.includes(later) || keep.has(later)) continue;
    fusions.set(later, layer);
    made.set(layer.output, available(later));
  }
  return fusions;
}
