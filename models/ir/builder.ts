import type { FeatureShape, Layer, Network, Quantization, TensorInfo } from "./network.ts";
import { layerInputs } from "./network.ts";
import { layerOutputShape } from "./shape.ts";
import { checkedNetwork } from "./validate.ts";

/** Options of {@link NetworkBuilder.add}. */
export interface AddOptions {
  /** Block that the layer belongs to, such as `stage2.normal1`. */
  readonly block?: string;
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
   * Adds a layer whose inputs are defined already; its output tensor gets the given quantisation.
   * @returns the output's name
   * @throws Error if an input is unknown (a bug in the caller)
   */
  add(layer: Layer, quantization: Quantization, options: AddOptions = {}): string {
    const shape = layerOutputShape(layer, this.shapeOf(layerInputs(layer)[0] ?? ""));
    this.#tensors.set(layer.output, { name: layer.output, shape, quantization });
    this.#layers.push(layer);
    if (options.block !== undefined) {
      const block = this.#blocks.get(options.block) ?? [];
      block.push(layer.name);
      this.#blocks.set(options.block, block);
    }
    return layer.output;
  }

  /** Extents of a tensor that is defined already. */
  shapeOf(tensor: string): FeatureShape {
    const info = this.#tensors.get(tensor);
    if (info === undefined) throw new Error(`network ${this.#name} has no tensor '${tensor}' yet`);
    return info.shape;
  }

  /** The network, which is checked. @throws VargenError with all problems */
  build(output: string = this.#layers.at(-1)?.output ?? this.#input): Network {
    return checkedNetwork({
      name: this.#name,
      input: this.#input,
      output,
      tensors: new Map(this.#tensors),
      layers: [...this.#layers],
      blocks: new Map(this.#blocks),
    });
  }
}
