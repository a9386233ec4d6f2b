import type { FeatureShape, Layer, Network, Quantization, TensorInfo } from "./network.ts";
import { layerInputs } from "./network.ts";
import { layerOutputShape } from "./shape.ts";
import { checkedNetwork } from "./validate.ts";

/**
 * The block that a layer belongs to: the part of its name before the first `/`, as in `stage2.normal1/sep_a.group`.
 * Names are how membership travels through ONNX files.
 */
export function blockOfName(layerName: string): string | undefined {
  const slash = layerName.indexOf("/");
  return slash > 0 ? layerName.slice(0, slash) : undefined;
}

/** Puts a network together layer by layer; output shapes follow from the layers. */
export class NetworkBuilder {
  readonly #name: string;
  readonly #input: string;
  readonly #tensors = new Map<string, TensorInfo>();
  readonly #layers: Layer[] = [];
  readonly #blocks = new Map<string, string[]>();

  constructor(name: string, input: TensorInfo) {
    this.#name = name;
    this.#input = input.name;
    this.#tensors.set(input.name, input);
  }

  /**
   * Adds a layer whose inputs are defined already; its output tensor gets the given quantisation. The layer joins the
   * block that its name tells, see {@link blockOfName}.
   * @returns the output's name
   * @throws Error if an input is unknown (a bug in the caller)
   */
  add(layer: Layer, quantization: Quantization): string {
    const [first = "", ...others] = layerInputs(layer);
    const shape = layerOutputShape(layer, [this.shapeOf(first), ...others.map((name) => this.shapeOf(name))]);
    this.#tensors.set(layer.output, { name: layer.output, shape, quantization });
    this.#layers.push(layer);
    const block = blockOfName(layer.name);
    if (block !== undefined) this.#blocks.set(block, [...(this.#blocks.get(block) ?? []), layer.name]);
    return layer.output;
  }

  /** Extents of a tensor that is defined already. */
  shapeOf(tensor: string): FeatureShape {
    const info = this.#tensors.get(tensor);
    if (info === undefined) throw new Error(`network ${this.#name} has no tensor '${tensor}' yet`);
    return info.shape;
  }

  /**
   * The network, which is checked.
   * @param outputs default: the last layer's output
   * @throws VargenError with all problems
   */
  build(outputs: readonly string[] = [this.#layers.at(-1)?.output ?? this.#input]): Network {
    return checkedNetwork({
      name: this.#name,
      input: this.#input,
      outputs: [...outputs],
      tensors: new Map(this.#tensors),
      layers: [...this.#layers],
      blocks: new Map(this.#blocks),
    });
  }
}
