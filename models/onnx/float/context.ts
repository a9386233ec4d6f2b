import type { FloatNetwork, FloatParameters, Int8Node } from "../../graph/index.ts";
import { nodeOutputShape } from "../../graph/index.ts";
import type { FeatureShape } from "../../ir/network.ts";
import { formatShape } from "../../ir/shape.ts";
import type { GraphInput } from "../graph-input.ts";
import type { NodeView } from "../node.ts";
import type { Graph } from "../proto.ts";
import { ReadScope } from "../scope.ts";

/** A node that later ones (BatchNormalization, Relu) may still be folded into. */
export interface Draft {
  node: Int8Node;
  parameters?: FloatParameters;
}

/** What the readers of float operators share: nodes read so far, and which of them makes each ONNX tensor. */
export class FloatContext extends ReadScope {
  readonly #input: GraphInput;
  readonly #drafts: Draft[] = [];
  readonly #makers = new Map<string, Draft>();
  readonly #shapes = new Map<string, FeatureShape>();
  readonly #readers = new Map<string, number>();

  constructor(file: string, graph: Graph, input: GraphInput) {
    super(file, graph);
    this.#input = input;
    this.#shapes.set(input.name, input.shape);
    for (const node of graph.node ?? [])
      for (const name of node.input ?? []) this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1);
  }

  /** The graph's name for a node input that is made already, and its shape. */
  activation(node: NodeView, index: number): { readonly name: string; readonly shape: FeatureShape } | undefined {
    const onnxName = node.inputName(index);
    const name = this.nameOf(onnxName);
    const shape = name === undefined ? undefined : this.#shapes.get(name);
    if (name !== undefined && shape !== undefined) return { name, shape };
    if (this.isLost(onnxName)) return undefined;
    return node.report("undefined-input", `input ${index} '${onnxName}' is not made by an earlier node`);
  }

  /** The graph's name for an ONNX tensor, if it is made already. */
  nameOf(onnxName: string): string | undefined {
    return onnxName === this.#input.name ? onnxName : this.#makers.get(onnxName)?.node.name;
  }

  /**
   * The node whose result is input 0, to fold an operator into. It must be of one of the given kinds and nothing else
   * may read its result.
   */
  foldable(node: NodeView, kinds: readonly Int8Node["kind"][]): Draft | undefined {
    const name = node.inputName(0);
    const draft = this.#makers.get(name);
    if (draft !== undefined && kinds.includes(draft.node.kind) && this.#readers.get(name) === 1) return draft;
    if (this.isLost(name)) return undefined;
    const made = draft === undefined ? "is not made by an earlier node" : `comes from a ${draft.node.kind} node`;
    const why = draft !== undefined && kinds.includes(draft.node.kind) ? "is read by other nodes too" : made;
    return node.report("fold", `input '${name}' ${why}`, `${node.operator} must directly follow ${kinds.join(" or ")}`);
  }

  /** Adds a node that makes the ONNX node's output. */
  add(view: NodeView, node: Int8Node, input: FeatureShape, parameters?: FloatParameters): void {
    const shape = nodeOutputShape(node, input);
    if (shape.height < 1 || shape.width < 1)
      view.report("shape", `its kernel is larger than its padded input ${formatShape(input)}`);
    if (this.#shapes.has(node.name)) view.report("duplicate-name", `two nodes are named '${node.name}'`);
    const draft: Draft = parameters === undefined ? { node } : { node, parameters };
    this.#drafts.push(draft);
    this.#shapes.set(node.name, shape);
    this.#makers.set(view.output, draft);
  }

  /** Notes that an ONNX tensor is the (changed) result of a node that was read before. */
  alias(view: NodeView, draft: Draft): void {
    this.#makers.set(view.output, draft);
  }

  /** The node that makes an ONNX tensor. */
  makerOf(onnxName: string): Draft | undefined {
    return this.#makers.get(onnxName);
  }

  /** The network of all nodes read. */
  network(name: string, outputs: readonly string[]): FloatNetwork {
    const nodes = this.#drafts.map((draft) => draft.node);
    const { name: input, shape: inputShape } = this.#input;
    const parameters = new Map<string, FloatParameters>();
    for (const draft of this.#drafts)
      if (draft.parameters !== undefined) parameters.set(draft.node.name, draft.parameters);
    return { graph: { name, input, inputShape, outputs, nodes }, parameters };
  }
}
