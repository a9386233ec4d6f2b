import { deriveFigures } from "../../hdl-gen/index.ts";
import { Geometry, memoryModels, type Program, storedTensor } from "../../host/index.ts";
import type { MemoryKind } from "../../testbench/simulate/session.ts";
import type { BenchLayer } from "./layers.ts";

/** Why a cold layer cannot be faster, in cycles. */
export interface LayerBound {
  /** Beats of the array, whatever the memory. */
  readonly array: number;
  /** Beats over the bus's read and write channels, which run side by side. */
  readonly read: number;
  readonly write: number;
  /** Before the array can begin, and behind its end. */
  readonly edges: number;
  /** The greatest of the first three, and the edges. */
  readonly total: number;
}

/**
 * The fewest cycles of a cold layer of stride 1 on this array and bus: the array, or the bus where it takes longer; before it,
 * one after the other, the first command and then one block's weights and parameters and the first window's rows; behind it
 * the last row's store.
 */
export function layerBound(program: Program, layer: BenchLayer, memory: MemoryKind): LayerBound {
  const { network, config, statistics } = program;
  const { axiBytes } = deriveFigures(config);
  const geometry = new Geometry(config);
  const { readLatency, writeLatency } = memoryModels[memory];
  const [conv] = network.layers;
  const input = storedTensor(program, network.input);
  const output = storedTensor(program, conv.output);
  const { height } = layer.input;
  const rows = Math.min(height, 1 + (layer.kernel >> 1));
  const weights = statistics.weightBytes / geometry.blocks(layer.outputs);
  const parameters = geometry.parameterWordsPerBlock * geometry.parameterWordBytes;
  const first = (weights + parameters + (rows * input.dram.bytes) / height) / axiBytes;
  const edges = Math.ceil(2 * readLatency + first + output.dram.bytes / height / axiBytes + writeLatency);
  const array = statistics.computeCycles;
  const [read, write] = [statistics.dramReadBytes / axiBytes, statistics.dramWriteBytes / axiBytes];
  return { array, read, write, edges, total: Math.max(array, read, write) + edges };
}
