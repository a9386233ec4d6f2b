import { blockOfName } from "../../ir/builder.ts";
import {
  type FeatureShape,
  type Layer,
  layerInputs,
  type Network,
  type Quantization,
  type TensorInfo,
} from "../../ir/network.ts";
import { elementCount, layerOutputShape } from "../../ir/shape.ts";
import { layerProblems } from "../../ir/validate-layer.ts";
import type { Graph, Tensor } from "../proto.ts";
import { ReadScope } from "../scope.ts";
import { type NodeCoverage, type Place, placeOf } from "./coverage.ts";
import type { ImportNode } from "./node.ts";
import type { Value } from "./value.ts";

/** Values of one tensor at most: what 2048 x 1024 maps of 128 channels need. */
const maxElements = 2 ** 28;

/** Memory for constants in all. */
const maxBytes = 2 ** 30;

/** What the readers of all operators share: values by ONNX name, and the layers and tensors made so far. */
export class ImportContext extends ReadScope {
  readonly opset: number;
  readonly #values = new Map<string, Value>();
  readonly #tensors = new Map<string, TensorInfo>();
  readonly #layers: Layer[] = [];
  readonly #layerNames = new Set<string>();
  readonly #owners = new Map<string, ImportNode>();
  readonly #notes = new Map<ImportNode, { readonly place: Place; readonly note: string }>();
  readonly #suffixes = new Map<string, number>();
  #spent = 0;
  #input: string | undefined;

  constructor(file: string, graph: Graph, opset: number) {
    super(file, graph);
    this.opset = opset;
  }

  /** The network's input, once it is defined. */
  get input(): string | undefined {
    return this.#input;
  }

  /** Extents of the file's input, once they are known. */
  inputShape: FeatureShape | undefined;

  /** Defines the network's input. */
  defineInput(info: TensorInfo): void {
    this.#input = info.name;
    this.#tensors.set(info.name, info);
  }

  /** Says what an ONNX tensor stands for. */
  define(name: string, value: Value): void {
    if (this.#values.has(name) || this.constants.has(name))
      this.report(`tensor '${name}'`, "duplicate-output", `'${name}' is made twice`, "give each tensor one maker");
    this.#values.set(name, value);
  }

  /** Makes an ONNX tensor a constant. */
  defineConstant(name: string, tensor: Tensor): void {
    if (this.#values.has(name)) this.report(`tensor '${name}'`, "duplicate-output", `'${name}' is made twice`);
    this.addConstant(name, tensor);
  }

  /** A tensor of the network. @throws Error if there is none (a bug) */
  tensor(name: string): TensorInfo {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw new Error(`no tensor '${name}' is read yet`);
    return tensor;
  }

  /** What an ONNX tensor stands for, if it was read already and is no initializer. */
  value(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** A layer name that is not taken, like the one given. */
  freeLayerName(name: string): string {
    return this.#freeName(name, this.#layerNames);
  }

  /** A tensor name that is not taken, like the one given. */
  freeTensorName(name: string): string {
    return this.#freeName(name, this.#tensors);
  }

  /**
   * Adds a layer and its output tensor, if its parameters and inputs fit each other; reports what does not.
   * @param node whose work it does
   */
  emit(node: ImportNode, layer: Layer, quantization: Quantization): TensorInfo | undefined {
    const inputs = layerInputs(layer).flatMap((name) => this.#tensors.get(name) ?? []);
    const [first, ...others] = inputs;
    if (first === undefined) return node.report("inputs", "it has no input");
    if (this.#tensors.has(layer.output))
      return node.report("duplicate-output", `'${layer.output}' is made twice`, "give each tensor one maker");
    if (this.#layerNames.has(layer.name))
      return node.report("duplicate-name", "two layers have this name", "give every node a name of its own");
    const shape = layerOutputShape(layer, [first.shape, ...others.map((other) => other.shape)]);
    const output = { name: layer.output, shape, quantization };
    const problems = layerProblems(layer, inputs, output);
    for (const { code, message, hint } of problems) node.report(code.replace(/^network\//, ""), message, hint);
    if (problems.length > 0) return undefined;
    if (elementCount(shape) > maxElements) return tooLarge(node, elementCount(shape));
    this.#tensors.set(layer.output, output);
    this.#layers.push(layer);
    this.#layerNames.add(layer.name);
    this.#owners.set(layer.name, node.owner);
    return output;
  }

  /**
   * Takes memory for constants and channel orders out of a budget, so that small files cannot ask for much.
   * @returns whether it was there; reported otherwise
   */
  spend(node: ImportNode, bytes: number): boolean {
    this.#spent += bytes;
    if (this.#spent <= maxBytes) return true;
    node.report("too-large", `the graph's constants take more than ${maxBytes} bytes`, "use a smaller network");
    return false;
  }

  /** Says where a node that makes no layer is done. */
  note(node: ImportNode, place: Place, note: string): void {
    this.#notes.set(node, { place, note });
  }

  /** Whether an extent product is more than vargen takes. */
  isTooLarge(elements: number): boolean {
    return !(elements <= maxElements);
  }

  /** The network of all layers read, its blocks from their names. */
  network(name: string, input: string, outputs: readonly string[]): Network {
    const blocks = new Map<string, string[]>();
    for (const layer of this.#layers) {
      const block = blockOfName(layer.name);
      if (block === undefined) continue;
      const members = blocks.get(block);
      if (members === undefined) blocks.set(block, [layer.name]);
      else members.push(layer.name);
    }
    return { name, input, outputs, tensors: this.#tensors, layers: this.#layers, blocks };
  }

  #freeName(name: string, taken: { has(name: string): boolean }): string {
    if (!taken.has(name)) return name;
    let suffix = this.#suffixes.get(name) ?? 2;
    while (taken.has(`${name}.${suffix}`)) suffix++;
    this.#suffixes.set(name, suffix);
    return `${name}.${suffix}`;
  }

  /** What became of the nodes. */
  coverage(nodes: readonly ImportNode[]): readonly NodeCoverage[] {
    const layers = new Map<ImportNode, Layer[]>();
    for (const layer of this.#layers) {
      const owner = this.#owners.get(layer.name);
      if (owner !== undefined) layers.set(owner, [...(layers.get(owner) ?? []), layer]);
    }
    return nodes.map((node) => {
      const own = layers.get(node) ?? [];
      const { place = "layout", note = "layout only, no work" } = this.#notes.get(node) ?? {};
      const base = { node: node.name, operator: node.operator, layers: own.map((layer) => layer.name) };
      if (own.length === 0) return { ...base, place, note };
      const kinds = [...new Set(own.map(({ kind }) => kind))].join(", ");
      return { ...base, place: placeOf(own), note: kinds };
    });
  }
}

/** Reports a tensor that is larger than vargen takes. */
export function tooLarge(node: ImportNode, elements: number): undefined {
  const message = `its result has ${elements} values, more than the ${maxElements} that vargen takes`;
  return node.report("too-large", message, "use a smaller input size");
}
