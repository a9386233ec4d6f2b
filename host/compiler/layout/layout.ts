import type { TensorInfo } from "../../../models/ir/network.ts";
import type { Geometry } from "../geometry.ts";
import type { LogicalOperation, Operation } from "../lower/operation.ts";
import { type LayoutNode, type Leaf, type LooseView, newLeaf, rootOf, storageOf } from "./nodes.ts";
import { compactOrder, inOrder, isInjective, residualOrder } from "./positions.ts";
import type { Storage, TensorView } from "./storage.ts";

/** A network's operations with every tensor laid out. */
export interface Layout {
  readonly operations: readonly Operation[];
  /** Every tensor that exists, the network's input included. */
  readonly views: ReadonlyMap<string, TensorView>;
}

/** Gives every tensor of lowered operations a place in a storage (docs/COMPILER.md). */
export function layOut(geometry: Geometry, input: TensorInfo, operations: readonly LogicalOperation[]): Layout {
  const layouter = new Layouter(geometry, input);
  for (const operation of operations) layouter.add(operation);
  return layouter.finish();
}

class Layouter {
  readonly #geometry: Geometry;
  readonly #views = new Map<string, LooseView>();
  readonly #operations: { readonly operation: LogicalOperation; readonly leaf: Leaf }[] = [];

  constructor(geometry: Geometry, input: TensorInfo) {
    this.#geometry = geometry;
    this.#write(newLeaf(input.name, input.shape), inOrder(input.shape.channels));
  }

  add(operation: LogicalOperation): void {
    const leaf = newLeaf(operation.output, operation.outputShape);
    this.#write(leaf, this.#positions(operation));
    this.#operations.push({ operation, leaf });
  }

  finish(): Layout {
    const storages = new Map<LayoutNode, Storage>();
    const storageFor = (leaf: Leaf): Storage => {
      const root = rootOf(leaf);
      const storage = storages.get(root) ?? storageOf(this.#geometry, root);
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

  /** Physical order of an operation's output. */
  #positions({ input, residual, groups, inputShape, outputShape }: LogicalOperation): Int32Array {
    const { channels } = outputShape;
    if (residual !== undefined) {
      const order = residualOrder(this.#geometry, this.#view(residual));
      if (order === undefined) throw new Error(`tensor '${residual}' cannot be added where it lies`);
      return order;
    }
    const view = this.#view(input);
    const separate = groups === inputShape.channels && channels === groups;
    return separate && isInjective(view) ? compactOrder(this.#geometry, view) : inOrder(channels);
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
    const view = this.#views.get(tensor);
    if (view === undefined) throw new Error(`tensor '${tensor}' is read before it is made`);
    return view;
  }

  #write(leaf: Leaf, positions: Int32Array): void {
    leaf.positions = positions;
    this.#views.set(leaf.tensor, { leaves: new Array<Leaf>(positions.length).fill(leaf), positions });
  }
}
