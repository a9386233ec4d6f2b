import { blockOfName } from "../../ir/builder.ts";
import type { Layer, Network, Quantization, TensorInfo } from "../../ir/network.ts";
import { layerInputs } from "../../ir/network.ts";
import { layerOutputShape } from "../../ir/shape.ts";
import { layerProblems } from "../../ir/validate-layer.ts";
import type { NodeView } from "../node.ts";
import { ReadScope } from "../scope.ts";

/** What the readers of integer operators share while a graph is read: tensors defined so far and layers. */
export class ReadContext extends ReadScope {
  readonly #tensors = new Map<string, TensorInfo>();
  readonly #aliases = new Map<string, string>();
  readonly #layers: Layer[] = [];
  #input: string | undefined;

  /** Defines the network's input. */
  defineInput(info: TensorInfo): void {
    this.#input = info.name;
    this.#tensors.set(info.name, info);
  }

  /** The network's input, once it is defined. */
  get input(): string | undefined {
    return this.#input;
  }

  /** Makes an ONNX tensor another name of one that is defined already (Flatten, DequantizeLinear). */
  alias(name: string, target: string): void {
    this.#aliases.set(name, target);
  }

  /** The activation tensor of an ONNX name, if it is defined. */
  tensor(name: string): TensorInfo | undefined {
    return this.#tensors.get(this.#aliases.get(name) ?? name);
  }

  /** Adds a layer and its output tensor, if its parameters and inputs fit each other; reports what does not. */
  addLayer(node: NodeView, layer: Layer, quantization: Quantization): void {
    const inputs = layerInputs(layer).flatMap((name) => this.tensor(name) ?? []);
    const [first, ...others] = inputs;
    if (first === undefined) return;
    const shape = layerOutputShape(layer, [first.shape, ...others.map((other) => other.shape)]);
    const output = { name: layer.output, shape, quantization };
    if (this.#tensors.has(layer.output)) this.report(node.label, "duplicate-output", `'${layer.output}' is made twice`);
    for (const { code, message, hint } of layerProblems(layer, inputs, output))
      this.problems.push({
        code,
        path: `${this.file}: ${node.label}`,
        message,
        ...(hint === undefined ? {} : { hint }),
      });
    this.#tensors.set(layer.output, output);
    this.#layers.push(layer);
  }

  /** The network of all layers read, its blocks from their names. */
  network(name: string, input: string, output: string): Network {
    const blocks = new Map<string, string[]>();
    for (const layer of this.#layers) {
      const block = blockOfName(layer.name);
      if (block !== undefined) blocks.set(block, [...(blocks.get(block) ?? []), layer.name]);
    }
    return { name, input, output, tensors: this.#tensors, layers: this.#layers, blocks };
  }
}
