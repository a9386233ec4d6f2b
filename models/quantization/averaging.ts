import { type GraphNode, nodeInputs } from "../graph/index.ts";
import type { Quantization } from "../ir/network.ts";
import { keepsQuantization } from "./data-layer.ts";

/** Significant bits of a scale with which float32 adds up to some 250 dequantised values exactly. */
const BITS = 8;

/**
 * The tensors whose quantisation an average pool's input has. ONNX Runtime averages in float32; with a short scale its sums
 * are exact, so that the mean of integers is all that decides the result.
 */
export function averagedTensors(nodes: readonly GraphNode[]): ReadonlySet<string> {
  const averaged = new Set<string>();
  for (const node of [...nodes].reverse()) {
    if (node.kind !== "averagePool" && !(keepsQuantization(node) && averaged.has(node.name))) continue;
    averaged.add(nodeInputs(node)[0]);
  }
  return averaged;
}

/** A quantisation with its scale rounded up to a few bits: its range grows by less than 1 %. */
export function withShortScale(quantization: Quantization): Quantization {
  const unit = 2 ** (Math.floor(Math.log2(quantization.scale)) - BITS + 1);
  return { ...quantization, scale: Math.ceil(quantization.scale / unit) * unit };
}
