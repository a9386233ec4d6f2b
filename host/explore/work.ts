import { type Layer, layerInputs, type Network, tensorOf } from "../../models/ir/network.ts";

/** How the channels of a layer's outputs depend on those of its inputs. */
export interface Channels {
  readonly inputs: number;
  readonly outputs: number;
  /** Groups that share nothing; `inputs` for depthwise layers and pooling. */
  readonly groups: number;
}

/** What a layer gives the array to do, whatever the hardware. */
export interface LayerWork {
  readonly name: string;
  readonly channels: Channels;
  /** Taps of the kernel; those of a mean over the map are all its pixels. */
  readonly taps: number;
  /** Commands over the whole output, such as one for each tap of a maximum. */
  readonly passes: number;
  readonly rows: number;
  readonly columns: number;
  readonly upsample: boolean;
  /** Whether it has weights of its own for every block of outputs. */
  readonly weights: boolean;
  /** Tensors on chip while it runs: read, added, written. */
  readonly maps: readonly Map3[];
  readonly macs: number;
}

/** Extents of a tensor. */
export interface Map3 {
  readonly tensor: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** A network as the analytic model sees it. */
export interface NetworkWork {
  readonly macs: number;
  readonly layers: readonly LayerWork[];
  readonly input: Map3;
  readonly outputs: readonly Map3[];
}

/** The work of a network's layers in their order. Additions ride on the layers before them, other views cost nothing. */
export function workOf(network: Network): NetworkWork {
  const adds = new Map(
    network.layers.flatMap((layer) =>
      layer.kind === "add" ? layer.inputs.map((input) => [input, layer] as const) : [],
    ),
  );
  const map = (tensor: string): Map3 => ({ tensor, ...tensorOf(network, tensor).shape });
  const layers = network.layers.flatMap((layer): readonly LayerWork[] => {
    const shape = shapeOf(network, layer);
    if (shape === undefined) return [];
    const added = adds.get(layer.output);
    const others = added?.inputs.filter((name) => name !== layer.output) ?? [];
    const maps = [...layerInputs(layer), ...others, added?.output ?? layer.output].map(map);
    const { height: rows, width: columns } = tensorOf(network, layer.output).shape;
    const weights = layer.kind === "conv" || layer.kind === "gemm";
    const macs = weights ? layer.weights.length * rows * columns : 0;
    return [{ name: layer.name, rows, columns, upsample: layer.kind === "upsample", weights, maps, macs, ...shape }];
  });
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  return { macs, layers, input: map(network.input), outputs: network.outputs.map(map) };
}

function shapeOf(network: Network, layer: Layer): Pick<LayerWork, "channels" | "taps" | "passes"> | undefined {
  const [input] = layerInputs(layer);
  const { channels: inputs, height, width } = tensorOf(network, input).shape;
  const own = { inputs, outputs: inputs, groups: inputs };
  switch (layer.kind) {
    case "conv": {
      const channels = { inputs, outputs: layer.bias.length, groups: layer.groups };
      return { channels, taps: layer.kernel.height * layer.kernel.width, passes: 1 };
    }
    case "gemm":
      return { channels: { inputs, outputs: layer.bias.length, groups: 1 }, taps: height * width, passes: 1 };
    case "globalAveragePool":
      return { channels: own, taps: height * width, passes: 1 };
    case "averagePool":
      return { channels: own, taps: layer.kernel.height * layer.kernel.width, passes: 1 };
    case "maxPool":
      return { channels: own, taps: 1, passes: layer.kernel.height * layer.kernel.width };
    case "upsample":
      return { channels: own, taps: 1, passes: 1 };
    default:
      return undefined;
  }
}
