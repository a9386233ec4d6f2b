import type { FloatNetwork, FloatParameters, GraphNode, NetworkGraph } from "../graph/graph.ts";
import { graphShapes, nodeInputs, shapeOf, weightCount } from "../graph/shapes.ts";
import type { ActivationType, Network } from "../ir/network.ts";
import { resizedNetwork } from "../ir/resize.ts";
import { elementCount } from "../ir/shape.ts";
import { quantizeNetwork } from "../quantization/index.ts";
import { Random } from "../random/random.ts";
import { networkGraph } from "./catalog.ts";
import type { NetworkOptions } from "./options.ts";

/** Options of {@link seededNetwork}. */
export interface SeededNetworkOptions extends NetworkOptions {
  /** Any integer (default 1); equal seeds give equal networks. */
  readonly seed?: number;
  /** Element type of all activations (default `uint8`). */
  readonly activations?: ActivationType;
}

/** Largest extents of the image that a network's scales are calibrated on: a multiple of every network's stride. */
const calibrationExtent = 128;

/**
 * A quantised network of the paper with random weights: they are scaled by fan-in and the activations' scales
 * calibrated on a random image, so that values spread over their range at every depth. That image has at most 128 x 128
 * pixels where the layers take any size. The input's zero point is in the middle of its type.
 *
 * @param name one of `networkNames`
 * @throws VargenError as `networkGraph` does
 */
export function seededNetwork(name: string, options: SeededNetworkOptions = {}): Network {
  const { activations = "uint8" } = options;
  const whole = networkGraph(name, options);
  const { network, random } = seeded(name, calibrationSize(options, whole));
  const image = new Float32Array(elementCount(network.graph.inputShape)).map(() => random.integer(-128, 127) / 128);
  const zeroPoint = activations === "uint8" ? 128 : 0;
  const quantized = quantizeNetwork(network, [image], { activations, input: { scale: 2 ** -7, zeroPoint } });
  return resizedNetwork(quantized, whole.inputShape);
}

/** Options of a smaller input, unless that is small, or a layer's weights depend on it. */
function calibrationSize(options: SeededNetworkOptions, { inputShape, nodes }: NetworkGraph): SeededNetworkOptions {
  const flattens = !nodes.some(({ kind }) => kind === "globalAveragePool") && nodes.some(({ kind }) => kind === "gemm");
  if (flattens) return options;
  const [inputHeight, inputWidth] = [inputShape.height, inputShape.width].map((n) => Math.min(n, calibrationExtent));
  return { ...options, inputHeight, inputWidth };
}

/** The float network that {@link seededNetwork} quantises. @throws VargenError as `networkGraph` does */
export function seededFloatNetwork(
  name: string,
  options: Omit<SeededNetworkOptions, "activations"> = {},
): FloatNetwork {
  return seeded(name, options).network;
}

function seeded(name: string, options: SeededNetworkOptions) {
  const { seed = 1 } = options;
  const graph = networkGraph(name, options);
  const random = new Random(seed);
  const shapes = graphShapes(graph);
  const parameters = new Map<string, FloatParameters>();
  for (const node of graph.nodes) {
    const weights = weightCount(node, shapeOf(shapes, nodeInputs(node)[0]));
    if (node.kind === "conv" || node.kind === "gemm")
      parameters.set(node.name, randomParameters(node, weights, random));
  }
  const network: FloatNetwork = { graph: { ...graph, name: `${graph.name}-seed${seed}` }, parameters };
  return { network, random };
}

/** Uniform weights of deviation sqrt(2 / fan-in), which keeps variance through a ReLU, and biases a tenth of that. */
function randomParameters(
  node: GraphNode & { outputChannels: number },
  weights: number,
  random: Random,
): FloatParameters {
  const amplitude = Math.sqrt((6 * node.outputChannels) / weights);
  const uniform = (): number => 2 * random.real() - 1;
  return {
    weights: new Float32Array(weights).map(() => amplitude * uniform()),
    bias: new Float32Array(node.outputChannels).map(() => 0.1 * uniform()),
  };
}
