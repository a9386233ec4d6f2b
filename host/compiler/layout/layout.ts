import type { FeatureShape, TensorInfo } from "../../../models/ir/network.ts";
import type { Geometry } from "../geometry.ts";
import { copyOperation } from "../lower/copy.ts";
import { type Concatenation, isConcatenation, type LoweredNetwork } from "../lower/lowered.ts";
import { type LogicalOperation, type Operation, outputScale } from "../lower/operation.ts";
import { copyName, joinNodes } from "./join.ts";
import { type LayoutNode, type Leaf, type LooseView, newLeaf, rootOf, storageOf } from "./nodes.ts";
import { compactOrder, inOrder, isInjective, residualOrder } from "./positions.ts";
import type { Storage, TensorView } from "./storage.ts";

/** A network's operations with every tensor laid out. */
export interface Layout {
  readonly operations: readonly Operation[];
  /** Every tensor that exists, the network's input included. */
  readonly views: ReadonlyMap<string, TensorView>;
}

/** Gives every tensor of a lowered network a place in a storage (docs/COMPILER.md). */
export function layOut(geometry: Geometry, input: TensorInfo, lowered: LoweredNetwork): Layout {
  const layouter = new Layouter(geometry, input, lowered);
  for (const item of lowered.items) {
    if (isConcatenation(item)) layouter.concatenate(item);
    else layouter.run(item);
  }
  return layouter.finish();
}

class Layouter {
  readonly #geometry: Geometry;
  readonly #lowered: LoweredNetwork;
  readonly #nodes: ReadonlyMap<string, LayoutNode>;
  readonly #views = new Map<string, LooseView>();
  readonly #shapes = new Map<string, FeatureShape>();
  readonly #operations: { readonly operation: LogicalOperation; readonly leaf: Leaf }[] = [];

  constructor(geometry: Geometry, input: TensorInfo, lowered: LoweredNetwork) {
    this.#geometry = geometry;
    this.#lowered = lowered;
    this.#nodes = joinNodes(lowered);
    this.#shapes.set(input.name, input.shape);
    this.#write(newLeaf(input.name), inOrder(input.shape.channels));
  }

  /** Lays an operation's output out; what it reads or adds is copied first where it must lie otherwise. */
  run(operation: LogicalOperation): void {
    const input = this.#readable(operation);
    const residual = operation.residual === undefined ? undefined : this.#addable(operation, operation.residual);
    this.#push({ ...operation, input, residual });
  }

  /** Copies what is to be concatenated and lies elsewhere; the rest is in its part already. */
  concatenate({ layer, inputs, output }: Concatenation): void {
    const join = this.#nodes.get(output);
    const views = inputs.map((input, index): LooseView => {
      const view = this.#view(input);
      if (view.leaves.every((leaf) => rootOf(leaf) === (join && rootOf(join)))) return view;
      const copy = copyName(output, index);
      this.#push(copyOperation(layer, input, copy, this.#shape(input)));
      return this.#view(copy);
    });
    const positions = Int32Array.from(views.flatMap((view) => [...view.positions]));
    const shapes = inputs.map((input) => this.#shape(input));
    const channels = shapes.reduce((sum, shape) => sum + shape.channels, 0);
    this.#shapes.set(output, { ...shapes[0], channels });
    this.#views.set(output, { leaves: views.flatMap(({ leaves }) => leaves), positions });
  }

  finish(): Layout {
    for (const tensor of this.#lowered.choices.keys()) this.#view(tensor);
    const storages = new Map<LayoutNode, Storage>();
    const storageFor = (leaf: Leaf): Storage => {
      const root = rootOf(leaf);
      const storage = storages.get(root) ?? storageOf(this.#geometry, root, this.#shape(leaf.tensor));
      storages.set(root, storage);
      return storage;
    };
    const views = new Map(
      [...this.#views].map(([tensor, { leaves, positions }]): [string, TensorView] => {
        const storage = storageFor(leaves[0]);
        const starts = new Map(storage.parts.map((part) => [part.tensor, part.firstGroup * this.#geometry.lanes]));
        const channels = positions.map((position, i) => position + (starts.get(leaves[i].tensor) ?? 0));
        return [tensor, { tensor, storage, channels }];
      }),
    );
    const viewOf = (tensor: string): TensorView => {
      const view = views.get(tensor);
      if (view === undefined) throw new Error(`tensor '${tensor}' is not laid out`);
      return view;
    };
    const operations = this.#operations.map(({ operation, leaf }): Operation => {
      const residual = operation.residual === undefined ? undefined : viewOf(operation.residual);
      const output = viewOf(operation.output);
      return {
        ...operation,
        input: viewOf(operation.input),
        residual,
        output,
        ...this.#target(leaf, output),
        residualGroup: residual === undefined ? 0 : this.#residualGroup(residual),
      };
    });
    return { operations, views };
  }

  /** The input of an operation, or a copy: a convolution has one weight for each place that it reads. */
  #readable({ name, layers, input, groups, inputShape }: LogicalOperation): string {
    if (groups === inputShape.channels || isInjective(this.#view(input))) return input;
    return this.#copy(name, layers, input, "in order");
  }

  /** A tensor to be added, or a copy that lies in consecutive channel groups. */
  #addable({ name, layers }: LogicalOperation, residual: string): string {
    if (residualOrder(this.#geometry, this.#view(residual)) !== undefined) return residual;
    return this.#copy(name, layers, residual, "added");
  }

  #copy(layer: string, layers: readonly string[], tensor: string, what: string): string {
    const copy = `${tensor} ${what} for ${layer}`;
    this.#push({ ...copyOperation(layer, tensor, copy, this.#shape(tensor)), layers: layers.slice(-1) });
    return copy;
  }

  #push(operation: LogicalOperation): void {
    const node = this.#nodes.get(operation.output);
    const leaf = node?.kind === "leaf" ? node : newLeaf(operation.output);
    const { channels, height, width } = operation.outputShape;
    const scale = outputScale(operation);
    this.#shapes.set(operation.output, { channels, height: scale * height, width: scale * width });
    leaf.pitch = scale * this.#geometry.lineWords(width);
    this.#write(leaf, this.#positions(operation));
    this.#operations.push({ operation, leaf });
  }

  /** Physical order of an operation's output. */
  #positions({ input, residual, groups, inputShape, outputShape }: LogicalOperation): Int32Array {
    const { channels } = outputShape;
    const added = residual === undefined ? undefined : residualOrder(this.#geometry, this.#view(residual));
    if (added !== undefined) return added;
    const separate = groups === inputShape.channels && channels === groups;
    return separate ? compactOrder(this.#geometry, this.#view(input)) : inOrder(channels);
  }

  #target(leaf: Leaf, { storage }: TensorView): Pick<Operation, "part" | "outputs"> {
    const part = storage.parts.find(({ tensor }) => tensor === leaf.tensor);
    if (part === undefined) throw new Error(`tensor '${leaf.tensor}' has no part`);
    const outputs = new Int32Array(part.channels).fill(-1);
    leaf.positions?.forEach((position, channel) => {
      outputs[position] = channel;
    });
    return { part, outputs };
  }

  /** The first channel group of a tensor added, at a whole block. */
  #residualGroup({ channels }: TensorView): number {
    const { lanes, wordsPerBlock } = this.#geometry;
    const block = lanes * wordsPerBlock;
    return Math.floor(Math.min(...channels) / block) * wordsPerBlock;
  }

  #view(tensor: string): LooseView {
    const known = this.#views.get(tensor);
    if (known !== undefined) return known;
    const choice = this.#lowered.choices.get(tensor);
    if (choice === undefined) throw new Error(`tensor '${tensor}' is read before it is made`);
    const { leaves, positions } = this.#view(choice.input);
    const { order } = choice;
    const view = {
      leaves: Array.from(order, (channel) => leaves[channel]),
      positions: order.map((channel) => positions[channel]),
    };
    this.#views.set(tensor, view);
    this.#shapes.set(tensor, { ...this.#shape(choice.input), channels: order.length });
    return view;
  }

  #shape(tensor: string): FeatureShape {
    this.#view(tensor);
    const shape = this.#shapes.get(tensor);
    if (shape === undefined) throw new Error(`tensor '${tensor}' has no shape`);
    return shape;
  }

  #write(leaf: Leaf, positions: Int32Array): void {
    leaf.positions = positions;
    this.#views.set(leaf.tensor, { leaves: new Array<Leaf>(positions.length).fill(leaf), positions });
  }
}
