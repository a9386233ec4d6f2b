import { type Problem, VargenError } from "../../../models/errors.ts";
import {
  type AddLayer,
  type ConcatLayer,
  type Layer,
  layerInputs,
  type Network,
  tensorOf,
} from "../../../models/ir/network.ts";
import { additionTables } from "./addition-tables.ts";
import { copyOperation } from "./copy.ts";
import { canAdd, withMap, withResidual } from "./drain.ts";
import { lowerLayer } from "./lower-layer.ts";
import { type ChannelChoice, isConcatenation, type LoweredItem, type LoweredNetwork } from "./lowered.ts";
import type { LogicalOperation } from "./operation.ts";
import { isIdentity, requantization, type ValueMap } from "./value-map.ts";

/**
 * Turns layers into operations and views. An addition goes into the drain of the convolution (or gemm or pooling) that
 * makes its later operand, when nothing else reads that operand and its drain can add; or of the other one, which then runs later;
 * else it is a copy of its first operand that adds the second. A change of scale, a clamp likewise, also that of one input of a concatenation.
 *
 * @param keep tensors that must exist by themselves, so are not fused away
 * @throws VargenError with the problems of all layers at once
 */
export function lowerNetwork(network: Network, keep: ReadonlySet<string>): LoweredNetwork {
  const lowering = new Lowering(network, keep);
  const problems: Problem[] = [];
  for (const layer of network.layers) {
    try {
      lowering.add(layer);
    } catch (error) {
      if (!(error instanceof VargenError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new VargenError(problems);
  return lowering;
}

class Lowering implements LoweredNetwork {
  readonly choices = new Map<string, ChannelChoice>();
  readonly fused = new Map<string, string>();
  readonly #network: Network;
  readonly #keep: ReadonlySet<string>;
  /** Number of times that each tensor is read. */
  readonly #readers = new Map<string, number>();
  /** Items in order; undefined where one has moved to the end. */
  readonly #items: (LoweredItem | undefined)[] = [];
  /** The item after which each tensor exists; the network's input before the first. */
  readonly #made = new Map<string, number>();

  constructor(network: Network, keep: ReadonlySet<string>) {
    this.#network = network;
    this.#keep = keep;
    const read = [...network.layers.flatMap(layerInputs), ...network.outputs];
    for (const name of read) this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1);
  }

  get items(): readonly LoweredItem[] {
    return this.#items.filter((item) => item !== undefined);
  }

  add(layer: Layer): void {
    switch (layer.kind) {
      case "add":
        this.#addition(layer);
        break;
      case "concat":
        this.#concatenation(layer);
        break;
      case "channels":
        this.#choose(layer.input, layer.output, layer.order);
        break;
      case "requantize": {
        const [from, to] = [layer.input, layer.output].map((name) => tensorOf(this.#network, name).quantization);
        const map = requantization(from, to, layer.lo, layer.hi);
        this.#map(layer.name, layer.input, layer.output, map);
        break;
      }
      default:
        for (const operation of lowerLayer(this.#network, layer)) this.#push(operation);
    }
  }

  #push(item: LoweredItem): void {
    this.#made.set(item.output, this.#items.length);
    this.#items.push(item);
  }

  #choose(input: string, output: string, order: Int32Array): void {
    this.choices.set(output, { input, order });
    this.#made.set(output, this.#madeAt(input));
  }

  #madeAt(tensor: string): number {
    return this.#made.get(tensor) ?? -1;
  }

  /** The operation that makes a tensor which nothing but one layer needs. */
  #soleMaker(tensor: string): LogicalOperation | undefined {
    const item = this.#items[this.#madeAt(tensor)];
    if (item === undefined || isConcatenation(item) || item.output !== tensor) return undefined;
    return this.#readers.get(tensor) === 1 && !this.#keep.has(tensor) ? item : undefined;
  }

  /** Has the operation that makes `tensor` go on to make a layer's output instead. */
  #fuse(tensor: string, layer: string, output: string, operation: LogicalOperation): void {
    const at = this.#madeAt(tensor);
    this.#items[at] = { ...operation, name: layer, layers: [...operation.layers, layer], output };
    this.#made.set(output, at);
    this.fused.set(tensor, layer);
  }

  /** Puts the operation that makes a tensor, which nothing has read yet, last. */
  #moveLast(tensor: string, operation: LogicalOperation): void {
    this.#items[this.#madeAt(tensor)] = undefined;
    this.#push(operation);
  }

  #map(layer: string, input: string, output: string, map: ValueMap): void {
    const { shape } = tensorOf(this.#network, input);
    if (isIdentity(map)) {
      this.#choose(
        input,
        output,
        Int32Array.from({ length: shape.channels }, (_, channel) => channel),
      );
      return;
    }
    const maker = this.#soleMaker(input);
    const mapped = maker && withMap(maker, map);
    if (mapped !== undefined) this.#fuse(input, layer, output, mapped);
    else if (maker?.drain === "upsample") {
      // The same for each pixel: before upsampling there is a quarter of them, and another drain that may do it.
      const before = `${output} before upsampling`;
      this.#map(layer, maker.input, before, map);
      this.#moveLast(input, maker);
      this.#fuse(input, layer, output, { ...maker, input: before });
    } else {
      const copy = copyOperation(layer, input, output, shape);
      this.#push(withMap(copy, map) ?? copy);
    }
  }

  #concatenation(layer: ConcatLayer): void {
    const output = tensorOf(this.#network, layer.output);
    const inputs = layer.inputs.map((input, index) => {
      const map = requantization(tensorOf(this.#network, input).quantization, output.quantization);
      if (isIdentity(map)) return input;
      const part = `${layer.output}[${index}]`;
      this.#map(layer.name, input, part, map);
      return part;
    });
    this.#push({ layer: layer.name, inputs, output: layer.output });
  }

  #addition(layer: AddLayer): void {
    const [a, b] = layer.inputs;
    const later = this.#madeAt(a) > this.#madeAt(b) ? 0 : 1;
    const apart = a !== b && this.#madeAt(a) !== this.#madeAt(b);
    for (const computed of apart ? ([later, later === 0 ? 1 : 0] as const) : []) {
      const operand = layer.inputs[computed];
      const maker = this.#soleMaker(operand);
      if (maker === undefined || !canAdd(maker)) continue;
      if (computed !== later) this.#moveLast(operand, maker);
      const sum = withResidual(maker, layer.inputs[1 - computed], additionTables(this.#network, layer, computed));
      this.#fuse(operand, layer.name, layer.output, sum);
      return;
    }
    const copy = copyOperation(layer.name, a, layer.output, tensorOf(this.#network, a).shape);
    this.#push(withResidual(copy, b, additionTables(this.#network, layer, 0)));
  }
}
